package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windlass.Engine;
import dev.windlass.testkit.crash.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A signal to the host is for the host: it closes, and the programs go on. */
@Timeout(120)
final class HostSignalTest {

  /** More than a close takes, also on a busy machine. */
  private static final Duration BOUND = Duration.ofSeconds(15);

  @TempDir Path directory;

  @Test
  void aHostThatIsAskedToEndClosesSoonAndItsProgramsGoOn() throws Exception {
    Trial trial = Trial.in(directory);
    try (ChildJvm host = trial.host(AdoptedJobHost.class)) {
      assertThat(host.line()).isEqualTo("open");
      AdoptedJob.awaitStarts(trial);
      host.terminate();
      assertThat(host.line()).isEqualTo("closed");
      assertThat(host.endsWithin(BOUND)).isTrue();
    }
    resume(trial);
  }

  @Test
  void anInterruptOfTheHostsGroupDoesNotReachThePrograms() throws Exception {
    assumeTrue(HostCommand.succeeds("setsid", "true"), "there is no setsid command");
    Trial trial = Trial.in(directory);
    List<String> group = List.of("setsid", "sh", "-c", "trap - INT; exec \"$@\"", "group");
    try (ChildJvm host =
        ChildJvm.start(
            group, AdoptedJobHost.class, trial.engine(), trial.store(), trial.ledger())) {
      assertThat(host.line()).isEqualTo("open");
      AdoptedJob.awaitStarts(trial);
      for (String signal : List.of("INT", "TERM")) {
        // Where this build runs in the background INT is ignored, and TERM takes its place.
        HostCommand.succeeds("sh", "-c", "kill -s " + signal + " -- -" + host.pid());
      }
      assertThat(host.endsWithin(BOUND)).isTrue();
    }
    resume(trial);
  }

  private static void resume(Trial trial) throws Exception {
    assertThat(trial.alive()).as("the programs go on").hasSizeGreaterThanOrEqualTo(2);
    try (Engine engine = trial.open()) {
      AdoptedJob.letGo(trial);
      AdoptedJob.assertAdopted(trial, engine);
    }
  }
}
