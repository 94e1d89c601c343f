package dev.windlass.benchmark;

import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.Page;
import dev.windlass.core.EngineBuilder;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * The host of {@link Million}: ten jobs of one task on an executor in this JVM. The first instances
 * of each task end, one in ten badly; the next ones run for ever, two of each task at a time, and
 * all others wait.
 */
final class MillionHost {
  /** Makes the engine and measures it. */
  static final String FIRST = "first";

  /** Opens the engine that is there. */
  static final String AGAIN = "again";

  /** The last line: it may be killed. */
  static final String DONE = "done";

  private static final int JOBS = 10;
  private static final int AT_ONCE = 2;
  private static final int ONE_FAILS_OF = 10;
  private static final int CALLS = 300;
  private static final int PAGE = 100;
  private static final int LARGE_PAGE = 1_000;
  private static final long POLL_MILLIS = 100;
  private static final double MIB = 1 << 20;
  private static final TaskName TASK = new TaskName("work");

  private final Path directory;
  private final int instances;
  private final int ended;
  private final CountDownLatch begun = new CountDownLatch(1);

  private MillionHost(Path directory, int instances, int ended) {
    this.directory = directory;
    this.instances = instances / JOBS;
    this.ended = ended / JOBS;
  }

  /** Arguments: the mode, the engine's directory, how many instances there are, how many end. */
  public static void main(String[] args) throws Exception {
    MillionHost host =
        new MillionHost(Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    if (args[0].equals(FIRST)) {
      host.first();
    } else {
      host.again();
    }
    System.out.println(DONE);
    new CountDownLatch(1).await();
  }

  private Engine open() {
    FunctionExecutor functions =
        FunctionExecutor.builder("functions")
            .capacity(Resources.cpus(JOBS * AT_ONCE))
            .function("work", run -> work(run.id().instance().index()))
            .build();
    return EngineBuilder.at(directory).executor(functions).open();
  }

  private int work(int index) throws InterruptedException {
    if (index >= ended) {
      begun.countDown();
      new CountDownLatch(1).await();
    }
    return index % ONE_FAILS_OF == 0 ? 1 : 0;
  }

  private JobDescription job() {
    return JobDescription.builder("million")
        .failOnInstanceFail(false)
        .task(
            TASK.value(),
            TaskDescription.builder(Command.of("work"))
                .instances(instances)
                .maxRunning(AT_ONCE)
                .retry(RetryPolicy.NONE)
                .build())
        .build();
  }

  private void first() throws Exception {
    Engine engine = open();
    long begunNanos = System.nanoTime();
    List<JobId> jobs = new ArrayList<>();
    for (int i = 0; i < JOBS; i++) {
      jobs.add(engine.submit(job()));
    }
    Million.print(JOBS + " jobs submitted", begunNanos);
    awaitEnded(engine, ended); // a tenth of all that end
    measure("while instances end", engine, jobs);
    boolean stillEnding = endedOf(engine) < (long) JOBS * ended;
    System.out.println(stillEnding ? "they still end" : "TOO LATE: all had ended before that");
    awaitEnded(engine, (long) JOBS * ended);
    Million.print("all ended that end", begunNanos);
    measure("while all others wait", engine, jobs);
    page(engine, jobs);
    tellSizes();
  }

  private void awaitEnded(Engine engine, long count) throws InterruptedException {
    while (endedOf(engine) < count) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static long endedOf(Engine engine) {
    long sum = 0;
    for (JobStatus job : engine.jobs(JobQuery.all()).items()) {
      sum += job.instances().finished() + job.instances().failed();
    }
    return sum;
  }

  // ---- what questions cost ----

  private void measure(String when, Engine engine, List<JobId> jobs) {
    List<Latency> all =
        List.of(
            new Latency("status of a job", i -> engine.job(of(jobs, i))),
            new Latency("page of all jobs", i -> engine.jobs(JobQuery.all())),
            new Latency(
                "first page of failed instances",
                i ->
                    check(
                        engine.instances(
                            of(jobs, i),
                            TASK,
                            InstanceQuery.all().inState(State.FAILED).limit(PAGE)))),
            new Latency(
                "first page of waiting instances",
                i ->
                    check(
                        engine.instances(
                            of(jobs, i),
                            TASK,
                            InstanceQuery.all().inState(State.WAITING).limit(PAGE)))),
            new Latency("why a job waits", i -> engine.why(of(jobs, i))),
            new Latency("why a task waits", i -> engine.why(of(jobs, i), TASK)),
            new Latency(
                "why an instance waits",
                i -> engine.why(new InstanceId(of(jobs, i), TASK, instances - 1 - i))));
    for (int i = 0; i < CALLS; i++) {
      for (Latency each : all) {
        each.call(i);
      }
    }
    System.out.println();
    System.out.println(Latency.heading(when));
    all.forEach(System.out::println);
  }

  private static JobId of(List<JobId> jobs, int call) {
    return jobs.get(call % jobs.size());
  }

  private static Page<InstanceStatus> check(Page<InstanceStatus> page) {
    if (page.items().isEmpty()) {
      throw new IllegalStateException("nothing on the first page");
    }
    return page;
  }

  /** All instances, each exactly once. */
  private void page(Engine engine, List<JobId> jobs) {
    List<Page<InstanceStatus>> last = new ArrayList<>();
    Latency paging = new Latency("next " + LARGE_PAGE + " of all instances", i -> {});
    long begunNanos = System.nanoTime();
    for (JobId job : jobs) {
      BitSet seen = new BitSet(instances);
      InstanceQuery query = InstanceQuery.all().limit(LARGE_PAGE);
      Optional<String> marker = Optional.empty();
      do {
        InstanceQuery next = marker.map(query::after).orElse(query);
        last.clear();
        paging.time(() -> last.add(engine.instances(job, TASK, next)));
        for (InstanceStatus instance : last.get(0).items()) {
          if (seen.get(instance.id().index())) {
            throw new IllegalStateException("shown twice: " + instance);
          }
          seen.set(instance.id().index());
        }
        marker = last.get(0).next();
      } while (marker.isPresent());
      if (seen.cardinality() != instances) {
        throw new IllegalStateException("shown: only " + seen.cardinality() + " of " + job);
      }
    }
    System.out.println(paging);
    System.out.println();
    Million.print("all instances listed, each exactly once", begunNanos);
  }

  private void tellSizes() throws IOException {
    Runtime runtime = Runtime.getRuntime();
    System.gc(); // what is asked for is what is held, not what has not been collected yet
    tellMib("heap in use", runtime.totalMemory() - runtime.freeMemory());
    long bytes = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    tellMib("state file with its log", bytes);
  }

  private static void tellMib(String what, long bytes) {
    System.out.println(String.format(Locale.ROOT, "%-56s %8.1f MiB", what, bytes / MIB));
  }

  // ---- after kill -9 ----

  private void again() throws Exception {
    System.out.println();
    long begunNanos = System.nanoTime();
    Engine engine = open();
    Million.print("opened again after kill -9", begunNanos);
    JobId job = engine.jobs(JobQuery.all()).items().get(0).id();
    engine.why(job);
    Million.print("first answer to why a job waits", begunNanos);
    begun.await();
    Million.print("first instance begun again", begunNanos);
    if (endedOf(engine) < (long) JOBS * ended) {
      throw new IllegalStateException("not all that had ended is there");
    }
  }
}
