package dev.windlass.testkit.engine;

import dev.windlass.event.Event;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;

/** Events as short lines for people. */
public final class EventText {
  private EventText() {}

  /**
   * One event as a line, without its time and its job's id.
   *
   * @param event any
   * @return for example {@code job FINISHED}, {@code task align RUNNING}, {@code align/3 WAITING},
   *     {@code align/3 attempt 1 started}, {@code align/3 attempt 1 ended: exited with 1}, {@code
   *     cluster render DELETING} or {@code node render.big.1 RUNNING}
   */
  public static String of(Event event) {
    return switch (event.kind()) {
      case JOB_CHANGED -> job((Event.JobChanged) event);
      case JOB_DELETED -> "job deleted";
      case PRIORITY_CHANGED -> "job has priority " + ((Event.PriorityChanged) event).priority();
      case TASK_CHANGED -> {
        Event.TaskChanged changed = (Event.TaskChanged) event;
        yield "task " + changed.task() + " " + changed.state();
      }
      case INSTANCE_CHANGED -> {
        Event.InstanceChanged changed = (Event.InstanceChanged) event;
        yield name(changed.instance()) + " " + changed.state();
      }
      case ATTEMPT_STARTED -> name(((Event.AttemptStarted) event).attempt()) + " started";
      case ATTEMPT_ENDED -> {
        Event.AttemptEnded ended = (Event.AttemptEnded) event;
        yield name(ended.attempt()) + " ended: " + ended.outcome().describe();
      }
      case CLUSTER_CHANGED -> {
        Event.ClusterChanged changed = (Event.ClusterChanged) event;
        yield "cluster " + changed.cluster() + " " + changed.state();
      }
      case NODE_CHANGED -> {
        Event.NodeChanged changed = (Event.NodeChanged) event;
        String why = changed.message().isEmpty() ? "" : ": " + changed.message();
        yield "node " + changed.node() + " " + changed.state() + why;
      }
    };
  }

  private static String job(Event.JobChanged changed) {
    return "job " + changed.state() + (changed.message().isEmpty() ? "" : ": " + changed.message());
  }

  private static String name(InstanceId instance) {
    return instance.task() + "/" + instance.index();
  }

  private static String name(AttemptId attempt) {
    return name(attempt.instance()) + " attempt " + attempt.number();
  }
}
