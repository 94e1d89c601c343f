package dev.windlass.testkit.script;

import dev.windlass.error.ErrorCode;
import dev.windlass.executor.ExecutorException;
import dev.windlass.job.AttemptId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt, or several in a row, of each instance goes. Its methods say more about it and
 * give it back; they must be called before the attempts are launched.
 */
public final class ScriptStep {

  /** How long a program runs if nothing is said. */
  static final Duration USUAL_DURATION = Duration.ofSeconds(1);

  private final String what;
  private final @Nullable ErrorCode refusal;
  private final ScriptedProgram program;

  /** The program says itself when it ends. */
  private final boolean ownTime;

  private final Map<String, String> files = new LinkedHashMap<>();
  private final StringBuilder stdout = new StringBuilder();
  private final StringBuilder stderr = new StringBuilder();
  private Optional<Duration> after = Optional.empty();
  private boolean obeys = true;
  private int times;
  private int cameAtMost;
  private @Nullable ScriptPart part;

  private ScriptStep(
      String what, @Nullable ErrorCode refusal, ScriptedProgram program, boolean ownTime) {
    this.what = what;
    this.refusal = refusal;
    this.program = program;
    this.ownTime = ownTime;
  }

  static ScriptStep program(String what, ScriptedProgram program, boolean ownTime) {
    return new ScriptStep(what, null, Objects.requireNonNull(program, "program"), ownTime);
  }

  static ScriptStep refusal(ErrorCode code) {
    return new ScriptStep("is refused with " + code, code, run -> ProgramEnd.never(), true);
  }

  ScriptStep belongsTo(ScriptPart owner) {
    part = owner;
    return this;
  }

  /**
   * How long the program runs. Default: one second.
   *
   * @param duration of virtual time; not negative
   * @return this
   * @throws IllegalArgumentException if negative
   * @throws IllegalStateException if the attempt does not run, runs forever, or is a function,
   *     which says itself when it ends
   */
  public ScriptStep after(Duration duration) {
    if (ownTime) {
      throw new IllegalStateException("'" + what + "' has no time of its own to be set");
    }
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration must not be negative, was " + duration);
    }
    after = Optional.of(duration);
    return this;
  }

  /**
   * What the program writes at its end, if it comes to it. Outputs are published only if it
   * succeeds.
   *
   * @param path as the program sees it: relative to its working directory, or an absolute path of a
   *     mapping
   * @param text the whole content, written as UTF-8
   * @return this
   */
  public ScriptStep writing(String path, String text) {
    files.put(Objects.requireNonNull(path, "path"), Objects.requireNonNull(text, "text"));
    return this;
  }

  /**
   * What the program prints to standard output when it begins.
   *
   * @param text added to what was said before, without a line feed of its own
   * @return this
   */
  public ScriptStep printing(String text) {
    stdout.append(text);
    return this;
  }

  /**
   * What the program prints to standard error when it begins.
   *
   * @param text added to what was said before, without a line feed of its own
   * @return this
   */
  public ScriptStep printingError(String text) {
    stderr.append(text);
    return this;
  }

  /**
   * Lets the program go on when it is told to end; it is ended when the grace is over.
   *
   * @return this
   */
  public ScriptStep ignoringCancellation() {
    obeys = false;
    return this;
  }

  /**
   * How many attempts of each instance go so, one after another. Default: once if another step
   * follows with {@link #then}; otherwise always.
   *
   * @param count at least 1
   * @return this
   * @throws IllegalArgumentException if below 1
   */
  public ScriptStep times(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1, was " + count);
    }
    times = count;
    return this;
  }

  /**
   * Begins the next step: how the attempts after these go.
   *
   * @return the ways in which it can go
   */
  public ScriptOutcomes then() {
    ScriptPart owner = Objects.requireNonNull(part, "part");
    return new ScriptOutcomes() {
      @Override
      ScriptStep add(ScriptStep step) {
        return owner.add(step.belongsTo(owner));
      }
    };
  }

  /** How many attempts of an instance go so. */
  int times(boolean last) {
    return times > 0 ? times : last ? Integer.MAX_VALUE : 1;
  }

  /** An attempt of an instance goes so, and it is not the first of it. */
  void came(int count) {
    cameAtMost = Math.max(cameAtMost, count);
  }

  Optional<String> unused() {
    int expected = Math.max(1, times);
    return cameAtMost >= expected
        ? Optional.empty()
        : Optional.of(what + (times > 1 ? ", " + times + " times: came " : ": came ") + cameAtMost);
  }

  // ---- the attempt ----

  Optional<ExecutorException> refusalOf(AttemptId id) {
    return Optional.ofNullable(refusal)
        .map(code -> new ExecutorException(code, id, "the script says so", null));
  }

  boolean obeysCancellation() {
    return obeys;
  }

  ProgramEnd begin(ScriptedRun run) throws Exception {
    if (stdout.length() > 0) {
      run.print(stdout.toString());
    }
    if (stderr.length() > 0) {
      run.printError(stderr.toString());
    }
    ProgramEnd end = Objects.requireNonNull(program.run(run), "the end of the program");
    return after.map(end::after).orElse(end);
  }

  void end(ScriptedRun run) {
    files.forEach(run::write);
  }

  boolean isFunction() {
    return ownTime;
  }
}
