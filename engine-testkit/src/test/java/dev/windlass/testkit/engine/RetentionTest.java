package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.Retention;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Placement;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs that have ended go by themselves, as the host says. */
@Timeout(60)
class RetentionTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private static TestEngine keeping(Retention retention) {
    return TestEngine.builder().retention(retention).build();
  }

  private static TaskDescription.Builder program() {
    return TaskDescription.builder(Command.of("prog")).retry(RetryPolicy.retries(0));
  }

  private static JobId submit(TestEngine test, String task) {
    JobDescription.Builder job = JobDescription.builder("job").task(task, program().build());
    return test.engine().submit(job.build());
  }

  private static List<JobId> there(TestEngine test) {
    return test.engine().jobs(JobQuery.all().limit(1_000)).items().stream()
        .map(JobStatus::id)
        .toList();
  }

  @Test
  void whatIsOlderGoesAndWhatRunsStays() {
    try (TestEngine test = keeping(Retention.forever().keptFor(DAY))) {
      test.script().task("long").succeeds().after(DAY.minus(HOUR));
      JobId first = submit(test, "quick");
      test.advance(Duration.ofHours(12));
      JobId runs = submit(test, "long");
      JobId second = submit(test, "quick");
      assertThat(there(test)).containsExactly(second, runs, first);

      test.advance(Duration.ofHours(14));
      assertThat(there(test)).containsExactly(second, runs);

      test.crashHost();
      test.restartHost();
      test.advance(DAY);
      assertThat(there(test)).doesNotContain(second);
    }
  }

  @Test
  void ofTooManyTheOldestGo() {
    try (TestEngine test = keeping(Retention.forever().atMostJobs(120))) {
      List<JobId> jobs = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        jobs.add(submit(test, "quick"));
      }
      test.advance(HOUR);
      assertThat(there(test)).containsExactlyInAnyOrderElementsOf(jobs.subList(180, 300));
      assertThat(test.eventLog())
          .filteredOn(line -> line.endsWith("user: Delete[]: retention"))
          .hasSize(180);
    }
  }

  @Test
  void whatKeepsCapacityStaysUntilThatIsReleased() {
    try (TestEngine test = keeping(Retention.forever().keptFor(HOUR))) {
      test.script().task("bad").exits(1);
      TaskDescription.Builder reserving =
          program().placement(Placement.AutoCluster.of("ecs.sn1.medium").reservingOnFail());
      JobId job =
          test.engine()
              .submit(JobDescription.builder("job").task("bad", reserving.build()).build());
      test.advance(DAY);
      assertThat(test.engine().reserved()).hasSize(1);
      assertThat(there(test)).containsExactly(job);

      test.engine().releaseAll(job);
      test.advance(HOUR);
      assertThat(there(test)).isEmpty();
    }
  }

  @Test
  void whatIsStoppedGoesOnlyWhenItsLastAttemptHasEnded() {
    try (TestEngine test = keeping(Retention.forever().atMostJobs(0))) {
      test.script().task("deaf").succeeds().after(HOUR).ignoringCancellation();
      JobId job = submit(test, "deaf");
      test.advance(Duration.ofMinutes(1));
      test.engine().stop(job);
      test.advance(Duration.ofSeconds(5)); // it is given ten
      assertThat(there(test)).containsExactly(job);

      test.advance(HOUR);
      assertThat(there(test)).isEmpty();
    }
  }

  @Test
  void boundsAreNotNegative() {
    assertThatThrownBy(() -> Retention.forever().keptFor(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Retention.forever().atMostJobs(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Retention.forever().atMostStateBytes(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
