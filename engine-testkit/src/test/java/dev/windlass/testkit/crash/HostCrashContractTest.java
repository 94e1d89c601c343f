package dev.windlass.testkit.crash;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.BlockingExecutor;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.storage.Storage;
import dev.windlass.storage.directory.DirectoryStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The harness notices an executor that does not survive its host. */
@Tag("slow")
@Timeout(300)
final class HostCrashContractTest {

  @TempDir Path directory;

  @Test
  void anExecutorThatForgetsWhatOutlivesItsHostIsCaught() {
    assertThatThrownBy(() -> run(Forgetful.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("[not started exactly once]")
        .hasMessageContaining("level");
  }

  @Test
  void anExecutorThatLeavesAProcessBehindIsCaught() {
    assertThatThrownBy(() -> run(Untidy.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("[left running]")
        .hasMessageContaining("sleep 7");
  }

  private void run(Class<? extends HostPlugins> plugins) throws Exception {
    HostCrashContract suspect =
        new HostCrashContract() {
          @Override
          protected Class<? extends HostPlugins> plugins() {
            return plugins;
          }

          @Override
          protected int kills() {
            return 8;
          }
        };
    suspect.directory = directory;
    suspect.aHostKilledAtAnyMomentGoesOnWhereItWas();
  }

  /** Starts programs as children, and knows nothing of them after a restart. */
  static class Forgetful implements HostPlugins {
    @Override
    public Executor executor() {
      return new BlockingExecutor(
          new ExecutorInfo("forgetful", Set.of(Capability.PROGRAMS), Resources.cpus(8)),
          (spec, cancellation) -> new Outcome.Exited(start(spec).waitFor()));
    }

    Process start(AttemptSpec spec) throws IOException {
      List<String> command = new ArrayList<>(before());
      command.addAll(spec.arguments());
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(spec.workDirectory().toFile())
              .redirectOutput(spec.stdout().toFile())
              .redirectError(spec.stderr().toFile());
      builder.environment().putAll(spec.environment());
      return builder.start();
    }

    List<String> before() {
      return List.of();
    }

    @Override
    public Storage storage(Path directory) {
      return DirectoryStorage.at(directory);
    }
  }

  /** Leaves a process of every attempt behind. */
  static final class Untidy extends Forgetful {
    @Override
    List<String> before() {
      return List.of("sh", "-c", "sleep 7 & exec \"$@\"", "untidy");
    }
  }
}
