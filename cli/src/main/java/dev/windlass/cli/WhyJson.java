package dev.windlass.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.job.InstanceId;
import dev.windlass.job.Resources;
import dev.windlass.why.Holder;
import dev.windlass.why.InstanceExplanation;
import dev.windlass.why.JobExplanation;
import dev.windlass.why.Reason;
import dev.windlass.why.Remedy;
import dev.windlass.why.Shortage;
import dev.windlass.why.TaskExplanation;
import java.util.List;

/**
 * Explanations as {@code --json} prints them. Each reason and remedy has its {@code kind}, its
 * parts, and the sentence for people as {@code text}.
 */
final class WhyJson {

  private WhyJson() {}

  static ObjectNode of(JobExplanation job) {
    ObjectNode object = begin(job.job().value());
    ArrayNode tasks = object.putArray("tasks");
    job.tasks().forEach(task -> tasks.add(groups(Json.object(), task)));
    return object;
  }

  static ObjectNode of(TaskExplanation task) {
    return groups(begin(task.job().value()), task);
  }

  static ObjectNode of(InstanceExplanation instance) {
    ObjectNode object =
        begin(instance.instance().job().value())
            .put("task", instance.instance().task().value())
            .put("index", instance.instance().index());
    return because(object, instance.reasons(), instance.remedies());
  }

  private static ObjectNode begin(String job) {
    return Json.object().put("jobId", job).put("asOf", "last durable moment");
  }

  private static ObjectNode groups(ObjectNode object, TaskExplanation task) {
    object.put("task", task.task().value());
    ArrayNode groups = object.putArray("groups");
    for (TaskExplanation.Group group : task.groups()) {
      ObjectNode one = groups.addObject().put("instances", group.count());
      group.example().ifPresent(index -> one.put("example", index));
      because(one, group.reasons(), group.remedies());
    }
    return object;
  }

  private static ObjectNode because(
      ObjectNode object, List<Reason> reasons, List<Remedy> remedies) {
    ArrayNode told = object.putArray("reasons");
    reasons.forEach(reason -> told.add(of(reason)));
    ArrayNode changes = object.putArray("remedies");
    remedies.forEach(remedy -> changes.add(of(remedy)));
    return object;
  }

  private static void instances(ObjectNode object, List<InstanceId> instances) {
    ArrayNode all = object.putArray("instances");
    instances.forEach(
        each -> all.addObject().put("task", each.task().value()).put("instance", each.index()));
  }

