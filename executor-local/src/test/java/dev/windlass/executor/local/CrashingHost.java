package dev.windlass.executor.local;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.NodeReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A host that launches attempts one after the other until somebody kills it. Run as a JVM of its
 * own.
 *
 * <p>The program of attempt n appends its number to the ledger and exits with n modulo 100.
 */
final class CrashingHost {

  private CrashingHost() {}

  /**
   * Arguments: root directory, engine id, number of attempts, {@code privileged} or {@code bare}.
   */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    LocalExecutor executor = LocalExecutor.create(config(arguments[3]));
    executor.open(context(root, arguments[1]));
    for (int n = 0; n < Integer.parseInt(arguments[2]); n++) {
      AttemptSpec spec = spec(root, n);
      Files.createDirectories(spec.workDirectory());
      // As an engine does: what is going to be launched is known before.
      Files.createFile(root.resolve("intent-" + n));
      executor.launch(spec);
    }
    System.in.read();
  }

  static LocalExecutorConfig config(String kind) {
    return kind.equals("bare") ? Bench.UNPRIVILEGED : LocalExecutorConfig.builder().build();
  }

  static AttemptSpec spec(Path root, int n) {
    return AttemptSpec.builder(
            Bench.id(n),
            root.resolve("attempts").resolve(Integer.toString(n)),
            List.of(
                "/bin/sh",
                "-c",
                "echo " + n + " >>'" + root + "/ledger'; sleep 0.0" + n % 10 + "; exit " + n % 100))
        .build();
  }

  private static ExecutorContext context(Path root, String engineId) {
    return new ExecutorContext() {
      @Override
      public String engineId() {
        return engineId;
      }

      @Override
      public Path attempts() {
        return root.resolve("attempts");
      }

      @Override
      public Path directory() {
        return root.resolve("executor");
      }

      @Override
      public void report(AttemptReport report) {}

      @Override
      public void report(NodeReport report) {}
    };
  }
}
