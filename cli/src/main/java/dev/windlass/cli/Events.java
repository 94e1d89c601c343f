package dev.windlass.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.windlass.JobOperation;
import dev.windlass.event.Event;
import dev.windlass.event.EventFilter;
import dev.windlass.event.Notification;
import dev.windlass.event.RecordedEvent;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.webhook.EventJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Events as people and machines read them. */
final class Events {

  private static final JsonMapper MAPPER = new JsonMapper();

  private Events() {}

  /** As the webhook sends it. */
  static JsonNode json(RecordedEvent recorded) {
    try {
      return MAPPER.readTree(EventJson.of(recorded));
    } catch (IOException e) {
      throw new AssertionError("an event is written as JSON", e);
    }
  }

  /**
   * One line.
   *
   * @param withJob whether it tells of which job it is
   */
  static String line(RecordedEvent recorded, boolean withJob) {
    Event event = recorded.event();
    String job = withJob && event instanceof Event.JobEvent of ? of.job().value() + "  " : "";
    return "%8d  %s  %s%s"
        .formatted(recorded.position(), Words.time(Optional.of(event.at())), job, text(event));
  }

  private static String text(Event event) {
    return switch (event.kind()) {
      case JOB_CHANGED -> {
        Event.JobChanged changed = (Event.JobChanged) event;
        yield "job " + changed.state().serviceName() + because(changed.message());
      }
      case JOB_OPERATED -> {
        Event.JobOperated operated = (Event.JobOperated) event;
        yield "user " + operation(operated.operation()) + because(operated.reason());
      }
      case JOB_DELETED -> "job Deleted";
      case TASK_CHANGED -> {
        Event.TaskChanged changed = (Event.TaskChanged) event;
        yield "task " + changed.task() + " " + changed.state().serviceName();
      }
      case INSTANCE_CHANGED -> {
        Event.InstanceChanged changed = (Event.InstanceChanged) event;
        yield "instance "
            + name(changed.instance())
            + " "
            + changed.state().serviceName()
            + changed.outcome().map(outcome -> because(outcome.describe())).orElse("");
      }
      case ATTEMPT_STARTED -> {
        Event.AttemptStarted started = (Event.AttemptStarted) event;
        yield name(started.attempt()) + " started on " + started.node();
      }
      case ATTEMPT_ENDED -> {
        Event.AttemptEnded ended = (Event.AttemptEnded) event;
        yield name(ended.attempt()) + " ended" + because(ended.outcome().describe());
      }
      case CLUSTER_CHANGED -> {
        Event.ClusterChanged changed = (Event.ClusterChanged) event;
        yield "cluster " + changed.cluster() + " " + changed.state().serviceName();
      }
      case NODE_CHANGED -> {
        Event.NodeChanged changed = (Event.NodeChanged) event;
        yield "node "
            + changed.cluster()
            + "/"
            + changed.node()
            + " "
            + changed.state().serviceName()
            + because(changed.message());
      }
    };
  }

  private static String operation(JobOperation operation) {
    String verb = operation.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    if (operation instanceof JobOperation.SetPriority to) {
      return verb + " to " + to.priority();
    }
    return operation instanceof JobOperation.RestartFrom from ? verb + " " + from.task() : verb;
  }

  private static String name(InstanceId instance) {
    return instance.task() + "/" + instance.index();
  }

  private static String name(AttemptId attempt) {
    return "attempt " + attempt.number() + " of " + name(attempt.instance());
  }

  /** On one line, whatever it holds. */
  private static String because(String text) {
    return text.isBlank() ? "" : ": " + text.strip().replaceAll("\\R", " ");
  }

  /** Only events of some kinds, or of some of the service's names. */
  static EventFilter ofTypes(EventFilter filter, List<String> types) {
    if (types.isEmpty()) {
      return filter;
    }
    List<Event.Kind> kinds =
        Arrays.stream(Event.Kind.values()).filter(kind -> isAmong(kind.name(), types)).toList();
    List<Notification> names =
        Arrays.stream(Notification.values())
            .filter(name -> isAmong(name.serviceName(), types))
            .toList();
    if (kinds.size() == types.size()) {
      return filter.ofKinds(kinds.toArray(Event.Kind[]::new));
    } else if (names.size() == types.size()) {
      return filter.named(names.toArray(Notification[]::new));
    } else if (kinds.size() + names.size() == types.size()) {
      throw new UsageException("give kinds of events or names of the service, not both");
    }
    throw new UsageException(
        "--type is one of "
            + Arrays.stream(Event.Kind.values()).map(Enum::name).collect(Collectors.joining(", "))
            + ", or one of "
            + Arrays.stream(Notification.values())
                .map(Notification::serviceName)
                .collect(Collectors.joining(", ")));
  }

  private static boolean isAmong(String name, List<String> types) {
    return types.stream().anyMatch(name::equalsIgnoreCase);
  }
}
