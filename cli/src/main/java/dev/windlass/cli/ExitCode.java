package dev.windlass.cli;

/** What the command tells its caller. Stated in the help, and kept. */
final class ExitCode {

  /** Done; for jobs: all finished. */
  static final int OK = 0;

  /** The answer is no: a job did not finish, or a description has faults. */
  static final int NOT_WELL = 1;

  /** The request was refused; nothing was done. The same as picocli's own for wrong usage. */
  static final int REFUSED = 2;

  /** The engine could not do its part. */
  static final int ENGINE_FAILED = 3;

  /** Left by a second Ctrl-C or a hang-up; jobs go on. As shells say it: 128 and SIGINT. */
  static final int LEFT = 130;

  private ExitCode() {}
}
