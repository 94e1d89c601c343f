package dev.windlass.testkit.executor;

import dev.windlass.executor.Capability;
import java.util.List;

/**
 * The contract of an executor that declares {@link Capability#PROGRAMS}: {@link ExecutorContract},
 * and what holds of programs of an operating system and their processes.
 *
 * <p>The programs are scripts of POSIX sh. Their processes are looked for in this host's {@code
 * /proc}; where there is none, those sentences about what is left running are not checked.
 */
public abstract class ProgramExecutorContract extends ProcessTreeContract {

  /** For use by extension. */
  protected ProgramExecutorContract() {}

  /** The script as a program of POSIX sh. */
  @Override
  protected List<String> command(Script script) {
    return ShellScript.command(script);
  }
}
