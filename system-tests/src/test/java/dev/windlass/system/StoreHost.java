package dev.windlass.system;

import static org.awaitility.Awaitility.await;

import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.core.EngineBuilder;
import dev.windlass.error.EngineException;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskDescription;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A host that submits small jobs one after another, while somebody breaks its store.
 *
 * <p>Prints for each what it was told: {@code accepted NAME ID} or {@code refused NAME CODE}, and
 * {@code finished NAME ID}; or {@code unopened engine CODE}. After a refusal it waits until the
 * engine can be used again, or gives up, as it is told.
 */
final class StoreHost {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private StoreHost() {}

  /** Arguments: the engine's directory, how many jobs, {@code patient} or {@code once}. */
  public static void main(String[] args) {
    try (Engine engine = open(Path.of(args[0]))) {
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        if (!run(engine, "job" + i)) {
          if (args[2].equals("once")) {
            return;
          }
          await().atMost(PATIENCE).until(() -> isUsable(engine));
        }
      }
    } catch (EngineException e) {
      System.out.println("unopened engine " + e.code());
    }
  }

  private static boolean run(Engine engine, String name) {
    try {
      JobId job = engine.submit(description(name));
      System.out.println("accepted " + name + " " + job);
      // Not engine.await, which waits for as long as the store is away.
      await().atMost(PATIENCE).until(() -> engine.job(job).isOver());
      System.out.println("finished " + name + " " + job);
      return true;
    } catch (EngineException e) {
      System.out.println("refused " + name + " " + e.code());
      return false;
    }
  }

  private static boolean isUsable(Engine engine) {
    try {
      engine.jobs(JobQuery.all());
      return true;
    } catch (EngineException e) {
      return false;
    }
  }

  static Engine open(Path directory) {
    return EngineBuilder.at(directory)
        .executor(FunctionExecutor.builder("functions").function("quick", run -> 0).build())
        .open();
  }

  private static JobDescription description(String name) {
    return JobDescription.builder(name)
        .task("only", TaskDescription.builder(Command.of("quick")).instances(3).build())
        .build();
  }
}
