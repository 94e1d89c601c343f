package dev.windlass.testkit.simulation.check;

import dev.windlass.AttemptStatus;
import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobStatus;
import dev.windlass.Page;
import dev.windlass.TaskStatus;
import dev.windlass.UsageTotals;
import dev.windlass.job.JobId;
import java.time.Duration;

/**
 * The sums of what a job has used are those over its attempts, which are counted here once more:
 * each counts once, however often the host died at its end.
 */
final class UsageChecker {
  private final Engine engine;
  private final Violations violations;

  UsageChecker(Engine engine, Violations violations) {
    this.engine = engine;
    this.violations = violations;
  }

  /** Checks a job that is over. */
  void check(JobStatus status) {
    long attempts = 0;
    Duration cpu = Duration.ZERO;
    UsageTotals tasks = UsageTotals.NONE;
    for (TaskStatus task : engine.tasks(status.id())) {
      tasks = tasks.plus(engine.usage(status.id(), task.name()));
      InstanceQuery query = InstanceQuery.all();
      Page<InstanceStatus> page = engine.instances(status.id(), task.name(), query);
      while (true) {
        for (InstanceStatus instance : page.items()) {
          for (AttemptStatus attempt : engine.attempts(instance.id())) {
            attempts += attempt.outcome().isPresent() ? 1 : 0;
            cpu = cpu.plus(attempt.usage().cpu().orElse(Duration.ZERO));
          }
        }
        if (page.next().isEmpty()) {
          break;
        }
        page = engine.instances(status.id(), task.name(), query.after(page.next().get()));
      }
    }
    checkSums(status.id(), attempts, cpu, tasks);
  }

  private void checkSums(JobId job, long attempts, Duration cpu, UsageTotals tasks) {
    UsageTotals sums = engine.usage(job);
    violations.unless(
        sums.equals(tasks) && sums.attempts() == attempts && sums.cpuTime().equals(cpu),
        "usage is summed up",
        () -> "job " + job + ": " + sums + " of " + attempts + " attempts with cpu " + cpu);
  }
}
