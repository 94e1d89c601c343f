package dev.windlass.testkit.script;

/** What an attempt does, as a function: for cases that no outcome of a script covers. */
@FunctionalInterface
public interface ScriptedProgram {

  /**
   * Does the work of one attempt, which takes no virtual time, and says how and when the program
   * ends.
   *
   * <p>Called on the test's thread when the program begins. It is not to wait for anything.
   *
   * @param run what the attempt is given
   * @return how and when it ends
   * @throws Exception anything: the attempt then exits with 1 after one second with the stack trace
   *     on its standard error, and {@link Script#verify} fails with it
   */
  ProgramEnd run(ScriptedRun run) throws Exception;
}
