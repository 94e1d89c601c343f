package dev.windlass.testkit.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.Engine;
import dev.windlass.core.EngineBuilder;
import dev.windlass.event.Event;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.testkit.engine.TestEngine;
import dev.windlass.testkit.engine.TestEngineBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engine decided is written, read, and decided again. */
@Timeout(120)
@SuppressWarnings("try") // a recorder records, unasked
class RecordingTest {
  @TempDir private Path directory;

  private static TaskDescription.Builder program(String name) {
    return TaskDescription.builder(Command.of(name));
  }

  private static RetryPolicy quick(int retries) {
    return RetryPolicy.retries(retries)
        .pausing(Duration.ofMillis(20), Duration.ofMillis(20))
        .withRule(RetryRule.failOnExit(9));
  }

  private static JobDescription manifold() {
    return JobDescription.builder("manifold")
        .task("first", program("twice").instances(4).retry(quick(2)).build())
        .task("second", program("well").executor("functions").build())
        .task("third", program("nine").retry(quick(5)).build())
        .dependency("first", "second")
        .dependency("first", "third")
        .failOnInstanceFail(false)
        .build();
  }

  private FunctionExecutor functions(CountDownLatch stuck) {
    return FunctionExecutor.builder("functions")
        .function("well", run -> 0)
        .function("twice", run -> run.id().number() < 3 && run.id().instance().index() == 2 ? 1 : 0)
        .function("nine", run -> 9)
        .function(
            "stuck",
            run -> {
              stuck.countDown();
              new CountDownLatch(1).await();
              return 0;
            })
        .build();
  }

  private Path recordRealRun() throws Exception {
    Path file = directory.resolve("run.jsonl");
    CountDownLatch stuck = new CountDownLatch(1);
    try (Engine engine =
            EngineBuilder.at(directory.resolve("engine")).executor(functions(stuck)).open();
        Recorder recorder = Recorder.start(engine, file)) {
      JobId slow =
          engine.submit(
              JobDescription.builder("slow")
                  .task("a", program("stuck").timeout(Duration.ofSeconds(1)).build())
                  .build());
      JobId manifold = engine.submit(manifold());
      JobId stopped =
          engine.submit(
              JobDescription.builder("stopped").task("a", program("stuck").build()).build());
      assertThat(engine.await(manifold).state()).isEqualTo(State.FINISHED);
      engine.stop(stopped);
      engine.await(stopped);
      assertThat(engine.await(slow).state()).isEqualTo(State.FAILED);
      engine.delete(stopped);
    }
    return file;
  }

  @Test
  void aRealRunIsReplayed() throws Exception {
    Recording recording = Recording.read(recordRealRun());

    assertThat(recording.submissions())
        .extracting(submission -> submission.description().name())
        .containsExactly("slow", "manifold", "stopped");
    assertThat(recording.submissions().get(1).description()).isEqualTo(manifold());
    try (TestEngine test = recording.testEngine().build()) {
      Recording replayed = recording.replayOn(test);

      assertThat(recording.compare(replayed).toString()).isEqualTo("no difference");
      assertThat(recording.compare(replayed).isEmpty()).isTrue();
      assertThat(outcomes(replayed))
          .hasSameElementsAs(outcomes(recording))
          .contains(new Outcome.TimedOut(Duration.ofSeconds(1)), new Outcome.Exited(9));
      assertThat(replayed.submissions().get(0).at()).isEqualTo(recording.submissions().get(0).at());
    }
  }

  private static List<Outcome> outcomes(Recording recording) {
    return recording.events().stream()
        .filter(event -> event.kind() == Event.Kind.ATTEMPT_ENDED)
        .map(event -> ((Event.AttemptEnded) event).outcome())
        .toList();
  }

