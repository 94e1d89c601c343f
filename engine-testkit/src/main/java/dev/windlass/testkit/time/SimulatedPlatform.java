package dev.windlass.testkit.time;

import dev.windlass.core.platform.Clock;
import dev.windlass.core.platform.Lane;
import dev.windlass.core.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * One life of a host: its clocks and lanes in virtual time. When it dies, nothing of it goes on,
 * and whoever was under way in it is unwound with {@link HostCrashed}.
 */
public final class SimulatedPlatform implements Platform {

  /** What is to be told of what happens on the lanes. */
  public interface Observer {
    /** A task is about to run; may end the host. */
    void beforeTask(String lane);

    /** A task threw something. */
    void taskFailed(String lane, Throwable thrown);
  }

  private final Timeline timeline;
  private final WallClock wall;
  private final Observer observer;
  private final List<SimulatedLane> lanes = new ArrayList<>();
  private final Deque<SimulatedLane> inside = new ArrayDeque<>();
  private boolean alive = true;

  public SimulatedPlatform(Timeline timeline, WallClock wall, Observer observer) {
    this.timeline = timeline;
    this.wall = wall;
    this.observer = observer;
  }

  @Override
  public Clock clock() {
    return new Clock() {
      @Override
      public long nanos() {
        return timeline.nanos();
      }

      @Override
      public Instant instant() {
        return wall.instant();
      }
    };
  }

  @Override
  public Lane lane(String name, int width) {
    SimulatedLane lane = new SimulatedLane(this, timeline, name, width);
    lanes.add(lane);
    return lane;
  }

  @Override
  public void await(CompletableFuture<?> promise) {
    if (!timeline.runUntil(() -> promise.isDone() || !alive)) {
      throw new AssertionError("somebody waits, and nothing is left to happen");
    }
    checkAlive();
  }

  @Override
  public boolean await(CompletableFuture<?> promise, Duration atMost) {
    return runUntil(promise::isDone, atMost);
  }

  /** Lets things happen until a condition holds or the time is over; says whether it holds. */
  public boolean runUntil(BooleanSupplier holds, Duration atMost) {
    boolean[] late = new boolean[1];
    Runnable alarm = timeline.after(atMost, () -> late[0] = true);
    timeline.runUntil(() -> holds.getAsBoolean() || late[0] || !alive);
    alarm.run();
    checkAlive();
    return holds.getAsBoolean();
  }

  /** Lets time pass in the midst of a call that the host makes. */
  public void pass(Duration duration) {
    timeline.pass(duration);
    checkAlive();
  }

  public boolean isAlive() {
    return alive;
  }

  /** Unwinds what is under way in a dead host. */
  public void checkAlive() {
    if (!alive) {
      throw HostCrashed.thrown();
    }
  }

  /** From now on nothing of this host happens. */
  public void die() {
    alive = false;
    lanes.forEach(SimulatedLane::die);
  }

  public void entered(SimulatedLane lane) {
    inside.push(lane);
  }

  public void left(SimulatedLane lane) {
    inside.removeFirstOccurrence(lane);
  }

  public boolean isInside(SimulatedLane lane) {
    return inside.contains(lane);
  }

  public void beforeTask(String lane) {
    observer.beforeTask(lane);
  }

  public void taskFailed(String lane, Throwable thrown) {
    observer.taskFailed(lane, thrown);
  }
}
