package dev.windlass.cli;

import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.Outcome;
import dev.windlass.why.Holder;
import dev.windlass.why.InstanceExplanation;
import dev.windlass.why.JobExplanation;
import dev.windlass.why.Precedence;
import dev.windlass.why.Predecessor;
import dev.windlass.why.Reason;
import dev.windlass.why.Remedy;
import dev.windlass.why.Shortage;
import dev.windlass.why.TaskExplanation;
import dev.windlass.why.TaskExplanation.Group;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why something does not run, in sentences. */
final class Reasons {
  private static final int MOST_SHOWN = 3;

  private final PrintStream out;

  Reasons(PrintStream out) {
    this.out = out;
  }

  void tell(JobExplanation job) {
    out.println(job.job().toString());
    job.tasks().forEach(this::tell);
  }

  void tell(TaskExplanation task) {
    out.println("task '" + task.task() + "'");
    for (Group group : task.groups()) {
      String which =
          group.example().isEmpty()
              ? ""
              : group.count() == 1
                  ? " (" + group.example().getAsInt() + ")"
                  : " (such as " + group.example().getAsInt() + ")";
      out.println("  " + Words.count(group.count(), "instance") + which + ":");
      tell(group.reasons(), group.remedies());
    }
  }

  void tell(InstanceExplanation instance) {
    out.println(
        "instance "
            + instance.instance().index()
            + " of task '"
            + instance.instance().task()
            + "'");
    tell(instance.reasons(), instance.remedies());
  }

  private void tell(List<Reason> reasons, List<Remedy> remedies) {
    reasons.forEach(reason -> out.println("    " + text(reason)));
    remedies.forEach(remedy -> out.println("    -> " + text(remedy)));
  }

  static String text(Reason reason) {
    return switch (reason.kind()) {
      case ENDED -> ended((Reason.Ended) reason);
      case RUNNING -> running((Reason.Running) reason);
      case JOB_PAUSED -> paused((Reason.JobPaused) reason);
      case JOB_IS_ENDING -> "its job is about to end: " + ((Reason.JobIsEnding) reason).message();
      case WAITS_FOR_TASKS ->
          "waits for "
              + ((Reason.WaitsForTasks) reason)
                  .tasks().stream().map(Reasons::text).collect(Collectors.joining(", "));
      case WAITS_FOR_INSTANCES ->
          "waits for " + instances(((Reason.WaitsForInstances) reason).instances());
      case LEFT_OUT ->
          "never begins, because of " + instances(((Reason.LeftOut) reason).instances());
      case NOT_YET_RECORDED -> "what it follows from is on its way to the state store";
      case BACKS_OFF -> {
        Reason.BacksOff pause = (Reason.BacksOff) reason;
        yield "pauses until "
            + Words.time(Optional.of(pause.until()))
            + "; its last attempt "
            + pause.after().describe();
      }
      case EARLIER_INSTANCES ->
          Words.count(((Reason.EarlierInstances) reason).count(), "instance")
              + " of the same task come first";
      case EXECUTOR_NOT_READY -> notReady(((Reason.ExecutorNotReady) reason).executor());
      case NO_NODES -> {
        Reason.NoNodes none = (Reason.NoNodes) reason;
        yield "no node of executor '"
            + none.executor()
            + "' in cluster '"
            + none.cluster()
            + "' takes work";
      }
      case JOB_CAP_REACHED -> {
        Reason.JobCapReached cap = (Reason.JobCapReached) reason;
        yield cap.running() + " instances of the job run, and no more than " + cap.most() + " may";
      }
      case TASK_CAP_REACHED -> {
        Reason.TaskCapReached cap = (Reason.TaskCapReached) reason;
        yield cap.running() + " instances of the task run, and no more than " + cap.most() + " may";
      }
      case TOO_LARGE -> {
        Reason.TooLarge large = (Reason.TooLarge) reason;
        yield "fits on no node, even an empty one; the nearest is "
            + large.node()
            + shortages(large.shortages());
      }
      case NAMED_RESOURCES_SHORT -> {
        Reason.NamedResourcesShort lacking = (Reason.NamedResourcesShort) reason;
        yield "there is too little"
            + shortages(lacking.shortages())
            + holders(lacking.holders(), lacking.moreHolders());
      }
      case NODE_RESERVED -> {
        Reason.NodeReserved kept = (Reason.NodeReserved) reason;
        yield "would fit on node "
            + kept.node()
            + ", which is kept for task '"
            + kept.task()
            + "' of "
            + kept.job();
      }
      case RESOURCES_SHORT -> {
        Reason.ResourcesShort lacking = (Reason.ResourcesShort) reason;
        yield "no node has room; nearest is "
            + lacking.node()
            + shortages(lacking.shortages())
            + holders(lacking.holders(), lacking.moreHolders());
      }
      case HOLDS_RESERVATION ->
          ((Reason.HoldsReservation) reason)
                  .node()
                  .map(node -> "node " + node)
                  .orElse("what it needs of named resources")
              + " is kept for its task";
      case OTHERS_FIRST -> others((Reason.OthersFirst) reason);
      case NOT_LOOKED_AT ->
          "more than "
              + ((Reason.NotLookedAt) reason).depth()
              + " tasks that fit nowhere come first";
      case STORE_BEHIND -> "too much is on its way to the state store";
      case NOTHING_IN_THE_WAY -> "nothing is in the way; it begins as soon as an engine runs";
    };
  }

