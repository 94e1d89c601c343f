package dev.windlass.executor;

import dev.windlass.error.ErrorCode;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs Java code of the host as the program of a task.
 *
 * <pre>{@code
 * Executor functions =
 *     FunctionExecutor.builder("functions")
 *         .function("greet", run -> {
 *           run.stdout().println("hello " + run.arguments().get(0));
 *           return 0;
 *         })
 *         .build();
 * TaskDescription task =
 *     TaskDescription.builder(Command.of("greet", "world")).executor("functions").build();
 * }</pre>
 *
 * <p>The program of a command is the name of a function. What the function returns is the attempt's
 * exit code; if it throws, the code is 1 and the stack trace goes to standard error. Evidence lives
 * in this JVM only, so after a crash of the host a function that was running is run again: at least
 * once.
 */
public final class FunctionExecutor implements Executor {

  /** The Java code of a task. */
  @FunctionalInterface
  public interface TaskFunction {
    /**
     * Runs one attempt. Called on a thread of that attempt's own, for several attempts at once.
     *
     * @param run what the attempt is given
     * @return the exit code, 0 to 255; 0 is success
     * @throws Exception anything; the exit code is then 1
     */
    int run(FunctionRun run) throws Exception;
  }

  /** What one attempt of a function is given. Belongs to the attempt's thread. */
  public interface FunctionRun {
    /**
     * Which attempt this is.
     *
     * @return its id, with job, task and index
     */
    AttemptId id();

    /**
     * The command's arguments after the function's name.
     *
     * @return possibly empty
     */
    List<String> arguments();

    /**
     * The variables that a program would see.
     *
     * @return name to value
     */
    Map<String, String> environment();

    /**
     * Says whether the attempt was cancelled; its thread is interrupted then too.
     *
     * @return true once it should end
     */
    boolean isCancelled();

    /**
     * A directory for the attempt's scratch files, made at the first call.
     *
     * @return absolute path of an existing directory
     */
    Path workDirectory();

    /**
     * Standard output; its file is made at the first call.
     *
     * @return the same stream at every call, in UTF-8
     */
    PrintStream stdout();

    /**
     * Standard error; its file is made at the first call.
     *
     * @return the same stream at every call, in UTF-8
     */
    PrintStream stderr();
  }

  private final Map<String, TaskFunction> functions;
  private final BlockingExecutor blocking;

  private FunctionExecutor(Builder builder) {
    this.functions = Map.copyOf(builder.functions);
    this.blocking =
        new BlockingExecutor(new ExecutorInfo(builder.name, Set.of(), builder.capacity), this::run);
  }

  /**
   * Begins an executor without functions that runs as many at once as there are processors.
   *
   * @param name the executor's name
   * @return a builder
   */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /** Collects the functions. Not for use by several threads at once. */
  public static final class Builder {
    private final String name;
    private final Map<String, TaskFunction> functions = new LinkedHashMap<>();
    private Resources capacity = Resources.cpus(Runtime.getRuntime().availableProcessors());

    private Builder(String name) {
      this.name = Objects.requireNonNull(name, "name");
    }

    /**
     * Adds a function.
     *
     * @param functionName the program name by which commands call it
     * @param function the code
     * @return this
     * @throws IllegalArgumentException if the name is already used
     */
    public Builder function(String functionName, TaskFunction function) {
      if (functions.putIfAbsent(functionName, function) != null) {
        throw new IllegalArgumentException("the function " + functionName + " is already there");
      }
      return this;
    }

    /**
     * What the executor's default node offers. Default: this machine's processors.
     *
     * @param offered the resources
     * @return this
     */
    public Builder capacity(Resources offered) {
      capacity = Objects.requireNonNull(offered, "offered");
      return this;
    }

    /**
     * Makes the executor.
     *
     * @return the executor
     */
    public FunctionExecutor build() {
      return new FunctionExecutor(this);
    }
  }

  @Override
  public ExecutorInfo info() {
    return blocking.info();
  }

  @Override
  public Optional<String> refuse(TaskDescription task) {
    String function = task.command().arguments().get(0);
    return functions.containsKey(function) ? Optional.empty() : Optional.of(noFunction(function));
  }

  private String noFunction(String name) {
    List<String> names = functions.keySet().stream().sorted().toList();
    return "there is no function '" + name + "'; there are " + names;
  }

  @Override
  public void open(ExecutorContext context) {
    blocking.open(context);
  }

  @Override
  public void launch(AttemptSpec spec) {
    String function = spec.arguments().get(0);
    if (!functions.containsKey(function)) {
      throw new ExecutorException(
          ErrorCode.CANNOT_START, spec.id(), noFunction(function), /* cause= */ null);
    }
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

  private Outcome run(AttemptSpec spec, BlockingExecutor.Cancellation cancellation) {
    TaskFunction function =
        Objects.requireNonNull(functions.get(spec.arguments().get(0)), "checked by launch");
    try (Run run = new Run(spec, cancellation)) {
      return run.outcomeOf(function);
    }
  }

  private static final class Run implements FunctionRun, AutoCloseable {
    private final AttemptSpec spec;
    private final BlockingExecutor.Cancellation cancellation;
    private @Nullable PrintStream stdout;
    private @Nullable PrintStream stderr;

    Run(AttemptSpec spec, BlockingExecutor.Cancellation cancellation) {
      this.spec = spec;
      this.cancellation = cancellation;
    }

    Outcome outcomeOf(TaskFunction function) {
      try {
        int code = function.run(this);
        if (code < 0 || code > 255) {
          throw new IllegalStateException("an exit code is 0 to 255, was " + code);
        }
        return new Outcome.Exited(code);
      } catch (Throwable e) {
        // The edge of foreign code: what it throws is the failure of this attempt.
        if (cancellation.isRequested()) {
          return new Outcome.Cancelled();
        }
        e.printStackTrace(stderr());
        return new Outcome.Exited(1);
      }
    }

    @Override
    public AttemptId id() {
      return spec.id();
    }

    @Override
    public List<String> arguments() {
      return spec.arguments().subList(1, spec.arguments().size());
    }

    @Override
    public Map<String, String> environment() {
      return spec.environment();
    }

    @Override
    public boolean isCancelled() {
      return cancellation.isRequested();
    }

    @Override
    public Path workDirectory() {
      return directory(spec.workDirectory());
    }

    @Override
    public PrintStream stdout() {
      if (stdout == null) {
        stdout = open(spec.stdout());
      }
      return stdout;
    }

    @Override
    public PrintStream stderr() {
      if (stderr == null) {
        stderr = open(spec.stderr());
      }
      return stderr;
    }

    private PrintStream open(Path file) {
      directory(spec.directory());
      try {
        OutputStream out =
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new PrintStream(new BufferedOutputStream(out), true, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Path directory(Path path) {
      try {
        return Files.createDirectories(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      if (stdout != null) {
        stdout.close();
      }
      if (stderr != null) {
        stderr.close();
      }
    }
  }
}
