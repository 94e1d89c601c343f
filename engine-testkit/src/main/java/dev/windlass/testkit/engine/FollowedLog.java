package dev.windlass.testkit.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/** An output that grows: a read at its end lets virtual time pass until there is more. */
final class FollowedLog extends InputStream {
  private final VirtualTime time;
  private final InputStream present;
  private final BooleanSupplier over;

  /**
   * An output.
   *
   * @param present ends at what there is now, and goes on when it is read again later
   * @param over says whether nothing more comes
   */
  FollowedLog(VirtualTime time, InputStream present, BooleanSupplier over) {
    this.time = time;
    this.present = present;
    this.over = over;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    time.checkThread();
    while (true) {
      // Asked before reading: what is written before the end is then seen by the read.
      boolean last = over.getAsBoolean();
      int count = present.read(target, offset, length);
      if (count >= 0 || last) {
        return count;
      }
      if (!time.call(time::step)) {
        return -1;
      }
    }
  }

  @Override
  public void close() throws IOException {
    present.close();
  }
}
