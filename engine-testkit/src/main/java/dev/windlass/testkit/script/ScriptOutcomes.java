package dev.windlass.testkit.script;

import dev.windlass.error.ErrorCode;
import dev.windlass.job.Outcome;

/**
 * The ways in which an attempt can go. Each method adds a step to the script; what it gives back
 * says more about that step.
 */
public abstract class ScriptOutcomes {

  ScriptOutcomes() {}

  abstract ScriptStep add(ScriptStep step);

  /**
   * The program exits with 0. Output files that its task maps and that the script does not write
   * are written by the test engine, with a line that names the attempt.
   *
   * @return the step; by default after one second
   */
  public ScriptStep succeeds() {
    return ends(new Outcome.Exited(0));
  }

  /**
   * The program exits with a code.
   *
   * @param code 0 to 255
   * @return the step; by default after one second
   * @throws IllegalArgumentException if out of range
   */
  public ScriptStep exits(int code) {
    return ends(new Outcome.Exited(code));
  }

  /**
   * The program is ended by a signal that nobody of the engine sent.
   *
   * @param signal 1 to 127
   * @return the step; by default after one second
   * @throws IllegalArgumentException if out of range
   */
  public ScriptStep isKilledBy(int signal) {
    return ends(new Outcome.Signalled(signal));
  }

  /**
   * The program is ended because it used more memory than it was given.
   *
   * @return the step; by default after one second
   */
  public ScriptStep runsOutOfMemory() {
    return ends(new Outcome.OutOfMemory("the script says so"));
  }

  /**
   * The attempt is over and nobody knows how: its node is gone, say. Uses up no retry.
   *
   * @return the step; by default after one second
   */
  public ScriptStep isLost() {
    return ends(new Outcome.Lost("the script says so"));
  }

  /**
   * The attempt ends so: the general case, also for what its executor tells when it could not stage
   * or start it.
   *
   * @param outcome any but a timeout, for which a program {@link #runsForever}
   * @return the step; by default after one second
   * @throws IllegalArgumentException if it is a timeout
   */
  public ScriptStep ends(Outcome outcome) {
    ProgramEnd end = ProgramEnd.of(outcome);
    return add(ScriptStep.program(outcome.describe(), run -> end, false));
  }

  /**
   * The program has no end of its own: it runs until it is cancelled or its task's timeout ends it.
   *
   * @return the step
   */
  public ScriptStep runsForever() {
    return add(ScriptStep.program("runs forever", run -> ProgramEnd.never(), true));
  }

  /**
   * The executor has no room at present: the attempt is not started, may be later, and no retry is
   * used up.
   *
   * @return the step
   */
  public ScriptStep isRefused() {
    return add(ScriptStep.refusal(ErrorCode.NO_CAPACITY));
  }

  /**
   * The executor cannot start the program, now or later: the instance fails.
   *
   * @return the step
   */
  public ScriptStep isRefusedForGood() {
    return add(ScriptStep.refusal(ErrorCode.CANNOT_START));
  }

  /**
   * The program does what a function does. Nothing is added to what the function writes.
   *
   * @param program the function; it says how and when the program ends
   * @return the step; {@link ScriptStep#after} is not for it
   */
  public ScriptStep does(ScriptedProgram program) {
    return add(ScriptStep.program("does what a function does", program, true));
  }
}