  private static String instances(List<InstanceId> instances) {
    return instances.stream()
        .map(each -> "instance " + each.index() + " of task '" + each.task() + "'")
        .collect(Collectors.joining(", "));
  }

  private static String ended(Reason.Ended ended) {
    return "has ended: "
        + ended.state().serviceName()
        + ended.at().map(at -> " at " + Words.time(Optional.of(at))).orElse("")
        + ended.outcome().map(Outcome::describe).map(text -> ", " + text).orElse("");
  }

  private static String running(Reason.Running running) {
    return "runs on node "
        + running.node()
        + running
            .since()
            .map(since -> " since " + Words.time(Optional.of(since)))
            .orElse("; it is being started");
  }

  private static String text(Predecessor before) {
    return "task '"
        + before.task()
        + "' ("
        + before.state().serviceName()
        + ", "
        + before.waiting()
        + " waiting, "
        + before.running()
        + " running)";
  }

  private static String notReady(String executor) {
    return executor.isEmpty()
        ? "its executor is not known here"
        : "executor '" + executor + "' is not ready, or not known here";
  }

  private static String shortages(List<Shortage> shortages) {
    return shortages.stream()
        .map(
            each ->
                "; asks for "
                    + amount(each.resource(), each.asked())
                    + ", "
                    + amount(each.resource(), each.free())
                    + " of "
                    + amount(each.resource(), each.capacity())
                    + " free")
        .collect(Collectors.joining());
  }

  private static String holders(List<Holder> holders, int more) {
    if (holders.isEmpty()) {
      return "";
    }
    String shown =
        holders.stream()
            .limit(MOST_SHOWN)
            .map(Holder::attempt)
            .map(AttemptId::toString)
            .collect(Collectors.joining(", "));
    int rest = holders.size() + more - MOST_SHOWN;
    return "; held by " + shown + (rest > 0 ? " and " + rest + " more" : "");
  }

  private static String others(Reason.OthersFirst others) {
    String count = (others.more() ? "more than " : "") + Words.count(others.count(), "other task");
    return count
        + " first: '"
        + others.task()
        + "' of "
        + others.job()
        + ", because of "
        + text(others.because());
  }

  private static String paused(Reason.JobPaused paused) {
    return "its job is " + Words.paused(paused.reason());
  }

  private static String text(Precedence precedence) {
    return switch (precedence) {
      case RESERVATION -> "what is kept for it";
      case PRIORITY -> "its higher priority";
      case SHARE -> "the smaller share that it uses";
      case SUBMISSION -> "its earlier submission";
      case PATH -> "its longer path to the end of the job";
    };
  }

  static String text(Remedy remedy) {
    return switch (remedy.kind()) {
      case WAIT -> "begins at " + Words.time(Optional.of(((Remedy.Wait) remedy).until()));
      case RESUME -> "would begin if its job were resumed";
      case RAISE_TASK_CAP ->
          "would begin if "
              + ((Remedy.RaiseTaskCap) remedy).to()
              + " instances of the task might run";
      case RAISE_JOB_CAP ->
          "would begin if "
              + ((Remedy.RaiseJobCap) remedy).to()
              + " instances of the job might run";
      case RAISE_PRIORITY ->
          "would begin if the priority of its job were " + ((Remedy.RaisePriority) remedy).to();
      case RAISE_NAMED_RESOURCE -> {
        Remedy.RaiseNamedResource more = (Remedy.RaiseNamedResource) remedy;
        yield "would begin if there were " + more.to() + " of " + more.name();
      }
      case END_ATTEMPTS ->
          "would begin if this had ended: "
              + ((Remedy.EndAttempts) remedy)
                  .attempts().stream().map(AttemptId::toString).collect(Collectors.joining(", "));
      case ENLARGE_NODE -> {
        Remedy.EnlargeNode more = (Remedy.EnlargeNode) remedy;
        yield "would begin if node " + more.node() + " offered this more: " + more.by();
      }
    };
  }

  private static String amount(String resource, long amount) {
    return switch (resource) {
      case "cpus" -> BigDecimal.valueOf(amount, 3).stripTrailingZeros().toPlainString() + " cpus";
      case "memory", "disk" -> amount + " bytes of " + resource;
      default -> amount + " " + resource;
    };
  }
}
