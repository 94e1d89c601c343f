package dev.windlass.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is kept for a task is kept no longer than the task may begin. */
final class ReservationTest {
  private final RecordedRun run =
      new RecordedRun(
          Map.of(
              new ClusterName("default"),
              List.of(
                  Resources.cpus(4),
                  Resources.cpus(1).withMemory(1),
                  Resources.cpus(1).withMemory(2))));

  @Test
  void whatIsKeptForAJobThatHasJustComeToItsCapGoesToOthersInTheSameTurn() {
    JobId half = submit("half", Resources.cpus(2));
    JobId small = submit("small", Resources.cpus(1).withMemory(1));
    JobId other = submit("other", Resources.cpus(1).withMemory(2));
    JobId capped =
        run.submit(
            JobDescription.builder("capped")
                .maxRunning(1)
                .task("whole", asking(Resources.cpus(4)))
                .task("small", asking(Resources.cpus(1).withMemory(1)))
                .build());
    JobId beside = submit("beside", Resources.cpus(1));
    run.settle(RecordedRun.ALL);
    assertThat(jobsThatRun()).containsExactlyInAnyOrder(half, small, other);

    end(small);
    run.endTurn(RecordedRun.ALL);

    assertThat(jobsThatRun()).containsExactlyInAnyOrder(half, other, capped, beside);
  }

  @Test
  void whatWasKeptForAJobThatHasJustComeToItsCapGoesToItsPriorityBeforeALowerOne() {
    run.setNamedResource("token", 1);
    JobId half = submit("half", Resources.cpus(2));
    JobId small = submit("small", Resources.cpus(1).withMemory(1));
    JobId large = submit("large", Resources.cpus(1).withMemory(2));
    run.settle(RecordedRun.ALL);
    JobId capped =
        run.submit(
            JobDescription.builder("capped")
                .priority(1)
                .maxRunning(1)
                .task("whole", asking(Resources.cpus(4).withNamed(Map.of("token", 1))))
                .task("small", asking(Resources.cpus(1).withMemory(1)))
                .build());
    Resources onTheLast = Resources.cpus(1).withMemory(2);
    JobId licensed =
        run.submit(
            JobDescription.builder("licensed")
                .priority(1)
                .task("t", asking(onTheLast.withNamed(Map.of("token", 1))))
                .build());
    submit("lower", onTheLast);
    run.settle(RecordedRun.ALL);
    assertThat(jobsThatRun()).containsExactlyInAnyOrder(half, small, large);

    end(small);
    end(large);
    run.endTurn(RecordedRun.ALL);

    assertThat(jobsThatRun()).containsExactlyInAnyOrder(half, capped, licensed);
  }

  private JobId submit(String name, Resources request) {
    return run.submit(JobDescription.builder(name).task("t", asking(request)).build());
  }

  private static TaskDescription asking(Resources request) {
    return TaskDescription.builder(Command.of("program")).resources(request).build();
  }

  private List<JobId> jobsThatRun() {
    return run.running.keySet().stream().map(AttemptId::job).toList();
  }

  private void end(JobId job) {
    AttemptId attempt =
        run.running.keySet().stream()
            .filter(each -> each.job().equals(job))
            .findAny()
            .orElseThrow();
    run.end(attempt, new Outcome.Exited(0));
  }
}
