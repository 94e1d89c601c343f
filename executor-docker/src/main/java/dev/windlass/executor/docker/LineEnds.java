package dev.windlass.executor.docker;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Gives back to long lines the end that the Docker engine's driver {@code local} forgets.
 *
 * <p>A line longer than 16 KiB is kept in parts, all with one time, and of the last part the driver
 * (20.10, measured) loses the newline. So where something else follows a part, one belongs before
 * it. Only whether the very last line of an output had an end cannot be known; it is left as it
 * comes. For one of the two outputs; not for use by several threads.
 */
final class LineEnds {

  private String open = "";

  /**
   * Copies a frame.
   *
   * @return how many bytes it had
   */
  int copy(LogStream log, OutputStream to) throws IOException {
    if (!open.isEmpty() && !open.equals(log.time())) {
      to.write('\n');
    }
    int length = log.copyTo(to);
    open = log.endedLine() ? "" : log.time();
    return length;
  }
}
