package dev.windlass.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.JobOperation;
import dev.windlass.JobQuery;
import dev.windlass.Managed;
import dev.windlass.Page;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import dev.windlass.error.ValidationException;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The values of requests and answers as JSON, both ways. */
final class Wire {

  /** The version of the protocol. A client and a host that have not the same do not go on. */
  static final int VERSION = 1;

  /** Of a request; the longest is a cluster's description. */
  static final int MOST_REQUEST_BYTES = 1 << 20;

  /** Of an answer; the longest is a page of refusals. */
  static final int MOST_ANSWER_BYTES = 16 << 20;

  /** In place of an {@link ErrorCode}: the request has a value out of its range. */
  private static final String ILLEGAL_ARGUMENT = "ILLEGAL_ARGUMENT";

  /** What people are told may be long. */
  private static final int MOST_TEXT = 4_000;

  private Wire() {}

  static ObjectNode greeting() {
    return Document.object().put("windlass", "control").put("version", VERSION);
  }

  static ObjectNode operation(JobOperation operation) {
    ObjectNode object = Document.object().put("kind", operation.kind().name());
    if (operation instanceof JobOperation.SetPriority to) {
      object.put("priority", to.priority());
    } else if (operation instanceof JobOperation.RestartFrom from) {
      object.put("task", from.task().value());
    }
    return object;
  }

  static JobOperation operation(Document document) {
    JobOperation operation =
        switch (constant(JobOperation.Kind.class, document.text("kind"))) {
          case STOP -> new JobOperation.Stop();
          case PAUSE -> new JobOperation.Pause();
          case RESUME -> new JobOperation.Resume();
          case SET_PRIORITY -> new JobOperation.SetPriority(document.integer("priority"));
          case RESTART -> new JobOperation.Restart();
          case RESTART_FAILED -> new JobOperation.RestartFailed();
          case RESTART_FROM -> new JobOperation.RestartFrom(new TaskName(document.text("task")));
          case DELETE -> new JobOperation.Delete();
        };
    document.finish();
    return operation;
  }

  static ObjectNode query(JobQuery query) {
    ObjectNode object = Document.object().put("limit", query.limit());
    ArrayNode states = object.putArray("states");
    query.states().forEach(state -> states.add(state.name()));
    query.name().ifPresent(name -> object.put("name", name));
    query.createdFrom().ifPresent(time -> object.put("createdFrom", time.toString()));
    query.createdBefore().ifPresent(time -> object.put("createdBefore", time.toString()));
    query.owner().ifPresent(owner -> object.put("owner", owner));
    ObjectNode labels = object.putObject("labels");
    query.labels().forEach(labels::put);
    query.after().ifPresent(marker -> object.put("after", marker));
    return object;
  }

  static JobQuery query(Document document) {
    Set<State> states = EnumSet.noneOf(State.class);
    document.texts("states").forEach(name -> states.add(constant(State.class, name)));
    JobQuery query =
        new JobQuery(
            states,
            document.optionalText("name"),
            document.optionalText("createdFrom").map(Wire::time),
            document.optionalText("createdBefore").map(Wire::time),
            document.optionalText("owner"),
            document.map("labels"),
            document.integer("limit"),
            document.optionalText("after"));
    document.finish();
    return query;
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw Document.malformed("a time is as in ISO 8601, in UTC");
    }
  }

  static ObjectNode managed(Page<Managed> page) {
    ObjectNode object = Document.object();
    ArrayNode all = object.putArray("managed");
    for (Managed each : page.items()) {
      ObjectNode one = all.addObject().put("job", each.job().value());
      each.refusal().ifPresent(refusal -> one.set("refused", refusal(refusal)));
    }
    page.next().ifPresent(marker -> object.put("next", marker));
    return object;
  }

  static Page<Managed> managed(Document document) {
    List<Managed> managed =
        document.documents("managed").stream()
            .map(
                each ->
                    new Managed(
                        new JobId(each.text("job")),
                        each.has("refused")
                            ? Optional.of(refusal(each.document("refused")))
                            : Optional.empty()))
            .toList();
    return new Page<>(managed, document.optionalText("next"));
  }

  static ObjectNode refusal(EngineException e) {
    ObjectNode object =
        Document.object()
            .put("code", e.code().name())
            .put("subject", shortened(e.subject()))
            .put("message", shortened(String.valueOf(e.getMessage())));
    if (e instanceof ValidationException refusal) {
      ArrayNode faults = object.putArray("faults");
      for (Fault fault : refusal.faults()) {
        faults
            .addObject()
            .put("code", fault.code().name())
            .put("path", shortened(fault.path()))
            .put("value", fault.value())
            .put("rule", shortened(fault.rule()));
      }
    }
    return object;
  }

  static ObjectNode refusal(IllegalArgumentException e) {
    return Document.object()
        .put("code", ILLEGAL_ARGUMENT)
        .put("subject", "")
        .put("message", shortened(String.valueOf(e.getMessage())));
  }

  /**
   * What a host threw.
   *
   * @throws IllegalArgumentException if it threw that
   */
  static EngineException refusal(Document document) {
    String code = document.text("code");
    String subject = document.text("subject");
    String message = document.text("message");
    if (code.equals(ILLEGAL_ARGUMENT)) {
      throw new IllegalArgumentException(message);
    }
    List<Fault> faults =
        document.documents("faults").stream()
            .map(
                fault ->
                    new Fault(
                        code(fault.text("code")),
                        fault.text("path"),
                        fault.text("value"),
                        fault.text("rule")))
            .toList();
    return faults.isEmpty()
        ? new EngineException(code(code), subject, message)
        : new ValidationException(subject, faults);
  }

  /** A host that is newer may have codes that are not known here. */
  private static ErrorCode code(String name) {
    return Arrays.stream(ErrorCode.values())
        .filter(code -> code.name().equals(name))
        .findFirst()
        .orElse(ErrorCode.INTERNAL);
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Document.malformed(
                    "there is no " + type.getSimpleName() + " '" + shortened(name) + "'"));
  }

  static String shortened(String text) {
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "...";
  }
}