  /** Runs on virtual time, with whatever can happen to an attempt, a restart and the data. */
  private Path recordVirtualRun() throws Exception {
    Path file = directory.resolve("virtual.jsonl");
    try (TestEngine test = twoNodes().build();
        Recorder recorder = Recorder.start(test.engine(), file)) {
      test.putObject("oss://b/in", "in");
      test.putObject("oss://b/p.tar.gz", Surroundings.emptyArchive());
      test.script()
          .task("a")
          .isLost()
          .after(Duration.ofMinutes(3))
          .then()
          .isKilledBy(9)
          .then()
          .runsOutOfMemory()
          .then()
          .isRefused()
          .then()
          .ends(new Outcome.StageOutFailed("full", true))
          .after(Duration.ofMinutes(2))
          .then()
          .ends(new Outcome.Cancelled())
          .then()
          .runsForever()
          .times(1)
          .then()
          .succeeds();
      JobId job =
          test.engine()
              .submit(
                  JobDescription.builder("job")
                      .task(
                          "a",
                          program("x")
                              .instances(3)
                              .retry(RetryPolicy.retries(4))
                              .placement(new Placement.OnCluster(new ClusterName("c")))
                              .packageUri("oss://b/p.tar.gz")
                              .input("oss://b/in", "in")
                              .output("out", "oss://b/out")
                              .build())
                      .build());
      test.advance(Duration.ofHours(3));
      test.engine().stop(job);
      test.engine().await(job);
      test.engine().restart(job);
      test.engine().await(job);
    }
    return file;
  }

  @Test
  void outcomesRestartsAndDataAreReplayed() throws Exception {
    Recording recording = Recording.read(recordVirtualRun());

    assertThat(outcomes(recording))
        .extracting(Outcome::kind)
        .contains(
            Outcome.Kind.LOST,
            Outcome.Kind.SIGNALLED,
            Outcome.Kind.OUT_OF_MEMORY,
            Outcome.Kind.REFUSED,
            Outcome.Kind.STAGE_OUT_FAILED,
            Outcome.Kind.CANCELLED,
            Outcome.Kind.EXITED);
    try (TestEngine test = twoNodes().build()) {
      assertThat(recording.compare(recording.replayOn(test)).toString()).isEqualTo("no difference");
    }
  }

  /** A third instance that need not wait for room is further on when its job is stopped. */
  @Test
  void otherCapacityCanBeADifference() throws Exception {
    Recording recording = Recording.read(recordVirtualRun());

    try (TestEngine test = recording.testEngine().build()) {
      assertThat(recording.compare(recording.replayOn(test)).lines())
          .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
          .startsWith("job 1 'job' instance a/");
    }
  }

  private static TestEngineBuilder twoNodes() {
    return TestEngine.builder().cluster("c", 2, Resources.cpus(1));
  }

  @Test
  void anotherDecisionIsADifference() throws Exception {
    Path file = recordVirtualRun();
    Recording recording = Recording.read(file);
    String changed = Files.readString(file).replace("\"MaxRetryCount\":4", "\"MaxRetryCount\":1");
    assertThat(changed).isNotEqualTo(Files.readString(file));
    Recording fewerRetries = Recording.parse(changed);

    try (TestEngine test = fewerRetries.testEngine().build()) {
      Recording.Difference difference = recording.compare(fewerRetries.replayOn(test));

      assertThat(difference.isEmpty()).isFalse();
      assertThat(difference.toString())
          .contains("job 1 'job': was [WAITING, RUNNING, STOPPED", "FAILED")
          .contains("job 1 'job' instance a/0: was [RUNNING, attempt 1 lost: the script says so");
    }
  }

  @Test
  void anOutcomeThatIsNotTheSameIsADifference() throws Exception {
    String text = Files.readString(recordVirtualRun());
    Recording other = Recording.parse(text.replace("\"signal\":9", "\"signal\":6"));

    assertThat(Recording.parse(text).compare(other).lines()).hasSize(3);
    assertThat(Recording.parse(text).compare(Recording.parse(text)).isEmpty()).isTrue();
  }

  @Test
  void aRecordingThatWasCutOffIsComparedAsFarAsItGoes() throws Exception {
    String whole = Files.readString(recordVirtualRun());
    int half = whole.indexOf('\n', whole.length() / 2) + 20; // in the midst of a line
    Recording cut = Recording.parse(whole.substring(0, half));

    assertThat(cut.events()).isNotEmpty();
    assertThat(cut.compare(Recording.parse(whole)).isEmpty()).isTrue();
    try (TestEngine test = twoNodes().build()) {
      assertThat(cut.compare(cut.replayOn(test)).toString()).isEqualTo("no difference");
    }
  }

  @Test
  void aReplayNeedsAnEmptyEngine() throws Exception {
    Recording recording = Recording.read(recordVirtualRun());
    try (TestEngine test = recording.testEngine().build()) {
      recording.replayOn(test);

      assertThatThrownBy(() -> recording.replayOn(test))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("without jobs");
    }
  }
}
