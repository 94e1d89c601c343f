package dev.windlass.testkit.store;

import java.io.IOException;
import java.util.Random;

/** Faults of a simulated disk: as told, or at random. */
final class DiskFaults implements SimulatedDisk.Faults {

  /** The machine ends. */
  static final class HostCrashed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HostCrashed(String where) {
      super(where);
    }
  }

  private final Random random;
  private int errorsPerThousand;
  private int crashesPerThousand;
  private boolean failNextWrite;
  private boolean failNextSync;

  private DiskFaults(Random random) {
    this.random = random;
  }

  /** None but those that are asked for. */
  static DiskFaults none() {
    return new DiskFaults(new Random(0));
  }

  /** Errors of writing and syncing, and crashes around both. */
  static DiskFaults random(Random random, int errorsPerThousand, int crashesPerThousand) {
    DiskFaults faults = new DiskFaults(random);
    faults.errorsPerThousand = errorsPerThousand;
    faults.crashesPerThousand = crashesPerThousand;
    return faults;
  }

  /** No more faults from now on. */
  void end() {
    errorsPerThousand = 0;
    crashesPerThousand = 0;
  }

  void failNextWrite() {
    failNextWrite = true;
  }

  void failNextSync() {
    failNextSync = true;
  }

  @Override
  public void beforeWrite(int bytes) throws IOException {
    perhapsCrash("before a write");
    if (failNextWrite || random.nextInt(1000) < errorsPerThousand) {
      failNextWrite = false;
      throw new IOException("No space left on device");
    }
  }

  @Override
  public void afterWrite() {
    perhapsCrash("after a write");
  }

  @Override
  public void beforeSync() throws IOException {
    perhapsCrash("before a sync");
    if (failNextSync || random.nextInt(1000) < errorsPerThousand) {
      failNextSync = false;
      throw new IOException("Input/output error");
    }
  }

  @Override
  public void afterSync() {
    perhapsCrash("after a sync");
  }

  private void perhapsCrash(String where) {
    if (random.nextInt(1000) < crashesPerThousand) {
      throw new HostCrashed(where);
    }
  }
}
