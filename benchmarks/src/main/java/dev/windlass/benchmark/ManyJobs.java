package dev.windlass.benchmark;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.windlass.Engine;
import dev.windlass.core.EngineBuilder;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Many jobs on an executor in this JVM: all of them end, and memory does not grow with what has
 * ended.
 *
 * <p>Arguments: how many jobs (1000), how many instances each has (100). A hundred jobs at a time
 * are submitted and awaited; after each hundred a line tells the jobs done, the time since the
 * beginning and the heap in use after a forced collection.
 */
public final class ManyJobs {

  private static final int AT_A_TIME = 100;
  private static final double MIB = 1 << 20;
  private static final double NANOS = 1e9;

  private ManyJobs() {}

  /**
   * Runs them in a temporary directory.
   *
   * @param args see the class
   * @throws Exception if anything goes wrong
   */
  public static void main(String[] args) throws Exception {
    int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
    int instances = args.length > 1 ? Integer.parseInt(args[1]) : 100;
    Path directory = Files.createTempDirectory("windlass-many-jobs");
    FunctionExecutor functions =
        FunctionExecutor.builder("functions").function("nothing", run -> 0).build();
    try (Engine engine = EngineBuilder.at(directory).executor(functions).open()) {
      run(engine, jobs, instances);
    } finally {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static void run(Engine engine, int jobs, int instances) throws InterruptedException {
    JobDescription job =
        JobDescription.builder("many")
            .task(
                "work", TaskDescription.builder(Command.of("nothing")).instances(instances).build())
            .build();
    System.out.println("jobs done  seconds  heap in MiB");
    long begunNanos = System.nanoTime();
    for (int done = 0; done < jobs; done += AT_A_TIME) {
      List<JobId> submitted = new ArrayList<>();
      for (int i = done; i < Math.min(jobs, done + AT_A_TIME); i++) {
        submitted.add(engine.submit(job));
      }
      for (JobId id : submitted) {
        if (engine.await(id).state() != State.FINISHED) {
          throw new IllegalStateException("did not finish: " + engine.job(id));
        }
      }
      System.out.println(
          String.format(
              Locale.ROOT,
              "%9d  %7.1f  %11.1f",
              done + submitted.size(),
              (System.nanoTime() - begunNanos) / NANOS,
              heapBytes() / MIB));
    }
  }

  private static long heapBytes() {
    Runtime runtime = Runtime.getRuntime();
    System.gc(); // what is asked for is what is held, not what has not been collected yet
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
