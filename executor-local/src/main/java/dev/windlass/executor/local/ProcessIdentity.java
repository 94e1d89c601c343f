package dev.windlass.executor.local;

import java.util.Optional;

/**
 * Names one process for good. A pid alone comes back after some ten thousand forks, and the
 * wall-clock start time moves when the clock is set; boot, pid and start ticks together do neither.
 *
 * @param boot the kernel's boot id
 * @param pid process id
 * @param startTicks field 22 of {@code /proc/pid/stat}
 */
record ProcessIdentity(String boot, long pid, long startTicks) {

  /** Says whether this very process runs. */
  boolean isAlive() {
    return startTicksOf(pid).filter(ticks -> ticks == startTicks).isPresent()
        && boot.equals(ProcFs.bootId());
  }

  /**
   * Asks this very process to end, or ends it. Does nothing if the pid is another's by now.
   *
   * @param force true for KILL, false for TERM
   */
  static void signal(ProcFs.Stat process, boolean force) {
    // The handle takes the start time now and compares it once more right before the signal.
    ProcessHandle.of(process.pid())
        .filter(
            handle ->
                startTicksOf(process.pid())
                    .filter(ticks -> ticks == process.startTicks())
                    .isPresent())
        .ifPresent(
            handle -> {
              if (force) {
                handle.destroyForcibly();
              } else {
                handle.destroy();
              }
            });
  }

  private static Optional<Long> startTicksOf(long pid) {
    return ProcFs.stat(pid).filter(ProcFs.Stat::isAlive).map(ProcFs.Stat::startTicks);
  }
}
