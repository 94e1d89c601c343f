package dev.windlass.testkit.crash;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.job.Resources;
import dev.windlass.storage.Storage;
import dev.windlass.storage.directory.DirectoryStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The harness notices an executor that is not closed as was asked for. */
@Tag("slow")
@Timeout(300)
final class HostCloseContractTest {

  @TempDir Path directory;

  /** What is left must be gone before its directory is. */
  @AfterEach
  void awaitPrograms() throws Exception {
    try (Storage storage = DirectoryStorage.at(directory.resolve("run0/store"))) {
      LedgerJob.letGo(storage);
      String ledger = LedgerJob.ledger(storage).toString();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> HostProcesses.withVariable("LEDGER", ledger).isEmpty());
    }
  }

  @Test
  void anExecutorThatLeavesWhatItShouldHaveEndedIsCaught() {
    assertThatThrownBy(
            () -> closing(HostCrashContractTest.Forgetful.class).aKillLeavesNothingAlive())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("[left running]");
  }

  @Test
  void anExecutorThatStartsAgainWhatRunsOnIsCaught() {
    assertThatThrownBy(() -> closing(Boastful.class).aDetachLosesNothingAndRepeatsNothing())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("level0.0");
  }

  private HostCloseContract closing(Class<? extends HostPlugins> plugins) {
    HostCloseContract suspect =
        new HostCloseContract() {
          @Override
          protected Class<? extends HostPlugins> plugins() {
            return plugins;
          }
        };
    suspect.directory = directory;
    return suspect;
  }

  /** Leaves programs to themselves, says that it will know them again, and does not. */
  static final class Boastful extends HostCrashContractTest.Forgetful {
    private static final ExecutorInfo CLAIM =
        new ExecutorInfo(
            "forgetful", Set.of(Capability.PROGRAMS, Capability.SURVIVES_HOST), Resources.cpus(8));

    @Override
    public Executor executor() {
      Executor forgetful = super.executor();
      return (Executor)
          Proxy.newProxyInstance(
              Executor.class.getClassLoader(),
              new Class<?>[] {Executor.class},
              (proxy, method, arguments) -> {
                try {
                  return "info".equals(method.getName())
                      ? CLAIM
                      : method.invoke(forgetful, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }
}
