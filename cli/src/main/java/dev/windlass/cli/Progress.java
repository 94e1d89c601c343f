package dev.windlass.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.OptionalInt;

/** Shows on standard error how jobs come along. Used by one thread. */
interface Progress extends AutoCloseable {

  /** Shows where the jobs stand now; called several times a second. */
  void show(List<Snapshot> jobs);

  /** Says something once. */
  void say(String line);

  @Override
  void close();

  /** A bar on a terminal, lines elsewhere; only what is said once if machines read. */
  static Progress on(PrintStream err, boolean quiet) {
    if (quiet) {
      return new Quiet(err);
    }
    OptionalInt width = Terminal.width();
    return width.isPresent() ? new BarProgress(err, width.getAsInt()) : new LineProgress(err);
  }

  /**
   * Shows nothing of the progress.
   *
   * @param err where it says what must be said
   */
  record Quiet(PrintStream err) implements Progress {
    @Override
    public void show(List<Snapshot> jobs) {}

    @Override
    public void say(String line) {
      err.println("windlass: " + line);
    }

    @Override
    public void close() {}
  }
}
