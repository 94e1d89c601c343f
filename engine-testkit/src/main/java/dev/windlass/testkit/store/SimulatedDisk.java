package dev.windlass.testkit.store;

import dev.windlass.testkit.machine.Faults;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * One file on a disk that can fail, in memory. Bytes are appended to it, its tail can be cut off,
 * and its tail can be written once more in place.
 *
 * <h2>What a reader sees and what is there</h2>
 *
 * <p>A reader of the running machine sees every write at once: the <em>cache</em>. What a power cut
 * leaves is decided by the <em>platter</em>, as it was after the last successful sync, and by the
 * writes since then, of which any prefix, cut at any byte, may have reached it. In the sector of
 * the cut garbage may stand for what was still to come, and sometimes whole sectors of the prefix
 * are missing, since a disk writes in the order that it likes. Bytes that are on the platter and
 * are written again unchanged are never harmed: writing a sector does not damage what was in it,
 * which SQLite expects too (its "powersafe overwrite").
 *
 * <h2>A failed sync</h2>
 *
 * <p>After a failed sync a kernel takes the pages for written although they are not, shows them to
 * readers as before, and lets the next sync succeed without them (PostgreSQL's "fsyncgate"). So a
 * failed sync makes the writes before it <em>doubtful</em>: a power cut may lose any sector of
 * them, however many syncs succeed meanwhile, unless they are written again.
 *
 * <p>Not for use by several threads. The callbacks of {@link Faults} may let other actors of a
 * simulation run, and these may read; the file is in order whenever one is called.
 */
public final class SimulatedDisk {
  private static final int SECTOR = 512;

  /**
   * What the world does to the disk. Asked before and told after each operation.
   *
   * <p>Each call may let virtual time pass, and each may throw something unchecked, as the end of
   * the machine does: what was not yet done at that point then never happens.
   */
  public interface Faults {
    /**
     * Something is about to be written.
     *
     * @param bytes how many; 0 if the tail is cut off, which needs no space
     * @throws IOException if the disk is full or fails: of an append a random prefix, never all of
     *     it, is then written; nothing of any other write
     */
    void beforeWrite(int bytes) throws IOException;

    /** It is written, and not synced. */
    void afterWrite();

    /**
     * A sync is about to begin.
     *
     * @throws IOException if it fails: what was not synced is then doubtful
     */
    void beforeSync() throws IOException;

    /** The sync has succeeded, and nobody has been told. */
    void afterSync();
  }

  /** A change of the file that is not synced. */
  private sealed interface Write {}

  private record Cut(int length) implements Write {}

  /**
   * Bytes written.
   *
   * @param doubtful a sync after it has failed
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Put(int position, byte[] bytes, boolean doubtful) implements Write {}

  private final Faults faults;
  private final Random random;
  private final List<Write> unsynced = new ArrayList<>();
  private ByteImage cache = new ByteImage();
  private ByteImage platter = new ByteImage();

  /** Positions on the platter of which a failed sync has left it open what stands there. */
  private final BitSet doubtful = new BitSet();

  /**
   * An empty file.
   *
   * @param random decides how much survives
   */
  public SimulatedDisk(Faults faults, Random random) {
    this.faults = faults;
    this.random = random;
  }

  /** What a reader of the running machine sees; a copy. */
  byte[] content() {
    return cache.from(0);
  }

  /** Writes at the end. */
  public void append(byte[] bytes) throws IOException {
    try {
      faults.beforeWrite(bytes.length);
    } catch (IOException e) {
      // A short write comes before the error.
      byte[] prefix = new byte[bytes.length == 0 ? 0 : random.nextInt(bytes.length)];
      System.arraycopy(bytes, 0, prefix, 0, prefix.length);
      put(cache.length(), prefix);
      throw e;
    }
    put(cache.length(), bytes.clone());
    faults.afterWrite();
  }

  /**
   * Writes what a reader sees from a position on once more, in place, so that the next sync vouches
   * for it even if an earlier one failed.
   */
  public void rewrite(int position) throws IOException {
    checkPosition(position);
    byte[] tail = cache.from(position);
    faults.beforeWrite(tail.length);
    put(position, tail);
    faults.afterWrite();
  }

  private void put(int position, byte[] bytes) {
    if (bytes.length > 0) {
      cache.put(position, bytes, bytes.length);
      unsynced.add(new Put(position, bytes, false));
    }
  }

  /** Cuts off what follows a length. Durable, as all else, with the next sync only. */
  public void truncate(int length) throws IOException {
    checkPosition(length);
    faults.beforeWrite(0);
    cache.truncate(length);
    unsynced.add(new Cut(length));
    faults.afterWrite();
  }

  private void checkPosition(int position) {
    if (position < 0 || position > cache.length()) {
      throw new IllegalArgumentException(
          "position must be 0 to " + cache.length() + ", was " + position);
    }
  }

  /** Makes durable what was written, except what an earlier sync that failed has left doubtful. */
  public void sync() throws IOException {
    try {
      faults.beforeSync();
    } catch (IOException e) {
      unsynced.replaceAll(SimulatedDisk::inDoubt);
      throw e;
    }
    unsynced.forEach(this::reach);
    unsynced.clear();
    faults.afterSync();
  }

  private static Write inDoubt(Write write) {
    return write instanceof Put put ? new Put(put.position(), put.bytes(), true) : write;
  }

  /** The power is cut and comes back: a reader sees what the platter holds. */
  public void crash() {
    if (random.nextBoolean()) {
      unsynced.replaceAll(SimulatedDisk::inDoubt);
    }
    int whole = random.nextInt(unsynced.size() + 1);
    unsynced.subList(0, whole).forEach(this::reach);
    boolean torn = whole < unsynced.size() && random.nextBoolean();
    if (torn && unsynced.get(whole) instanceof Put put) {
      tear(put);
    }
    unsynced.clear();
    settleDoubts();
    cache = new ByteImage();
    cache.put(0, platter.from(0), platter.length());
  }

  private void reach(Write write) {
    if (write instanceof Put put) {
      reach(put, put.bytes().length);
    } else if (write instanceof Cut cut) {
      platter.truncate(cut.length());
      doubtful.clear(cut.length(), Integer.MAX_VALUE);
    }
  }

  /** The first bytes of a write reach the platter or, if a sync after it failed, may do so. */
  private void reach(Put put, int count) {
    for (int i = 0; i < count; i++) {
      int position = put.position() + i;
      doubtful.set(position, put.doubtful() && !stands(position, put.bytes()[i]));
    }
    platter.put(put.position(), put.bytes(), count);
  }

  /** True if the platter certainly holds this byte. */
  private boolean stands(int position, byte value) {
    return position < platter.length() && platter.at(position) == value && !doubtful.get(position);
  }

  /** A write reaches the platter in part, perhaps with garbage up to the end of the sector. */
  private void tear(Put put) {
    int cut = random.nextInt(put.bytes().length + 1);
    reach(put, cut);
    int start = put.position() + cut;
    int sectorEnd = (start / SECTOR + 1) * SECTOR;
    int end = Math.min(sectorEnd, put.position() + put.bytes().length);
    if (random.nextBoolean()) {
      scramble(start, end, put);
    }
  }

  private void scramble(int start, int end, Put put) {
    for (int position = start; position < end; position++) {
      if (!stands(position, put.bytes()[position - put.position()])) {
        platter.set(position, (byte) random.nextInt());
        doubtful.clear(position);
      }
    }
  }

  /** Decides, sector by sector, which doubtful bytes are there; the others are garbage or zero. */
  private void settleDoubts() {
    int position = doubtful.nextSetBit(0);
    while (position >= 0 && position < platter.length()) {
      int end = Math.min((position / SECTOR + 1) * SECTOR, platter.length());
      boolean lost = random.nextBoolean();
      boolean zero = random.nextBoolean();
      for (int i = position; lost && i < end; i++) {
        if (doubtful.get(i)) {
          platter.set(i, zero ? 0 : (byte) random.nextInt());
        }
      }
      position = doubtful.nextSetBit(end);
    }
    doubtful.clear();
  }
}
