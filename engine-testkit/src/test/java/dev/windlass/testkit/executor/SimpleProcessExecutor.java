package dev.windlass.testkit.executor;

import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.BlockingExecutor;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Programs as children of this JVM, in a few lines over {@link BlockingExecutor}. Keeps to the
 * contract, and can be told to break it in one place.
 */
class SimpleProcessExecutor implements Executor {

  private static final ExecutorInfo INFO =
      new ExecutorInfo("simple-process", Set.of(Capability.PROGRAMS), Resources.cpus(2));

  private static final String COOKIE = "SIMPLE_PROCESS_COOKIE";

  private final BlockingExecutor blocking = new BlockingExecutor(INFO, (spec, c) -> run(spec, c));
  private final Map<AttemptId, Long> killAtNanos = new ConcurrentHashMap<>();

  @Override
  public ExecutorInfo info() {
    return INFO;
  }

  @Override
  public void open(ExecutorContext context) {
    blocking.open(context);
  }

  @Override
  public void launch(AttemptSpec spec) {
    if (candidates(spec).noneMatch(Files::isExecutable)) {
      String message = "there is no program " + spec.arguments().get(0);
      throw new ExecutorException(ErrorCode.CANNOT_START, spec.id(), message, null);
    }
    blocking.launch(spec);
  }

  private static Stream<Path> candidates(AttemptSpec spec) {
    String program = spec.arguments().get(0);
    return program.contains("/")
        ? Stream.of(spec.workDirectory().resolve(program))
        : Arrays.stream(spec.environment().getOrDefault("PATH", "/bin").split(":"))
            .map(directory -> Path.of(directory, program));
  }

  @Override
  public void cancel(AttemptId id, Duration grace) {
    long at = System.nanoTime() + grace.toNanos();
    killAtNanos.merge(id, at, (one, other) -> one - other < 0 ? one : other);
    blocking.cancel(id, grace);
  }

  @Override
  public Collection<AttemptReport> recover(Set<AttemptId> expected) {
    return blocking.recover(expected);
  }

  @Override
  public void release(AttemptId id) {
    killAtNanos.remove(id);
    blocking.release(id);
  }

  @Override
  public void close() {
    blocking.close();
  }

  private Outcome run(AttemptSpec spec, BlockingExecutor.Cancellation cancellation)
      throws IOException {
    for (PathBinding binding : spec.bindings()) {
      Files.createSymbolicLink(spec.workDirectory().resolve(binding.program()), binding.host());
    }
    String cookie = COOKIE + "=" + spec.id() + ";";
    Process process = start(spec, cookie);
    try {
      int code = await(process, spec.id(), cancellation);
      return cancellation.isRequested() ? new Outcome.Cancelled() : new Outcome.Exited(code);
    } finally {
      endAll(cookie);
    }
  }

  /** The shell is replaced by the program; it only brings the bytes across, in UTF-8. */
  private static Process start(AttemptSpec spec, String cookie) throws IOException {
    StringBuilder line = new StringBuilder("exec env -i ").append(quote(cookie));
    spec.environment().forEach((name, value) -> line.append(' ').append(quote(name + "=" + value)));
    line.append(" setsid");
    spec.arguments().forEach(argument -> line.append(' ').append(quote(argument)));
    Process process =
        new ProcessBuilder("/bin/sh")
            .directory(spec.workDirectory().toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.stdout().toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(spec.stderr().toFile()))
            .start();
    try (OutputStream input = process.getOutputStream()) {
      input.write((line + " </dev/null\n").getBytes(StandardCharsets.UTF_8));
    }
    return process;
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private int await(Process process, AttemptId id, BlockingExecutor.Cancellation cancellation)
      throws IOException {
    while (true) {
      try {
        if (!cancellation.isRequested()) {
          return process.waitFor();
        }
        process.destroy();
        long left = killAtNanos.getOrDefault(id, System.nanoTime()) - System.nanoTime();
        if (!process.waitFor(left, TimeUnit.NANOSECONDS)) {
          process.destroyForcibly();
        }
        return process.waitFor();
      } catch (InterruptedException e) {
        // Cancelled, or cancelled again with a shorter grace period: look anew.
      }
    }
  }

  /** Until nobody is found twice, since what is found may have forked meanwhile. */
  void endAll(String cookie) {
    for (int empty = 0; empty < 2; ) {
      List<Long> left = Processes.marked(cookie);
      left.forEach(Processes::kill);
      empty = left.isEmpty() ? empty + 1 : 0;
    }
  }
}
