package dev.windlass.system;

import dev.windlass.Engine;
import dev.windlass.testkit.crash.ChildJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Promise 6: a crash of the host means resume. */
@Tag("slow")
@Timeout(120)
final class RecoveryTest {

  @TempDir Path directory;

  @Test
  void whatRunsAcrossACrashIsAdoptedWithItsTrueOutcomeAndOutput() throws Exception {
    Trial trial = startAndKill();
    try (Engine engine = trial.open()) {
      AdoptedJob.letGo(trial);
      AdoptedJob.assertAdopted(trial, engine);
    }
  }

  @Test
  void whatEndsWhileNoEngineLivesIsAdoptedWithItsTrueOutcomeAndOutput() throws Exception {
    Trial trial = startAndKill();
    AdoptedJob.letGo(trial);
    AdoptedJob.awaitEnds(trial);
    try (Engine engine = trial.open()) {
      AdoptedJob.assertAdopted(trial, engine);
    }
  }

  private Trial startAndKill() throws Exception {
    Trial trial = Trial.in(directory);
    try (ChildJvm host = trial.host(AdoptedJobHost.class)) {
      AdoptedJob.awaitStarts(trial);
      host.kill();
    }
    return trial;
  }
}
