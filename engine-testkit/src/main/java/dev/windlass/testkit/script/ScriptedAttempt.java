package dev.windlass.testkit.script;

import dev.windlass.executor.ExecutorException;
import java.util.Optional;

/**
 * What a script says of one attempt. Asked by a test engine: once for {@link #refusal} and {@link
 * #obeysCancellation} when the attempt is launched, then {@link #begin} and {@link #end}. Not for
 * use by several threads.
 */
public interface ScriptedAttempt {

  /**
   * Why the attempt is not started.
   *
   * @return what the executor throws at the launch; empty if the attempt is started
   */
  default Optional<ExecutorException> refusal() {
    return Optional.empty();
  }

  /**
   * Says whether the program ends at once when it is told to.
   *
   * @return false if it ends only when the grace is over
   */
  default boolean obeysCancellation() {
    return true;
  }

  /**
   * The program begins.
   *
   * @param run what it is given
   * @return how and when it ends by itself
   */
  ProgramEnd begin(ScriptedRun run);

  /**
   * The program comes to the end that {@link #begin} named. Not called if it is ended before.
   *
   * @param run what it was given
   */
  default void end(ScriptedRun run) {}

  /**
   * Says whether the test engine writes those mapped output files that a program that succeeded has
   * not written.
   *
   * @return false if a file that is missing is meant to be missing
   */
  default boolean completesOutputs() {
    return true;
  }
}
