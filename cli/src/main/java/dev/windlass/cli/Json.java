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
import dev.windlass.cluster.ClusterDescription.Group;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.NodeState;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.error.EngineException;
import dev.windlass.error.Fault;
import dev.windlass.error.ValidationException;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Resources;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
            .put("node", kept.node());
    capacity(object, kept.resources());
    putTime(object, "since", Optional.of(kept.since()));
    kept.directory().ifPresent(directory -> object.put("directory", directory.toString()));
    return object;
  }

  static ObjectNode log(AttemptId attempt, LogKind kind, String text) {
    return object()
        .put("jobId", attempt.job().value())
        .put("task", attempt.instance().task().value())
        .put("index", attempt.instance().index())
        .put("attempt", attempt.number())
        .put("log", kind.name().toLowerCase(Locale.ROOT))
        .put("text", text);
  }

  static ObjectNode cluster(ClusterStatus cluster) {
    ObjectNode object =
        object()
            .put("name", cluster.name().value())
            .put("state", cluster.state().serviceName())
            .put("configured", cluster.configured())
            .put("message", cluster.message());
    putTime(object, "created", cluster.created());
    ObjectNode groups = object.putObject("groups");
    cluster
        .description()
        .groups()
        .forEach(group -> groups.set(group.name(), group(group, cluster.nodes())));
    return object;
  }

  private static ObjectNode group(Group group, Map<String, Map<NodeState, Integer>> nodes) {
    ObjectNode object =
        capacity(object().put("executor", group.executor()), group.perNode())
            .put("wanted", group.nodes());
    group.instanceType().ifPresent(type -> object.put("instanceType", type));
    ObjectNode counts = object.putObject("nodes");
    nodes
        .getOrDefault(group.name(), Map.of())
        .forEach((state, count) -> counts.put(state.serviceName(), count));
    return object;
  }

  static ObjectNode node(NodeStatus node) {
    ObjectNode object =
        object()
            .put("name", node.name())
            .put("group", node.group())
            .put("executor", node.executor())
            .put("state", node.state().serviceName())
            .put("message", node.message());
    putTime(object, "created", node.created());
    return capacity(object, node.capacity());
  }

  private static ObjectNode capacity(ObjectNode object, Resources resources) {
    return object
        .put("cpus", resources.cpuMillis() / 1_000.0)
        .put("memoryBytes", resources.memoryBytes())
        .put("gpus", resources.gpus());
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
