package dev.windlass.testkit.executor;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.BlockingExecutor;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.executor.NodeReport;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.testkit.crash.HostProcesses;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Programs as children of this JVM, in a few lines over {@link BlockingExecutor}. Keeps to the
 * contract; each planted defect overrides one of its package-private methods, or one of the SPI's.
 */
class SimpleProcessExecutor implements Executor {

  static final ExecutorInfo INFO =
      new ExecutorInfo("simple-process", Set.of(Capability.PROGRAMS), Resources.cpus(2));

  private static final String COOKIE = "SIMPLE_PROCESS_COOKIE";

  private final BlockingExecutor blocking = new BlockingExecutor(INFO, new Programs());

  // --- What a defect may do otherwise ----------------------------------------------------------

  /** Passes a report on. */
  void tell(AttemptReport report, ExecutorContext context) {
    context.report(report);
  }

  /** The directory in which a program starts. */
  Path home(AttemptSpec spec) {
    return spec.workDirectory();
  }

  /** The command that gives a program the variables of the specification and no others. */
  String environment() {
    return "env -i";
  }

  /** How a variable is handed over. */
  Optional<String> variable(String name, String value) {
    return Optional.of(name + "=" + value);
  }

  /** How an argument is handed over. */
  String argument(String argument) {
    return argument;
  }

  ProcessBuilder.Redirect output(Path file) {
    return ProcessBuilder.Redirect.appendTo(file.toFile());
  }

  /** Asks the program to end and waits for that; afterwards it is ended without asking. */
  void end(Process process, Duration grace) throws InterruptedException {
    process.destroy();
    process.waitFor(grace.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Until nobody is found twice, since what is found may have forked meanwhile. */
  void endAll(String cookie) {
    for (int empty = 0; empty < 2; ) {
      List<Long> left = HostProcesses.marked(cookie);
      left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      empty = left.isEmpty() ? empty + 1 : 0;
    }
  }

  /** How an attempt ended, of which nothing runs any longer. */
  Outcome outcome(AttemptSpec spec, int code, boolean cancelled) throws IOException {
    return cancelled ? new Outcome.Cancelled() : new Outcome.Exited(code);
  }

  // --- The SPI ---------------------------------------------------------------------------------

  @Override
  public ExecutorInfo info() {
    return INFO;
  }

  @Override
  public void open(ExecutorContext context) {
    blocking.open(
        new ExecutorContext() {
          @Override
          public String engineId() {
            return context.engineId();
          }

          @Override
          public Path attempts() {
            return context.attempts();
          }

          @Override
          public Path directory() {
            return context.directory();
          }

          @Override
          public void report(AttemptReport report) {
            tell(report, context);
          }

          @Override
          public void report(NodeReport report) {
            context.report(report);
          }
        });
  }

  @Override
  public void launch(AttemptSpec spec) {
    blocking.launch(spec);
  }

  @Override
  public void cancel(AttemptId id, Duration grace) {
    blocking.cancel(id, grace);
  }

  @Override
  public Collection<AttemptReport> recover(Set<AttemptId> expected) {
    return blocking.recover(expected);
  }

  @Override
  public void release(AttemptId id) {
    blocking.release(id);
  }

  @Override
  public void close() {
    blocking.close();
  }

  // --- Its work --------------------------------------------------------------------------------

  private final class Programs implements BlockingExecutor.Work {

    @Override
    public Optional<String> objection(AttemptSpec spec) {
      return candidates(spec).anyMatch(Files::isExecutable)
          ? Optional.empty()
          : Optional.of("there is no program " + spec.arguments().get(0));
    }

    @Override
    public Outcome run(AttemptSpec spec, BlockingExecutor.Cancellation cancellation)
        throws IOException {
      for (PathBinding binding : spec.bindings()) {
        Files.createSymbolicLink(spec.workDirectory().resolve(binding.program()), binding.host());
      }
      String cookie = COOKIE + "=" + spec.id() + ";";
      Process process = start(spec, cookie);
      int code;
      try {
        code = await(process, cancellation);
      } finally {
        endAll(cookie);
      }
      return outcome(spec, code, cancellation.isRequested());
    }
  }

  private static Stream<Path> candidates(AttemptSpec spec) {
    String program = spec.arguments().get(0);
    return program.contains("/")
        ? Stream.of(spec.workDirectory().resolve(program))
        : Arrays.stream(spec.environment().getOrDefault("PATH", "/bin").split(":"))
            .map(directory -> Path.of(directory, program));
  }

  /** The shell is replaced by the program; it only brings the bytes across, in UTF-8. */
  private Process start(AttemptSpec spec, String cookie) throws IOException {
    StringBuilder line = new StringBuilder("exec " + environment() + " " + quote(cookie));
    spec.environment()
        .forEach(
            (name, value) ->
                variable(name, value).ifPresent(text -> line.append(' ').append(quote(text))));
    line.append(" setsid");
    spec.arguments().forEach(text -> line.append(' ').append(quote(argument(text))));
    Process process =
        new ProcessBuilder("/bin/sh")
            .directory(home(spec).toFile())
            .redirectOutput(output(spec.stdout()))
            .redirectError(output(spec.stderr()))
            .start();
    try (OutputStream input = process.getOutputStream()) {
      input.write((line + " </dev/null\n").getBytes(StandardCharsets.UTF_8));
    }
    return process;
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private int await(Process process, BlockingExecutor.Cancellation cancellation) {
    while (true) {
      try {
        if (!cancellation.isRequested()) {
          return process.waitFor();
        }
        end(process, cancellation.graceLeft());
        process.destroyForcibly();
        return process.waitFor();
      } catch (InterruptedException e) {
        // Cancelled, or cancelled again with a shorter grace period: look anew.
      }
    }
  }
}
