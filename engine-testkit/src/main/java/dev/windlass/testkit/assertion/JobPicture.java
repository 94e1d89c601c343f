package dev.windlass.testkit.assertion;

import dev.windlass.AttemptStatus;
import dev.windlass.Counts;
import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobStatus;
import dev.windlass.TaskStatus;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How a job stands, for people who read why an assertion failed. */
final class JobPicture {

  /** So many failed instances of a task are shown; the counts tell of the others. */
  private static final int MOST_INSTANCES = 3;

  private JobPicture() {}

  /** The job, its tasks, and the attempts of instances that failed. */
  static String of(Engine engine, JobId job) {
    StringBuilder text = new StringBuilder(line(engine.job(job)));
    for (TaskStatus task : engine.tasks(job)) {
      text.append("\n  task '").append(task.name()).append("' ").append(task.state());
      text.append(": ").append(counts(task.instances()));
      InstanceQuery failed = InstanceQuery.all().inState(State.FAILED).limit(MOST_INSTANCES);
      for (InstanceStatus instance : engine.instances(job, task.name(), failed).items()) {
        text.append("\n    instance ").append(instance.id().index()).append(" FAILED");
        text.append(indented(attempts(engine.attempts(instance.id()))));
      }
    }
    return text.toString();
  }

  private static String indented(String lines) {
    return lines.isEmpty() ? "" : "\n    " + lines.replace("\n", "\n    ");
  }

  static String line(JobStatus job) {
    String message = job.message().isEmpty() ? "" : " (" + job.message() + ")";
    return "job '"
        + job.name()
        + "' "
        + job.id()
        + " is "
        + job.state()
        + message
        + ": "
        + counts(job.instances());
  }

  private static String counts(Counts instances) {
    StringBuilder text = new StringBuilder();
    for (State state : State.values()) {
      if (instances.of(state) > 0) {
        text.append(text.length() == 0 ? "" : ", ");
        text.append(instances.of(state)).append(' ').append(state);
      }
    }
    return text + " of " + instances.total() + " instances";
  }

  /** A line for each attempt. */
  static String attempts(List<AttemptStatus> attempts) {
    StringBuilder text = new StringBuilder();
    for (AttemptStatus attempt : attempts) {
      text.append(text.length() == 0 ? "" : "\n");
      text.append("  attempt ").append(attempt.id().number()).append(": ");
      text.append(attempt.outcome().map(Outcome::describe).orElse("not ended"));
      text.append(", ").append(shown(attempt.started())).append(" to ");
      text.append(shown(attempt.ended()));
    }
    return text.toString();
  }

  private static String shown(Optional<Instant> when) {
    return when.map(Instant::toString).orElse("?");
  }
}
