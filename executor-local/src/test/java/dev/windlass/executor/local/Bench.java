package dev.windlass.executor.local;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.NodeReport;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.TaskName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A local executor on a directory of its own, and what it has reported. Closing it leaves no
 * process behind, so that a failed test does not spoil the next.
 */
final class Bench implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path root;
  private final LocalExecutorConfig config;
  private final Reports reports = new Reports();
  private LocalExecutor executor;
  private int attempts;

  Bench(Path root, LocalExecutorConfig config) {
    this.root = root;
    this.config = config;
    this.executor = open();
  }

  /** With everything this host offers. */
  static Bench on(Path root) {
    return new Bench(root, LocalExecutorConfig.builder().build());
  }

  /** As it is for an ordinary user of a host that offers nothing. */
  static Bench unprivileged(Path root) {
    return new Bench(root, UNPRIVILEGED);
  }

  static final LocalExecutorConfig UNPRIVILEGED =
      LocalExecutorConfig.builder()
          .controlGroups(LocalExecutorConfig.Use.NEVER)
          .namespaces(LocalExecutorConfig.Use.NEVER)
          .build();

  static AttemptId id(int number) {
    return new InstanceId(new JobId("job-" + "0".repeat(32)), new TaskName("task"), number)
        .attempt(1);
  }

  private LocalExecutor open() {
    LocalExecutor fresh = LocalExecutor.create(config);
    fresh.open(reports);
    return fresh;
  }

  LocalExecutor executor() {
    return executor;
  }

  String engineId() {
    return reports.engineId();
  }

  Path directory() {
    return reports.directory();
  }

  /**
   * Closes the executor and opens another on the same directory, as after a restart of the host.
   */
  void restart() {
    executor.close();
    reports.all.clear();
    executor = open();
  }

  AttemptSpec spec(String... arguments) {
    return spec(builder -> builder, arguments);
  }

  AttemptSpec shell(String line) {
    return spec("/bin/sh", "-c", line);
  }

  AttemptSpec spec(UnaryOperator<AttemptSpec.Builder> more, String... arguments) {
    AttemptId id = id(attempts++);
    Path directory = root.resolve("attempts").resolve(Integer.toString(id.instance().index()));
    try {
      Files.createDirectories(directory.resolve("work"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return more.apply(AttemptSpec.builder(id, directory, List.of(arguments)).environment(Map.of()))
        .build();
  }

  AttemptReport.Ended run(AttemptSpec spec) {
    executor.launch(spec);
    return awaitEnd(spec.id());
  }

  Outcome outcome(AttemptSpec spec) {
    return run(spec).outcome();
  }

  AttemptReport.Ended awaitEnd(AttemptId id) {
    return reports.await(id, AttemptReport.Ended.class);
  }

  AttemptReport.Started awaitStart(AttemptId id) {
    return reports.await(id, AttemptReport.Started.class);
  }

  List<AttemptReport> reportsOf(AttemptId id) {
    synchronized (reports) {
      return reports.all.stream().filter(report -> report.id().equals(id)).toList();
    }
  }

  Collection<AttemptReport> recover(AttemptId... expected) {
    return executor.recover(Set.of(expected));
  }

  static void await(java.util.function.BooleanSupplier condition) {
    org.awaitility.Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(condition::getAsBoolean);
  }

  static String stdout(AttemptSpec spec) {
    return text(spec.stdout());
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Processes with the cookie of any attempt of this bench. */
  List<Long> leftovers() {
    return ProcFs.all().stream()
        .filter(
            process ->
                Sweep.cookieOf(ProcFs.environment(process.pid()))
                    .filter(cookie -> cookie.startsWith(reports.engineId() + "/"))
                    .isPresent())
        .map(ProcFs.Stat::pid)
        .toList();
  }

  @Override
  public void close() {
    executor.recover(Set.of()).forEach(report -> executor.cancel(report.id(), Duration.ZERO));
    await(
        () -> executor.recover(Set.of()).stream().allMatch(AttemptReport.Ended.class::isInstance));
    executor.recover(Set.of()).forEach(report -> executor.release(report.id()));
    executor.close();
    while (!leftovers().isEmpty()) {
      leftovers().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
  }

  /** The engine's side. Guarded by itself. */
  private final class Reports implements ExecutorContext {
    private final List<AttemptReport> all = new ArrayList<>();
    private final String engine = "test" + Long.toString(System.nanoTime(), 36);

    @Override
    public String engineId() {
      return engine;
    }

    @Override
    public Path attempts() {
      return root;
    }

    @Override
    public Path directory() {
      try {
        return Files.createDirectories(root.resolve("executor"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void report(NodeReport report) {}

    @Override
    public synchronized void report(AttemptReport report) {
      all.add(report);
      notifyAll();
    }

    synchronized <T extends AttemptReport> T await(AttemptId id, Class<T> kind) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (true) {
        for (AttemptReport report : all) {
          if (report.id().equals(id) && kind.isInstance(report)) {
            return kind.cast(report);
          }
        }
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError("no " + kind.getSimpleName() + " of " + id + " in " + all);
        }
        try {
          wait(left);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }
}