  private static ObjectNode of(Reason reason) {
    ObjectNode object =
        Json.object().put("kind", reason.kind().name()).put("text", Reasons.text(reason));
    switch (reason.kind()) {
      case WAITS_FOR_TASKS -> {
        ArrayNode tasks = object.putArray("tasks");
        ((Reason.WaitsForTasks) reason)
            .tasks()
            .forEach(
                before ->
                    tasks
                        .addObject()
                        .put("task", before.task().value())
                        .put("state", before.state().serviceName())
                        .put("waiting", before.waiting())
                        .put("running", before.running()));
      }
      case WAITS_FOR_INSTANCES ->
          instances(object, ((Reason.WaitsForInstances) reason).instances());
      case LEFT_OUT -> instances(object, ((Reason.LeftOut) reason).instances());
      case BACKS_OFF -> {
        Reason.BacksOff pause = (Reason.BacksOff) reason;
        object.put("until", pause.until().toString()).put("after", pause.after().kind().name());
      }
      case RUNNING -> {
        Reason.Running running = (Reason.Running) reason;
        object.put("attempt", running.attempt().toString()).put("node", running.node());
        running.since().ifPresent(since -> object.put("since", since.toString()));
      }
      case ENDED -> object.put("state", ((Reason.Ended) reason).state().serviceName());
      case EARLIER_INSTANCES -> object.put("count", ((Reason.EarlierInstances) reason).count());
      case EXECUTOR_NOT_READY ->
          object.put("executor", ((Reason.ExecutorNotReady) reason).executor());
      case NO_NODES -> {
        Reason.NoNodes none = (Reason.NoNodes) reason;
        object.put("cluster", none.cluster().value()).put("executor", none.executor());
      }
      case JOB_CAP_REACHED -> {
        Reason.JobCapReached cap = (Reason.JobCapReached) reason;
        object.put("most", cap.most()).put("running", cap.running());
      }
      case TASK_CAP_REACHED -> {
        Reason.TaskCapReached cap = (Reason.TaskCapReached) reason;
        object.put("most", cap.most()).put("running", cap.running());
      }
      case TOO_LARGE -> {
        Reason.TooLarge large = (Reason.TooLarge) reason;
        shortages(object.put("node", large.node()), large.shortages());
      }
      case NAMED_RESOURCES_SHORT -> {
        Reason.NamedResourcesShort lacking = (Reason.NamedResourcesShort) reason;
        shortages(object, lacking.shortages());
        holders(object, lacking.holders(), lacking.moreHolders());
      }
      case NODE_RESERVED -> {
        Reason.NodeReserved kept = (Reason.NodeReserved) reason;
        object
            .put("node", kept.node())
            .put("forJobId", kept.job().value())
            .put("forTask", kept.task().value())
            .put("priority", kept.priority());
      }
      case RESOURCES_SHORT -> {
        Reason.ResourcesShort lacking = (Reason.ResourcesShort) reason;
        shortages(object.put("node", lacking.node()), lacking.shortages());
        holders(object, lacking.holders(), lacking.moreHolders());
      }
      case HOLDS_RESERVATION ->
          ((Reason.HoldsReservation) reason).node().ifPresent(node -> object.put("node", node));
      case OTHERS_FIRST -> {
        Reason.OthersFirst others = (Reason.OthersFirst) reason;
        object
            .put("count", others.count())
            .put("more", others.more())
            .put("firstJobId", others.job().value())
            .put("firstTask", others.task().value())
            .put("because", others.because().name());
      }
      case NOT_LOOKED_AT -> object.put("depth", ((Reason.NotLookedAt) reason).depth());
      case JOB_PAUSED -> object.put("message", ((Reason.JobPaused) reason).reason());
      case JOB_IS_ENDING, NOT_YET_RECORDED, STORE_BEHIND, NOTHING_IN_THE_WAY -> {}
    }
    return object;
  }

  private static void holders(ObjectNode object, List<Holder> holders, int more) {
    ArrayNode array = object.putArray("holders");
    holders.forEach(
        holder ->
            resources(
                array.addObject().put("attempt", holder.attempt().toString()), holder.booked()));
    object.put("moreHolders", more);
  }

  private static void shortages(ObjectNode object, List<Shortage> shortages) {
    ArrayNode array = object.putArray("short");
    shortages.forEach(
        each ->
            array
                .addObject()
                .put("resource", each.resource())
                .put("asked", each.asked())
                .put("free", each.free())
                .put("capacity", each.capacity()));
  }

  private static ObjectNode of(Remedy remedy) {
    ObjectNode object =
        Json.object().put("kind", remedy.kind().name()).put("text", Reasons.text(remedy));
    switch (remedy.kind()) {
      case WAIT -> object.put("until", ((Remedy.Wait) remedy).until().toString());
      case RESUME -> {}
      case RAISE_TASK_CAP -> object.put("to", ((Remedy.RaiseTaskCap) remedy).to());
      case RAISE_JOB_CAP -> object.put("to", ((Remedy.RaiseJobCap) remedy).to());
      case RAISE_PRIORITY -> object.put("to", ((Remedy.RaisePriority) remedy).to());
      case RAISE_NAMED_RESOURCE -> {
        Remedy.RaiseNamedResource more = (Remedy.RaiseNamedResource) remedy;
        object.put("name", more.name()).put("to", more.to());
      }
      case END_ATTEMPTS -> {
        ArrayNode attempts = object.putArray("attempts");
        ((Remedy.EndAttempts) remedy).attempts().forEach(each -> attempts.add(each.toString()));
      }
      case ENLARGE_NODE -> {
        Remedy.EnlargeNode more = (Remedy.EnlargeNode) remedy;
        resources(object.put("node", more.node()), more.by());
      }
    }
    return object;
  }

  private static void resources(ObjectNode object, Resources resources) {
    object
        .put("cpuMillis", resources.cpuMillis())
        .put("memoryBytes", resources.memoryBytes())
        .put("diskBytes", resources.diskBytes())
        .put("gpus", resources.gpus());
    if (!resources.named().isEmpty()) {
      ObjectNode named = object.putObject("named");
      resources.named().forEach(named::put);
    }
  }
}
