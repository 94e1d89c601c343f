package dev.windlass.cli;

import dev.windlass.Counts;
import dev.windlass.TaskStatus;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line for each change of a task's state, and now and then one for what goes on within a task: as
 * much as a log can bear. A state that passed between two looks is not told.
 */
final class LineProgress implements Progress {

  private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(10);

  private record Key(JobId job, TaskName task) {}

  /** What was told of a task last, and when. */
  private record Told(State state, long ended, long nanos) {}

  private final PrintStream err;
  private final Map<Key, Told> told = new HashMap<>();

  LineProgress(PrintStream err) {
    this.err = err;
  }

  @Override
  public void show(List<Snapshot> jobs) {
    long now = System.nanoTime();
    for (Snapshot job : jobs) {
      String prefix = jobs.size() == 1 ? "" : job.job().id() + " ";
      for (TaskStatus task : job.tasks()) {
        show(prefix, task, now);
      }
    }
  }

  private void show(String prefix, TaskStatus task, long now) {
    Key key = new Key(task.job(), task.name());
    Counts counts = task.instances();
    long ended = counts.finished() + counts.failed() + counts.stopped();
    if (isNews(told.get(key), task.state(), ended, now)) {
      told.put(key, new Told(task.state(), ended, now));
      err.println(prefix + line(task, ended));
    }
  }

  private static boolean isNews(@Nullable Told before, State state, long ended, long now) {
    if (before == null) {
      return state != State.WAITING;
    }
    return before.state() != state
        || (before.ended() != ended && now - before.nanos() >= BETWEEN_COUNTS.toNanos());
  }

  private static String line(TaskStatus task, long ended) {
    Counts counts = task.instances();
    String failed = counts.failed() == 0 ? "" : ", " + counts.failed() + " failed";
    String time =
        task.state().isEnded() && task.started().isPresent()
            ? " in " + Words.between(task.started(), task.ended())
            : "";
    return "%s: %s, %d of %s ended%s%s"
        .formatted(
            task.name(),
            task.state().serviceName(),
            ended,
            Words.count(counts.total(), "instance"),
            failed,
            time);
  }

  @Override
  public void say(String line) {
    err.println("windlass: " + line);
  }

  @Override
  public void close() {}
}
