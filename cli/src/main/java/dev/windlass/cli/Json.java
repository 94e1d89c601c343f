package dev.windlass.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.Counts;
import dev.windlass.InstanceStatus;
import dev.windlass.JobStatus;
import dev.windlass.LogKind;
import dev.windlass.ReservedCapacity;
import dev.windlass.TaskStatus;
import dev.windlass.error.EngineException;
import dev.windlass.error.Fault;
import dev.windlass.error.ValidationException;
import dev.windlass.job.InstanceId;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The objects that {@code --json} prints. Their field names are an interface: they may grow, and
 * none is renamed. States have the service's names, times are ISO 8601 in UTC and absent until they
 * are known.
 */
final class Json {

  private static final JsonMapper MAPPER = new JsonMapper();

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** One object on one line. */
  static void print(PrintStream out, ObjectNode object) {
    try {
      out.println(MAPPER.writeValueAsString(object));
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of values can always be written", e);
    }
  }

  static ObjectNode job(JobStatus job) {
    ObjectNode object =
        object()
            .put("jobId", job.id().value())
            .put("name", job.name())
            .put("state", job.state().serviceName())
            .put("message", job.message())
            .put("paused", job.paused().orElse(null))
            .put("owner", job.owner().orElse(null))
            .put("priority", job.priority());
    putTime(object, "created", Optional.of(job.created()));
    putTime(object, "started", job.started());
    putTime(object, "ended", job.ended());
    object.set("instances", counts(object(), job.instances()));
    return object;
  }

  static ObjectNode job(JobStatus job, List<TaskStatus> tasks) {
    ObjectNode object = job(job);
    ObjectNode all = object.putObject("tasks");
    tasks.forEach(task -> all.set(task.name().value(), task(task)));
    return object;
  }

  private static ObjectNode task(TaskStatus task) {
    ObjectNode object = object().put("state", task.state().serviceName());
    counts(object, task.instances());
    putTime(object, "started", task.started());
    putTime(object, "ended", task.ended());
    return object;
  }

  static ObjectNode instance(InstanceStatus instance) {
    ObjectNode object =
        object()
            .put("index", instance.id().index())
            .put("state", instance.state().serviceName())
            .put("attempts", instance.attempts())
            .put("retries", instance.retries())
            .put("node", instance.node());
    putTime(object, "started", instance.started());
    putTime(object, "ended", instance.ended());
    instance
        .outcome()
        .ifPresent(
            outcome -> {
              object.put("outcome", outcome.kind().name());
              object.put("outcomeText", outcome.describe());
            });
    instance.progress().ifPresent(percent -> object.put("progress", percent));
    return object;
  }

  static ObjectNode reserved(ReservedCapacity kept) {
    ObjectNode object =
        object()
            .put("jobId", kept.instance().job().value())
            .put("task", kept.instance().task().value())
            .put("index", kept.instance().index())
            .put("node", kept.node())
            .put("cpus", kept.resources().cpuMillis() / 1_000.0)
            .put("memoryBytes", kept.resources().memoryBytes())
            .put("gpus", kept.resources().gpus());
    putTime(object, "since", Optional.of(kept.since()));
    kept.directory().ifPresent(directory -> object.put("directory", directory.toString()));
    return object;
  }

  static ObjectNode log(InstanceId instance, LogKind kind, String text) {
    return object()
        .put("jobId", instance.job().value())
        .put("task", instance.task().value())
        .put("index", instance.index())
        .put("log", kind.name().toLowerCase(Locale.ROOT))
        .put("text", text);
  }

  private static ObjectNode counts(ObjectNode object, Counts counts) {
    return object
        .put("waiting", counts.waiting())
        .put("running", counts.running())
        .put("finished", counts.finished())
        .put("failed", counts.failed())
        .put("stopped", counts.stopped());
  }

  private static void putTime(ObjectNode object, String field, Optional<Instant> time) {
    time.ifPresent(instant -> object.put(field, instant.toString()));
  }

  static ArrayNode faults(List<Fault> faults) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Fault fault : faults) {
      array
          .addObject()
          .put("code", fault.code().name())
          .put("path", fault.path())
          .put("value", fault.value())
          .put("rule", fault.rule());
    }
    return array;
  }

  static ObjectNode error(String code, EngineException e) {
    ObjectNode error =
        object().put("code", code).put("message", Objects.requireNonNullElse(e.getMessage(), ""));
    error.set(
        "faults", faults(e instanceof ValidationException refusal ? refusal.faults() : List.of()));
    ObjectNode object = object();
    object.set("error", error);
    return object;
  }
}
