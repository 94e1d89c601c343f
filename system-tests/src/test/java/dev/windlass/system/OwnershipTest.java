package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.core.EngineBuilder;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.testkit.crash.ChildJvm;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One engine owns a directory, as long as it lives and no longer. */
@Timeout(120)
final class OwnershipTest {

  @TempDir Path directory;

  @Test
  void anEngineOfAnotherJvmIsRefusedAlsoThroughALinkAndNamed() throws Exception {
    Trial trial = Trial.in(directory);
    try (ChildJvm host = trial.host(AdoptedJobHost.class)) {
      assertThat(host.line()).isEqualTo("open");
      AdoptedJob.awaitStarts(trial);
      Path alias = Files.createSymbolicLink(directory.resolve("alias"), trial.engine());
      Path linked = Files.createSymbolicLink(directory.resolve("linked"), directory);
      for (Path same : new Path[] {trial.engine(), alias, linked.resolve("engine")}) {
        assertThatThrownBy(() -> open(same))
            .isInstanceOfSatisfying(
                EngineException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.DIRECTORY_IN_USE))
            .hasMessageContaining(same.toString())
            .hasMessageContaining("pid " + host.pid() + " ")
            .hasMessageContaining(" on " + InetAddress.getLocalHost().getHostName())
            .hasMessageMatching("(?s).* since \\d{4}-\\d\\d-\\d\\dT.*");
      }
    }
    finish(trial);
  }

  @Test
  void anEngineOfThisJvmIsRefusedAlsoThroughALink() throws Exception {
    Path engine = directory.resolve("engine");
    try (Engine first = open(engine)) {
      Path alias = Files.createSymbolicLink(directory.resolve("alias"), engine);
      for (Path same : new Path[] {engine, alias}) {
        assertThatThrownBy(() -> open(same))
            .isInstanceOfSatisfying(
                EngineException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.DIRECTORY_IN_USE));
      }
      assertThat(first.jobs(JobQuery.all()).items()).isEmpty();
    }
    open(engine).close();
  }

  @Test
  void aKilledHolderBlocksNobody() throws Exception {
    Trial trial = Trial.in(directory);
    try (ChildJvm host = trial.host(AdoptedJobHost.class)) {
      AdoptedJob.awaitStarts(trial);
      host.kill();
      // At once: the first try, not one of many.
      trial.open().close();
    }
    finish(trial);
  }

  private static Engine open(Path engine) {
    return EngineBuilder.at(engine).executor(FunctionExecutor.builder("functions").build()).open();
  }

  private static void finish(Trial trial) throws Exception {
    try (Engine engine = trial.open()) {
      AdoptedJob.letGo(trial);
      AdoptedJob.assertAdopted(trial, engine);
    }
  }
}
