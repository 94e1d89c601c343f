package dev.windlass.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.AttemptStatus;
import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.event.Event;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever an executor does wrong, the engine stays right, and others do not notice. */
@Timeout(60)
final class BrokenExecutorTest {

  @TempDir Path directory;
  private final Broken broken = new Broken();
  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
  private Engine engine;

  /** Ends every attempt well at once, unless it is told to be different. */
  private static final class Broken implements Executor {
    private volatile ExecutorContext context;
    final List<AttemptId> launched = new CopyOnWriteArrayList<>();
    final List<AttemptId> released = new CopyOnWriteArrayList<>();
    final AtomicInteger recoveries = new AtomicInteger();
    volatile Consumer<AttemptSpec> launch = spec -> end(spec.id(), new Outcome.Exited(0));
    volatile Consumer<AttemptId> cancel = id -> end(id, new Outcome.Cancelled());
    volatile Runnable release = () -> {};
    volatile Function<Set<AttemptId>, Collection<AttemptReport>> recover = Broken::forget;
    volatile Runnable close = () -> {};

    @Override
    public ExecutorInfo info() {
      return new ExecutorInfo("broken", Set.of(), Resources.cpus(8));
    }

    @Override
    public void open(ExecutorContext given) {
      context = given;
    }

    @Override
    public void launch(AttemptSpec spec) {
      launched.add(spec.id());
      launch.accept(spec);
    }

    void start(AttemptId id) {
      context.report(new AttemptReport.Started(id, Instant.now()));
    }

    void end(AttemptId id, Outcome outcome) {
      context.report(new AttemptReport.Ended(id, Instant.now(), outcome, Usage.unknown()));
    }

    @Override
    public void cancel(AttemptId id, Duration grace) {
      cancel.accept(id);
    }

    @Override
    public Collection<AttemptReport> recover(Set<AttemptId> expected) {
      recoveries.incrementAndGet();
      return recover.apply(expected);
    }

    private static Collection<AttemptReport> forget(Set<AttemptId> expected) {
      Outcome lost = new Outcome.Lost("forgotten");
      return expected.stream()
          .<AttemptReport>map(
              id -> new AttemptReport.Ended(id, Instant.now(), lost, Usage.unknown()))
          .toList();
    }

    @Override
    public void release(AttemptId id) {
      release.run();
      released.add(id);
    }

    @Override
    public void close() {
      close.run();
    }
  }

