package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.LogKind;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.testkit.script.ProgramEnd;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Inputs, outputs and logs are in memory. */
@Timeout(60)
class TestEngineDataTest extends TestEngineCase {

  @Test
  void programsReadInputsAndPublishOutputs() throws Exception {
    test.putObject("oss://b/in.txt", "hello");
    test.script()
        .task("copy")
        .does(
            run -> {
              run.write("out/copy.txt", run.read("/data/in.txt") + " " + run.arguments().get(1));
              return ProgramEnd.exited(0);
            });
    TaskDescription.Builder task =
        program().input("oss://b/in.txt", "/data/in.txt").output("out/", "oss://b/out/");

    assertThat(test.engine().await(test.engine().submit(job("copy", task))).state())
        .isEqualTo(State.FINISHED);
    assertThat(text("oss://b/out/copy.txt")).isEqualTo("hello one argument");
  }

  @Test
  void anInputThatIsNotThereFailsTheAttempt() throws Exception {
    JobId job = test.engine().submit(job("a", program().input("oss://b/missing", "in")));

    assertThat(test.engine().await(job).message()).contains("inputs could not be staged");
  }

  @Test
  void aProgramThatSucceedsWritesItsMappedOutputFiles() throws Exception {
    test.script().task("a").succeeds().writing("mine.txt", "my text");
    TaskDescription.Builder task =
        program().output("mine.txt", "oss://b/mine.txt").output("other.txt", "oss://b/other.txt");

    JobId job = test.engine().submit(job("a", task));

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(text("oss://b/mine.txt")).isEqualTo("my text");
    assertThat(text("oss://b/other.txt")).isEqualTo("written by " + job + "/a/0\n");
  }

  @Test
  void whatAFunctionDoesNotWriteIsMissing() throws Exception {
    test.script().task("a").does(run -> ProgramEnd.exited(0));

    JobId job = test.engine().submit(job("a", program().output("x.txt", "oss://b/x.txt")));

    assertThat(test.engine().await(job).message()).contains("outputs could not be published");
  }

  private String text(String uri) throws Exception {
    try (InputStream in = test.storage().read(dev.windlass.storage.StoreUri.parse(uri), 0)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aLogCanBeFollowedThroughVirtualTime() throws Exception {
    test.script()
        .task("a")
        .succeeds()
        .after(FORTY_MINUTES)
        .printing("line 1\n")
        .printing("line 2\n")
        .printingError("oops\n");
    JobId job = test.engine().submit(job("a", program()));
    test.advance(Duration.ZERO);

    try (InputStream log = test.engine().openLog(instance(job, "a", 0), LogKind.STDOUT, true)) {
      assertThat(new String(log.readNBytes(7), StandardCharsets.UTF_8)).isEqualTo("line 1\n");
      assertThat(test.elapsed()).isZero();
      assertThat(new String(log.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("line 2\n");
    }
    assertThat(test.elapsed()).isEqualTo(FORTY_MINUTES);
    try (InputStream log = test.engine().openLog(instance(job, "a", 0), LogKind.STDERR, false)) {
      assertThat(new String(log.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("oops\n");
    }
  }
}
