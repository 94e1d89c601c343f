package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.AttemptStatus;
import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.executor.Capability;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import dev.windlass.testkit.script.ProgramEnd;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a crash of the host leaves behind, a restart takes up. */
@Timeout(60)
class TestEngineCrashTest extends TestEngineCase {

  @Test
  void whatRunsIsTakenUpAgainAfterACrash() throws Exception {
    test.script().task("a").succeeds().after(FORTY_MINUTES);
    Engine first = test.engine();
    JobId job = first.submit(job("a", program().instances(2)));
    test.advance(Duration.ofMinutes(10));

    test.crashHost();
    assertThatThrownBy(test::engine).hasMessageContaining("the host is down");
    test.advance(Duration.ofMinutes(10));
    Engine second = test.restartHost();

    assertThat(second.await(job).state()).isEqualTo(State.FINISHED);
    assertThat(second.attempts(instance(job, "a", 0))).hasSize(1);
    assertThat(test.elapsed()).isEqualTo(FORTY_MINUTES);
    assertThatThrownBy(() -> first.job(job))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has crashed");
  }

  @Test
  void whatEndsWhileTheHostIsDownCountsWithItsOutcome() throws Exception {
    test.script().task("a").exits(3).after(FORTY_MINUTES);
    JobId job = test.engine().submit(job("a", program()));
    test.advance(Duration.ofMinutes(1));
    test.crashHost();

    test.runUntilIdle();
    assertThat(test.elapsed()).isEqualTo(FORTY_MINUTES);
    test.advance(Duration.ofHours(1));

    assertThat(test.restartHost().await(job).state()).isEqualTo(State.FAILED);
    AttemptStatus attempt = test.engine().attempts(instance(job, "a", 0)).get(0);
    assertThat(attempt.outcome()).contains(new Outcome.Exited(3));
    assertThat(attempt.ended()).contains(BEGINNING.plus(FORTY_MINUTES));
  }

  @Test
  void programsThatDoNotSurviveTheHostAreLostWithIt() throws Exception {
    try (TestEngine frail =
        TestEngine.builder().capabilities(EnumSet.of(Capability.PROGRAMS)).build()) {
      JobId job = frail.engine().submit(job("a", program()));
      frail.advance(Duration.ofMillis(1));
      frail.crashHost();

      assertThat(frail.restartHost().await(job).state()).isEqualTo(State.FINISHED);
      assertThat(frail.engine().attempts(instance(job, "a", 0)))
          .extracting(attempt -> attempt.outcome().orElseThrow().kind())
          .containsExactly(Outcome.Kind.LOST, Outcome.Kind.EXITED);
    }
  }

  @Test
  void aListenerCanCrashTheHostInTheMidstOfACall() throws Exception {
    test.engine().subscribe(event -> test.crashHost());

    assertThatThrownBy(() -> test.engine().await(test.engine().submit(job("a", program()))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the host crashed during this call");

    Engine next = test.restartHost();
    JobId job = next.jobs(dev.windlass.JobQuery.all()).items().get(0).id();
    assertThat(next.await(job).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void aProgramCanCrashTheHostWhileItIsAwaited() throws Exception {
    test.script()
        .task("a")
        .does(
            run -> {
              test.crashHost();
              return ProgramEnd.exited(0).after(FORTY_MINUTES);
            });
    Engine first = test.engine();

    assertThatThrownBy(() -> first.await(first.submit(job("a", program()))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the host crashed during this call");

    Engine next = test.restartHost();
    test.runUntilIdle();
    assertThat(next.jobs(dev.windlass.JobQuery.all()).items())
        .extracting(JobStatus::state)
        .containsExactly(State.FINISHED);
  }

  @Test
  void aHostThatIsUpIsClosedInOrderAndOpenedAgain() throws Exception {
    test.script().task("a").succeeds().after(FORTY_MINUTES);
    JobId job = test.engine().submit(job("a", program()));
    Engine closed = test.engine();

    Engine next = test.restartHost();

    assertThat(next).isNotSameAs(closed);
    assertThat(next.await(job).state()).isEqualTo(State.FINISHED);
    assertThat(next.attempts(instance(job, "a", 0))).hasSize(1);
    next.close();
    next.close();
    assertThatThrownBy(test::crashHost).hasMessageContaining("down already");
  }
}