  private Engine open() {
    engine = EngineBuilder.at(directory.resolve("engine")).executor(broken).open();
    engine.subscribe(recorded -> events.add(recorded.event()));
    return engine;
  }

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
  }

  private JobId submit(int instances) {
    return engine.submit(
        JobDescription.builder("job")
            .task("only", TaskDescription.builder(Command.of("any")).instances(instances).build())
            .build());
  }

  private static InstanceId instance(JobId job) {
    return new InstanceId(job, new TaskName("only"), 0);
  }

  private void assertFinishes(JobId job) throws Exception {
    JobStatus status = engine.await(job);
    assertThat(status.state()).as(status.message()).isEqualTo(State.FINISHED);
  }

  private void assertOthersGoOn() throws Exception {
    broken.launch = spec -> broken.end(spec.id(), new Outcome.Exited(0));
    assertFinishes(submit(20));
  }

  @Test
  void aLaunchThatThrowsLeavesTheFateOpenUntilItIsReported() throws Exception {
    open();
    broken.launch =
        spec -> {
          throw new IllegalStateException("a defect");
        };
    JobId job = submit(1);
    await().until(() -> broken.launched.size() == 1);
    assertOthersGoOn();
    assertThat(engine.job(job).state()).isIn(State.WAITING, State.RUNNING);

    broken.end(broken.launched.get(0), new Outcome.Exited(0));
    assertFinishes(job);
    assertThat(engine.attempts(instance(job))).hasSize(1);
  }

  @Test
  void aLaunchThatThrowsAnErrorIsAskedAboutAfterARestart() throws Exception {
    open();
    broken.launch =
        spec -> {
          throw new NoClassDefFoundError("a library that is not there");
        };
    JobId job = submit(1);
    await().until(() -> broken.launched.size() == 1);
    engine.close();
    broken.launch = spec -> broken.end(spec.id(), new Outcome.Exited(0));
    open();

    assertFinishes(job);
    assertThat(engine.attempts(instance(job)))
        .extracting(attempt -> attempt.outcome().orElseThrow().kind())
        .containsExactly(Outcome.Kind.LOST, Outcome.Kind.EXITED);
    assertThat(engine.instance(instance(job)).retries()).isZero();
  }

  @Test
  void aLaunchThatNeverReturnsHoldsUpNobodyElse() throws Exception {
    open();
    CountDownLatch never = new CountDownLatch(1);
    broken.launch = spec -> uninterrupted(never);
    JobId job = submit(1);
    await().until(() -> broken.launched.size() == 1);

    assertOthersGoOn();
    assertThat(engine.job(job).state().isEnded()).isFalse();
    never.countDown();
    broken.end(broken.launched.get(0), new Outcome.Exited(0));
    assertFinishes(job);
  }

  private static void uninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("the engine does not interrupt a launch", e);
    }
  }

  @Test
  void theFirstEndCountsHoweverOftenItIsReported() throws Exception {
    open();
    broken.launch =
        spec -> {
          broken.start(spec.id());
          broken.start(spec.id());
          broken.end(spec.id(), new Outcome.Exited(0));
          broken.end(spec.id(), new Outcome.Exited(9));
          broken.end(spec.id(), new Outcome.Exited(0));
          broken.start(spec.id());
        };
    JobId job = submit(100);

    assertFinishes(job);
    assertThat(engine.job(job).instances().finished()).isEqualTo(100);
    assertThat(broken.launched).hasSize(100).doesNotHaveDuplicates();
    engine.close();
    assertThat(kinds(Event.Kind.ATTEMPT_STARTED)).isEqualTo(100);
    assertThat(kinds(Event.Kind.ATTEMPT_ENDED)).isEqualTo(100);
  }

  private long kinds(Event.Kind kind) {
    synchronized (events) {
      return events.stream().filter(event -> event.kind() == kind).count();
    }
  }

  @Test
  void reportsAboutUnknownAndReleasedAttemptsChangeNothing() throws Exception {
    open();
    JobId job = submit(1);
    assertFinishes(job);
    AttemptId over = broken.launched.get(0);
    await().until(() -> broken.released.contains(over));
    List<AttemptStatus> before = engine.attempts(instance(job));

    broken.start(over);
    broken.end(over, new Outcome.Exited(5));
    broken.end(instance(job).attempt(2), new Outcome.Exited(5));
    JobId nobodys = new JobId("job-" + "e".repeat(32));
    broken.start(instance(nobodys).attempt(1));
    broken.end(instance(nobodys).attempt(1), new Outcome.Exited(0));

    assertOthersGoOn();
    assertThat(engine.attempts(instance(job))).isEqualTo(before);
    assertThat(engine.job(job).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void aLateReportOfAnAttemptThatWasGivenUpChangesNothing() throws Exception {
    open();
    CountDownLatch second = new CountDownLatch(1);
    broken.launch =
        spec -> {
          if (spec.id().number() == 1) {
            broken.end(spec.id(), new Outcome.Lost("the node is gone"));
          } else {
            second.countDown();
          }
        };
    JobId job = submit(1);
    second.await();

    broken.end(broken.launched.get(0), new Outcome.Exited(0));
    assertOthersGoOn();
    assertThat(engine.job(job).state()).isEqualTo(State.RUNNING);
    broken.end(broken.launched.get(1), new Outcome.Exited(7));
    assertThat(engine.await(job).state()).isEqualTo(State.FAILED);
    assertThat(engine.instance(instance(job)).outcome()).contains(new Outcome.Exited(7));
  }

  @Test
  void aCancelThatThrowsLosesNoStop() throws Exception {
    open();
    broken.launch = spec -> broken.start(spec.id());
    broken.cancel =
        id -> {
          throw new IllegalStateException("a defect");
        };
    JobId job = submit(3);
    await().until(() -> broken.launched.size() == 3);
    engine.stop(job);

    assertOthersGoOn();
    assertThat(engine.job(job).isOver()).as("nobody said that it ended").isFalse();
    IntStream.range(0, 3)
        .forEach(i -> broken.end(broken.launched.get(i), new Outcome.Signalled(9)));
    assertThat(engine.await(job).state()).isEqualTo(State.STOPPED);
  }

  @Test
  void aReleaseThatThrowsStopsNothing() throws Exception {
    open();
    broken.release =
        () -> {
          throw new StackOverflowError();
        };
    assertFinishes(submit(10));
    assertThat(broken.released).isEmpty();
    assertOthersGoOn();
  }

  @Test
  void aRecoveryThatFailsIsAskedForAgain() throws Exception {
    List<Supplier<Collection<AttemptReport>>> failures =
        List.of(
            () -> {
              throw new IllegalStateException("a defect");
            },
            () -> {
              throw new NoClassDefFoundError("a library that is not there");
            },
            () -> null,
            () -> Collections.singleton(null));
    for (Supplier<Collection<AttemptReport>> failure : failures) {
      int before = broken.recoveries.get();
      broken.recover =
          expected ->
              broken.recoveries.get() < before + 3 ? failure.get() : Broken.forget(expected);
      open();
      assertFinishes(submit(1));
      assertThat(broken.recoveries).hasValue(before + 3);
      engine.close();
    }
  }

  @Test
  void aCloseThatThrowsFreesTheDirectoryAllTheSame() throws Exception {
    open();
    broken.close =
        () -> {
          throw new StackOverflowError();
        };
    engine.close();
    broken.close = () -> {};
    open();
    assertOthersGoOn();
  }
}
