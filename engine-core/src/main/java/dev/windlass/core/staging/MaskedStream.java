package dev.windlass.core.staging;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A log that may still grow, without what is secret in it. What may be the beginning of something
 * secret is held back until it is known how it goes on, or that nothing follows.
 *
 * <p>For one reader at a time; {@link #close} may be called from any thread.
 */
public final class MaskedStream extends InputStream {
  private static final int CHUNK_BYTES = 1 << 14;

  private final InputStream log;
  private final Mask mask;

  /** What was read. What is after {@code decided} is still needed as it is. */
  private byte[] bytes = new byte[CHUNK_BYTES];

  /** The same, masked as far as is known. */
  private byte[] masked = new byte[CHUNK_BYTES];

  /** How many bytes are still to be read and not shown. */
  private long unshown;

  private int shown;
  private int decided;
  private int filled;
  private boolean masking;
  private boolean ended;

  /** Masks what a log says; closes it with itself. */
  public MaskedStream(InputStream log, Mask mask) {
    this(log, mask, 0);
  }

  /**
   * Masks what a log says from a position on; closes it with itself.
   *
   * @param unshown how many bytes there are before that position, in which something secret may
   *     begin
   */
  public MaskedStream(InputStream log, Mask mask, long unshown) {
    this.log = log;
    this.mask = mask;
    this.unshown = unshown;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int count = read(one, 0, 1);
    return count < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (shown == decided) {
      if (ended) {
        return -1;
      }
      readOn();
      shown = (int) Math.min(unshown, decided);
      unshown -= shown;
    }
    int count = Math.min(length, decided - shown);
    System.arraycopy(masked, shown, target, offset, count);
    shown += count;
    return count;
  }

  private void readOn() throws IOException {
    int kept = filled - decided;
    bytes = moved(bytes, kept);
    masked = moved(masked, kept);
    shown = 0;
    decided = 0;
    filled = kept;
    int count = log.read(bytes, kept, CHUNK_BYTES);
    if (count < 0) {
      ended = true;
    } else {
      System.arraycopy(bytes, kept, masked, kept, count);
      filled += count;
    }
    mask.apply(bytes, masked, filled);
    decided = filled - (ended ? 0 : mask.undecided(bytes, filled));
    masking = !Arrays.equals(bytes, 0, decided, masked, 0, decided);
  }

  /** Makes room for a chunk behind what is kept. */
  private byte[] moved(byte[] from, int kept) {
    byte[] to = kept + CHUNK_BYTES > from.length ? new byte[kept + CHUNK_BYTES] : from;
    System.arraycopy(from, decided, to, 0, kept);
    return to;
  }

  /** Whether something was masked in what was read together with the last bytes. */
  boolean isMasking() {
    return masking;
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
