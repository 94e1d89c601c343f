package dev.windlass.testkit.guide;

import static dev.windlass.job.Outcome.Kind.EXITED;
import static dev.windlass.job.Outcome.Kind.OUT_OF_MEMORY;
import static dev.windlass.job.Outcome.Kind.TIMED_OUT;
import static dev.windlass.testkit.assertion.WindlassAssertions.assertThat;
import static dev.windlass.testkit.assertion.WindlassAssertions.assertThatEvents;
import static dev.windlass.testkit.assertion.WindlassAssertions.assertThatJob;

import dev.windlass.Engine;
import dev.windlass.job.JobId;
import dev.windlass.testkit.engine.TestEngine;
import dev.windlass.testkit.engine.WindlassTest;
import dev.windlass.testkit.recording.Recorder;
import dev.windlass.testkit.recording.Recording;
import dev.windlass.testkit.script.ProgramEnd;
import dev.windlass.testkit.script.Script;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WindlassTest
class NightlyReportTest {

  @Test
  void outOfMemoryTwiceIsSurvived(TestEngine test, Script script) throws Exception {
    script
        .task("align")
        .instance(3)
        .runsOutOfMemory()
        .times(2)
        .then()
        .succeeds()
        .after(Duration.ofMinutes(40));
    script.task("report").succeeds().writing("report.txt", "42 genes\n");

    JobId job = new NightlyReport(test.engine()).submit(10);
    test.engine().await(job);

    assertThatJob(test, job)
        .isFinished()
        .tookBetween(Duration.ofMinutes(40), Duration.ofMinutes(41))
        .hasTask("align")
        .isFinished()
        .hasInstance(3)
        .hadAttempts(3)
        .endedWith(OUT_OF_MEMORY, OUT_OF_MEMORY, EXITED);
    assertThat(test.storage()).hasObject("oss://reports/tonight.txt").withContent("42 genes\n");
  }

  @Test
  void aHangingProgramIsTriedAgain(TestEngine test, Script script) throws Exception {
    script.task("align").instance(0).runsForever().times(1).then().succeeds();

    JobId job = new NightlyReport(test.engine()).submit(2);
    test.advance(Duration.ofHours(1));
    assertThatJob(test, job).isRunning().hasTask("align").hasInstance(1).isFinished();
    test.runUntilIdle();

    assertThatJob(test, job)
        .isFinished()
        .hasTask("align")
        .hasInstance(0)
        .endedWith(TIMED_OUT, EXITED);
  }

  @Test
  void aCrashOfTheHostLosesNothing(TestEngine test, Script script) throws Exception {
    script.task("align").succeeds().after(Duration.ofMinutes(40));
    JobId job = new NightlyReport(test.engine()).submit(2);
    test.advance(Duration.ofMinutes(10));

    test.crashHost();
    test.advance(Duration.ofHours(5));
    Engine next = test.restartHost();

    next.await(job);
    assertThatJob(next, job).isFinished().hasTask("align").hasInstance(1).hadAttempts(1);
  }

  @Test
  void theReportIsMadeFromTheSamples(TestEngine test, Script script) throws Exception {
    test.putObject("oss://samples/a.txt", "ACGT");
    script
        .task("align")
        .does(
            run -> {
              boolean good = run.read("samples/a.txt").startsWith("ACG");
              return ProgramEnd.exited(good ? 0 : 1).after(Duration.ofMinutes(5));
            });

    JobId job = new NightlyReport(test.engine()).submit(1);
    test.engine().await(job);

    assertThatEvents(test.events())
        .cameInOrder("align/0 attempt 1 ended: exited with 0", "task report RUNNING");
  }

  @Test
  @SuppressWarnings("try") // the recorder records, unasked
  void lastNightIsDecidedTheSameAgain(TestEngine production, @TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("night.jsonl");
    try (Recorder recorder = Recorder.start(production.engine(), file)) {
      JobId job = new NightlyReport(production.engine()).submit(4);
      production.engine().await(job);
    }

    Recording night = Recording.read(file);
    try (TestEngine test = night.testEngine().build()) {
      Recording.Difference difference = night.compare(night.replayOn(test));
      Assertions.assertThat(difference.lines()).isEmpty();
    }
  }
}
