package dev.windlass.benchmark;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.Retention;
import dev.windlass.core.EngineBuilder;
import dev.windlass.event.EventRetention;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.consumer.RecordingStream;

/**
 * Many jobs that have ended are purged while others run: the loop is not held up, and the state
 * file is used again.
 *
 * <p>Arguments: how many jobs have ended (100000), how many run (100). First the former are run to
 * their end, all kept. Then the engine is opened with a retention that keeps none of them, and
 * while it purges, the latter run, of 1,000 instances each. Turns of the loop of more than 10 ms
 * are told by the Flight Recorder. At last a tenth as many jobs come to their end and go as well,
 * for which the file should not grow.
 */
public final class Purging {
  private static final int INSTANCES = 1_000;
  private static final int AT_A_TIME = 500;
  private static final double MIB = 1 << 20;
  private static final double NANOS = 1e9;
  private static final String TURN = "dev.windlass.Turn";

  private Purging() {}

  /**
   * Runs it in a temporary directory.
   *
   * @param args see the class
   * @throws Exception if anything goes wrong
   */
  public static void main(String[] args) throws Exception {
    int ended = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    int running = args.length > 1 ? Integer.parseInt(args[1]) : 100;
    Path directory = Files.createTempDirectory("windlass-retention");
    try {
      long begunNanos = System.nanoTime();
      try (Engine engine = open(directory, Retention.forever())) {
        runToEnd(engine, ended);
      }
      tell(directory, ended + " jobs have ended", begunNanos);
      try (Engine engine = open(directory, Retention.forever().atMostJobs(0))) {
        purge(engine, running, directory);
        begunNanos = System.nanoTime();
        runToEnd(engine, ended / 10);
        awaitPurged(engine);
        tell(directory, ended / 10 + " more have ended and are purged", begunNanos);
      }
    } finally {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static Engine open(Path directory, Retention retention) {
    FunctionExecutor functions =
        FunctionExecutor.builder("functions")
            .capacity(Resources.cpus(4))
            .function("nothing", run -> 0)
            .build();
    return EngineBuilder.at(directory)
        .executor(functions)
        .retention(retention)
        .eventRetention(EventRetention.ofCount(1_000))
        .open();
  }

  private static void runToEnd(Engine engine, int jobs) throws InterruptedException {
    for (int done = 0; done < jobs; done += AT_A_TIME) {
      List<CompletableFuture<Void>> over = new ArrayList<>();
      for (int i = done; i < Math.min(jobs, done + AT_A_TIME); i++) {
        over.add(
            CompletableFuture.supplyAsync(() -> engine.submit(job(1)))
                .thenCompose(id -> engine.whenOver(id))
                .thenAccept(status -> {}));
      }
      over.forEach(CompletableFuture::join);
    }
  }

  private static JobDescription job(int instances) {
    return JobDescription.builder("small")
        .task("work", TaskDescription.builder(Command.of("nothing")).instances(instances).build())
        .build();
  }

  private static void purge(Engine engine, int running, Path directory) throws Exception {
    AtomicLong longestNanos = new AtomicLong();
    AtomicLong turns = new AtomicLong();
    CountDownLatch recording = new CountDownLatch(1);
    try (RecordingStream recorder = new RecordingStream()) {
      recorder.enable(TURN);
      recorder.onEvent(
          TURN,
          turn -> {
            turns.incrementAndGet();
            longestNanos.accumulateAndGet(turn.getDuration().toNanos(), Math::max);
          });
      recorder.onFlush(recording::countDown);
      recorder.startAsync();
      recording.await();
      long begunNanos = System.nanoTime();
      List<JobId> jobs = new ArrayList<>();
      for (int i = 0; i < running; i++) {
        jobs.add(engine.submit(job(INSTANCES)));
      }
      for (JobId id : jobs) {
        if (engine.whenOver(id).toCompletableFuture().join().state() != State.FINISHED) {
          throw new IllegalStateException("did not finish: " + id);
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%d jobs of %d instances ran to their end in %.1f s; %d jobs are still there%n",
          running,
          INSTANCES,
          (System.nanoTime() - begunNanos) / NANOS,
          count(engine));
      awaitPurged(engine);
      tell(directory, "all are purged", begunNanos);
      // What is recorded comes with a flush; one may be under way already.
      CountDownLatch told = new CountDownLatch(2);
      recorder.onFlush(told::countDown);
      told.await();
    }
    System.out.printf(
        Locale.ROOT,
        "turns of the loop of more than 10 ms: %d, the longest %.1f ms%n",
        turns.get(),
        longestNanos.get() / 1e6);
  }

  private static void awaitPurged(Engine engine) throws InterruptedException {
    while (!engine.jobs(JobQuery.all().limit(1)).items().isEmpty()) {
      Thread.sleep(100);
    }
  }

  private static long count(Engine engine) {
    long count = 0;
    JobQuery query = JobQuery.all().limit(1_000);
    var page = engine.jobs(query);
    while (true) {
      count += page.items().size();
      if (page.next().isEmpty()) {
        return count;
      }
      page = engine.jobs(query.after(page.next().get()));
    }
  }

  private static void tell(Path directory, String what, long begunNanos) throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%s after %.1f s; the state file has %.1f MiB%n",
        what,
        (System.nanoTime() - begunNanos) / NANOS,
        Files.size(directory.resolve("state.db")) / MIB);
  }
}
