package dev.windlass.testkit.simulation;

import dev.windlass.core.store.StateStore;
import dev.windlass.testkit.machine.CrashPoints;
import dev.windlass.testkit.machine.Faults;
import dev.windlass.testkit.machine.Faults.Fault;
import dev.windlass.testkit.store.GroupTable;
import dev.windlass.testkit.store.SimulatedDisk;
import dev.windlass.testkit.store.SimulatedStore;
import dev.windlass.testkit.time.SimulatedPlatform;
import dev.windlass.testkit.time.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A simulated store on a simulated disk that meets the faults of its world. */
final class SimulatedStoreDisk implements StoreDisk {
  private static final Duration USUAL_SYNC = Duration.ofMillis(3);
  private static final Duration SLOW_SYNC = Duration.ofSeconds(4);

  private final String engineId;
  private final Timeline timeline;
  private final Faults faults;
  private final CrashPoints points;
  private final SimulatedDisk disk;
  private final GroupTable groups = new GroupTable();
  private @Nullable SimulatedPlatform life;

  SimulatedStoreDisk(
      String engineId, long seed, Timeline timeline, Faults faults, CrashPoints points) {
    this.engineId = engineId;
    this.timeline = timeline;
    this.faults = faults;
    this.points = points;
    this.disk = new SimulatedDisk(new DiskFaults(), new Random(seed + 2));
  }

  @Override
  public StateStore open(SimulatedPlatform newLife) {
    life = newLife;
    return SimulatedStore.open(disk, groups, engineId);
  }

  @Override
  public void powerCut() {
    disk.crash();
  }

  @Override
  public void close() {
    // It is in memory.
  }

  private final class DiskFaults implements SimulatedDisk.Faults {
    @Override
    public void beforeWrite(int bytes) throws IOException {
      point("before a write of the state store");
      if (bytes > 0 && faults.is(Fault.DISK_FULL)) {
        throw new IOException("no space left on device");
      }
    }

    @Override
    public void afterWrite() {
      point("after a write of the state store");
    }

    @Override
    public void beforeSync() throws IOException {
      point("before a sync of the state store");
      pass();
      if (faults.strikes(Fault.SYNC_FAILS, 2)) {
        throw new IOException("input/output error");
      }
    }

    @Override
    public void afterSync() {
      pass();
      point("after a sync of the state store");
    }

    private void point(String where) {
      if (life != null) {
        life.checkAlive();
      }
      points.pass(where);
    }

    private void pass() {
      if (life != null) {
        life.pass(timeline.upTo(faults.is(Fault.DISK_SLOW) ? SLOW_SYNC : USUAL_SYNC));
      }
    }
  }
}
