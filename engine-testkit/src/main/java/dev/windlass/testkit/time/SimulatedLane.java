package dev.windlass.testkit.time;

import dev.windlass.core.platform.Lane;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** A lane of a simulated host. */
public final class SimulatedLane implements Lane {
  private final SimulatedPlatform platform;
  private final Timeline timeline;
  private final String name;
  private final int width;
  private final Deque<Runnable> queue = new ArrayDeque<>();
  private final Set<Pending> delayed = new HashSet<>();
  private boolean ended;
  private int running;

  private static final class Pending {
    Runnable takeOff = () -> {};
  }

  public SimulatedLane(SimulatedPlatform platform, Timeline timeline, String name, int width) {
    this.platform = platform;
    this.timeline = timeline;
    this.name = name;
    this.width = width;
    timeline.add(this);
  }

  @Override
  public void execute(Runnable task) {
    if (!ended && platform.isAlive()) {
      queue.add(task);
    }
  }

  @Override
  public Delayed later(Duration pause, Runnable task) {
    if (ended || !platform.isAlive()) {
      return () -> {};
    }
    Pending pending = new Pending();
    delayed.add(pending);
    pending.takeOff =
        timeline.after(
            pause,
            () -> {
              if (delayed.remove(pending)) {
                execute(task);
              }
            });
    return () -> {
      delayed.remove(pending);
      pending.takeOff.run();
    };
  }

  public boolean isReady() {
    return !queue.isEmpty() && running < width && platform.isAlive();
  }

  /** Runs the task that has waited longest. */
  public void runNext() {
    Runnable task = queue.remove();
    running++;
    platform.entered(this);
    try {
      platform.beforeTask(name);
      task.run();
    } catch (RuntimeException | Error e) {
      platform.taskFailed(name, e);
    } finally {
      platform.left(this);
      running--;
    }
  }

  @Override
  public boolean isCurrent() {
    return platform.isInside(this);
  }

  @Override
  public void end() {
    ended = true;
    dropDelayed();
  }

  @Override
  public void stop() {
    end();
    queue.clear();
  }

  private void dropDelayed() {
    delayed.forEach(pending -> pending.takeOff.run());
    delayed.clear();
  }

  @Override
  public boolean awaitEnd(Duration atMost) {
    return isCurrent() || platform.runUntil(() -> queue.isEmpty() && running == 0, atMost);
  }

  /** The host is gone, and everything that waited here with it. */
  public void die() {
    stop();
    timeline.remove(this);
  }
}
