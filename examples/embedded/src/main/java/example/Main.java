package example;

import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.core.EngineBuilder;
import dev.windlass.executor.BlockingExecutor;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.executor.local.LocalExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StoreUri;
import dev.windlass.storage.directory.DirectoryStorage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * An application that carries the engine: it submits a job of three tasks, of which two run as
 * programs of this host and the last one in the application itself.
 */
public final class Main {

  private static final int NUMBERS = 3;

  private Main() {}

  /**
   * Runs the job.
   *
   * @param args where to work; by default {@code target/example}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path home = Path.of(args.length > 0 ? args[0] : "target/example");
    Storage storage = DirectoryStorage.at(Files.createDirectories(home.resolve("store")));
    try (Engine engine =
        EngineBuilder.at(home.resolve("engine"))
            .executor(LocalExecutor.create())
            .executor(adder(storage))
            .storage("data", storage)
            .open()) {
      JobId job = engine.submit(sumOfSquares());
      System.out.println("submitted " + job);

      JobStatus status = engine.await(job);
      engine.tasks(job).forEach(task -> System.out.println(task.name() + " " + task.state()));
      System.out.println(status.name() + " " + status.state() + " " + status.message());
      if (status.state() != State.FINISHED) {
        throw new IllegalStateException(status.message());
      }
    }
  }

  private static JobDescription sumOfSquares() {
    TaskDescription numbers =
        TaskDescription.builder(
                Command.shell("mkdir -p out; for i in 0 1 2; do echo $((i + 1)) >out/$i; done"))
            .output("out/", "data://example/numbers/")
            .build();
    TaskDescription square =
        TaskDescription.builder(
                Command.shell(
                    "mkdir -p out; i=$BATCH_COMPUTE_DAG_INSTANCE_ID; n=$(cat in/$i);"
                        + " echo $((n * n)) >out/$i"))
            .instances(NUMBERS)
            .input("data://example/numbers/", "in/")
            .output("out/", "data://example/squares/")
            .build();
    TaskDescription add =
        TaskDescription.builder(Command.of("add", "data://example/squares/"))
            .executor("adder")
            .build();
    return JobDescription.builder("sum-of-squares")
        .task("numbers", numbers)
        .task("square", square)
        .task("add", add)
        .dependency("numbers", "square")
        .dependency("square", "add")
        .build();
  }

  /** An executor of our own: its attempts are calls of a function. */
  private static Executor adder(Storage storage) {
    ExecutorInfo info = new ExecutorInfo("adder", Set.of(), Resources.cpus(1));
    return new BlockingExecutor(
        info,
        (spec, cancellation) -> {
          StoreUri folder = StoreUri.parse(spec.arguments().get(1));
          int sum = 0;
          for (int i = 0; i < NUMBERS && !cancellation.isRequested(); i++) {
            sum += read(storage, folder.resolve(Integer.toString(i)));
          }
          System.out.println(spec.id().instance().task() + " says " + sum);
          return cancellation.isRequested() ? new Outcome.Cancelled() : new Outcome.Exited(0);
        });
  }

  private static int read(Storage storage, StoreUri object) throws IOException {
    try (InputStream in = storage.read(object, 0)) {
      return Integer.parseInt(new String(in.readAllBytes(), StandardCharsets.UTF_8).trim());
    }
  }
}
