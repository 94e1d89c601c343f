package dev.windlass.core.job;

import dev.windlass.core.job.Tables.Phase;
import dev.windlass.job.State;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine is about to be closed: nothing begins any more, and whoever closes it waits until
 * nothing runs. Nothing of this is recorded; the next engine knows nothing of it.
 */
final class WindingDown {

  /** Why an attempt is lost that was ended for this. */
  static final String REASON = "the engine was closed";

  private final JobsInMemory jobs;
  private final Output output;
  private final Placer placer;
  private final Completion completion;

  /** The requests of those that wait. */
  private final List<Long> waiting = new ArrayList<>();

  WindingDown(JobsInMemory jobs, Output output, Placer placer, Completion completion) {
    this.jobs = jobs;
    this.output = output;
    this.placer = placer;
    this.completion = completion;
  }

  void begin(Input.WindDown input) {
    placer.stopPlacing();
    waiting.add(input.request());
    if (input.endsWork()) {
      for (JobRun job : jobs.all()) {
        for (TaskRun task : job.tasks) {
          task.live.values().forEach(this::end);
        }
      }
    }
  }

  /**
   * Where the program is over, what remains is published and ends by itself; its outcome is known
   * and stays. What is cancelled ends too.
   */
  private void end(LiveInstance instance) {
    boolean runs = instance.isActive() && instance.state() == State.RUNNING;
    if (runs && instance.phase() != Phase.CONCLUDING && !instance.cancelled) {
      instance.halted = true;
      completion.cancel(instance);
    }
  }

  /** Tells those that wait when nothing runs any more. */
  void settle() {
    if (!waiting.isEmpty() && jobs.all().stream().allMatch(job -> job.activeAttempts == 0)) {
      waiting.forEach(request -> output.effect(new Effect.Reply(request)));
      waiting.clear();
    }
  }
}
