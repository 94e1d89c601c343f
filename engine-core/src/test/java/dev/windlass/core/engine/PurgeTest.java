package dev.windlass.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.Retention;
import dev.windlass.core.job.Input;
import dev.windlass.core.platform.Clock;
import dev.windlass.core.platform.Lane;
import dev.windlass.core.platform.Platform;
import dev.windlass.core.store.StateStore;
import dev.windlass.event.Event;
import dev.windlass.event.RecordedEvent;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often a purge looks and asks, on a lane whose time is the test's. */
class PurgeTest {

  private static final Duration AGE = Duration.ofDays(1);

  private final List<JobId> there =
      new ArrayList<>(IntStream.range(0, 500).mapToObj(i -> job(i)).toList());
  private final List<JobId> asked = new ArrayList<>();
  private final ManualLane lane = new ManualLane();
  private int looks;

  private static JobId job(int number) {
    return new JobId("job-%032x".formatted(number));
  }

  private Purge purge(Retention retention) {
    StateStore store =
        proxy(
            StateStore.class,
            (name, arguments) -> {
              looks++;
              return name.equals("expired")
                  ? List.copyOf(there.subList(0, Math.min(there.size(), (int) arguments[2])))
                  : Optional.of(lane.now.minus(AGE).plusSeconds(3_000));
            });
    Clock clock = proxy(Clock.class, (name, arguments) -> lane.now);
    Platform platform =
        proxy(Platform.class, (name, arguments) -> name.equals("clock") ? clock : lane);
    return new Purge(retention, store, input -> asked.add(((Input.Operate) input).job()), platform);
  }

  /** What one method after the other answers. */
  private interface Answers {
    Object to(String method, Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Answers answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answers.to(method.getName(), arguments)));
  }

  private static RecordedEvent end(int i) {
    return new RecordedEvent(
        1 + i, new Event.JobChanged(job(1_000 + i), Instant.EPOCH, State.FINISHED, ""));
  }

  @Test
  void asksForEachJobOnceWhileTheLoopIsBusyAndOthersEnd() {
    Purge purge = purge(Retention.forever().atMostJobs(0));
    purge.start();
    for (int second = 0; second < 20; second++) {
      purge.onEvent(end(second));
      lane.advance(Duration.ofSeconds(1));
      there.removeAll(asked);
    }
    assertThat(looks).isLessThan(400);
    assertThat(asked).hasSize(500).doesNotHaveDuplicates();
  }

  @Test
  void asksAgainForWhatWasRefused() {
    Purge purge = purge(Retention.forever().atMostJobs(0));
    purge.start();
    lane.advance(Duration.ofSeconds(10));
    assertThat(asked.size()).isBetween(100, 300);
    assertThat(Set.copyOf(asked)).hasSize(50);
  }

  @Test
  void goesOnToTheLast() {
    Purge purge = purge(Retention.forever().atMostJobs(0));
    purge.start();
    for (int i = 0; i < 60; i++) {
      lane.advance(Duration.ofMillis(100));
      there.removeAll(asked);
    }
    assertThat(there).isEmpty();
    assertThat(asked).hasSize(500).doesNotHaveDuplicates();
  }

  @Test
  void waitsForTheNextThatComesOfAgeOnceHoweverOftenItIsWoken() {
    there.clear();
    Purge purge = purge(Retention.forever().keptFor(AGE));
    purge.start();
    for (int i = 0; i < 100; i++) {
      purge.onEvent(end(i));
      lane.advance(Duration.ofSeconds(2));
    }
    assertThat(lane.waiting()).isLessThanOrEqualTo(2);
  }

  /** Runs what is due when it is told that time has passed. */
  private static final class ManualLane implements Lane {

    /** Something that is put off. */
    private record Due(Instant at, Runnable task) {}

    private final List<Due> dues = new ArrayList<>();
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    int waiting() {
      return dues.size();
    }

    void advance(Duration by) {
      Instant end = now.plus(by);
      while (true) {
        Optional<Due> next =
            dues.stream().filter(due -> !due.at.isAfter(end)).min(Comparator.comparing(Due::at));
        if (next.isEmpty()) {
          now = end;
          return;
        }
        dues.remove(next.get());
        now = next.get().at;
        next.get().task.run();
      }
    }

    @Override
    public void execute(Runnable task) {
      var unused = later(Duration.ZERO, task);
    }

    @Override
    public Delayed later(Duration pause, Runnable task) {
      Due due = new Due(now.plus(pause), task);
      dues.add(due);
      return () -> dues.remove(due);
    }

    @Override
    public boolean isCurrent() {
      return true;
    }

    @Override
    public void end() {}

    @Override
    public void stop() {}

    @Override
    public boolean awaitEnd(Duration atMost) {
      return true;
    }
  }
}
