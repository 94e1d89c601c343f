package dev.windlass.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.core.job.Timers.Fired;
import dev.windlass.core.job.Timers.Kind;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is to happen later. */
final class TimersTest {
  private static final JobId JOB = new JobId("job-" + "0".repeat(32));
  private static final Duration DAY = Duration.ofDays(1);

  private final Timers timers = new Timers();

  private static AttemptId attempt(int index) {
    return new InstanceId(JOB, new TaskName("t"), index).attempt(1);
  }

  private static Now at(Duration time) {
    return new Now(Instant.EPOCH.plus(time), time.toNanos());
  }

  @Test
  void theEarliestFiresFirstAndEachOnce() {
    timers.set(at(Duration.ZERO), DAY, Kind.TIMEOUT, attempt(1));
    timers.set(at(Duration.ZERO), Duration.ofHours(1), Kind.RETRY, attempt(2));

    assertThat(timers.due(at(Duration.ofMinutes(59)))).isEmpty();
    assertThat(timers.nextNanos()).hasValue(Duration.ofHours(1).toNanos());
    assertThat(timers.due(at(DAY)))
        .containsExactly(new Fired(Kind.RETRY, attempt(2)), new Fired(Kind.TIMEOUT, attempt(1)));
    assertThat(timers.due(at(DAY))).isEmpty();
    assertThat(timers.count()).isZero();
  }

  @Test
  void nothingIsKeptOfAnAttemptThatIsOver() {
    for (int i = 0; i < 100; i++) {
      timers.set(at(Duration.ZERO), DAY, Kind.TIMEOUT, attempt(i));
    }
    for (int i = 0; i < 100; i++) {
      timers.takeBack(attempt(i));
      timers.takeBack(attempt(i));
    }

    assertThat(timers.count()).isZero();
    assertThat(timers.nextNanos()).isEmpty();
  }

  @Test
  void anAttemptHasOneTimer() {
    timers.set(at(Duration.ZERO), DAY, Kind.TIMEOUT, attempt(1));
    timers.set(at(Duration.ZERO), Duration.ofHours(1), Kind.RETRY, attempt(1));

    assertThat(timers.due(at(DAY))).containsExactly(new Fired(Kind.RETRY, attempt(1)));
  }
}
