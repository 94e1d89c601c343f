package dev.windlass.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.windlass.Closing;
import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.JobQuery;
import dev.windlass.LogKind;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventQuery;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Closing an engine ends everything of it, tells everybody, and can be done at any moment. */
@Timeout(60)
final class CloseTest {

  @TempDir Path directory;
  private final CountDownLatch blocked = new CountDownLatch(1);

  private Engine open() {
    return EngineBuilder.at(directory.resolve("engine"))
        .executor(
            FunctionExecutor.builder("functions")
                .capacity(Resources.cpus(4))
                .function("quick", run -> 0)
                .function(
                    "block",
                    run -> {
                      blocked.countDown();
                      new CountDownLatch(1).await();
                      return 0;
                    })
                .build())
        .open();
  }

  private static JobDescription job(String function, int instances) {
    return JobDescription.builder("job")
        .task("only", TaskDescription.builder(Command.of(function)).instances(instances).build())
        .build();
  }

  private static ErrorCode codeOf(Throwable thrown) {
    assertThat(thrown).isInstanceOf(EngineException.class);
    return ((EngineException) thrown).code();
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("windlass"))
        .filter(Thread::isAlive)
        .collect(Collectors.toSet());
  }

  @Test
  void closingWhileBusyTellsEverybodyAndLeavesNoThread() throws Exception {
    Set<Thread> before = threads();
    Engine engine = open();
    JobId running = engine.submit(job("block", 3));
    blocked.await();
    ExecutorService crowd = Executors.newCachedThreadPool();
    try {
      Future<?> waiting = crowd.submit(() -> engine.await(running));
      CompletableFuture<?> promised = engine.whenOver(running).toCompletableFuture();
      List<Future<List<JobId>>> submitting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        submitting.add(crowd.submit(() -> submitUntilClosed(engine)));
      }
      await().until(() -> engine.jobs(JobQuery.all()).items().size() > 5);

      List<Future<?>> closing = List.of(crowd.submit(engine::close), crowd.submit(engine::close));
      for (Future<?> close : closing) {
        close.get();
      }

      assertThatThrownBy(waiting::get)
          .isInstanceOf(ExecutionException.class)
          .extracting(thrown -> codeOf(thrown.getCause()))
          .isEqualTo(ErrorCode.ENGINE_CLOSED);
      await().until(promised::isCompletedExceptionally);
      engine.close();
      await().until(() -> before.containsAll(threads()));
      checkAccepted(submitting);
    } finally {
      crowd.shutdownNow();
    }
  }

  private static List<JobId> submitUntilClosed(Engine engine) {
    List<JobId> accepted = new ArrayList<>();
    while (true) {
      try {
        accepted.add(engine.submit(job("quick", 1)));
      } catch (EngineException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_CLOSED);
        return accepted;
      }
    }
  }

  private void checkAccepted(List<Future<List<JobId>>> submitting) throws Exception {
    try (Engine again = open()) {
      for (Future<List<JobId>> submitted : submitting) {
        for (JobId job : submitted.get()) {
          assertThat(again.await(job).state()).isEqualTo(State.FINISHED);
        }
      }
    }
  }

  @Test
  void everyCallAfterTheCloseIsTyped() throws Exception {
    Engine engine = open();
    JobId job = engine.submit(job("quick", 1));
    engine.await(job);
    engine.close();

    TaskName task = new TaskName("only");
    InstanceId instance = new InstanceId(job, task, 0);
    List<ThrowingCallable> calls =
        List.of(
            () -> engine.submit(job("quick", 1)),
            () -> engine.submit(job("quick", 1), "token"),
            () -> engine.stop(job),
            () -> engine.restart(job),
            () -> engine.delete(job),
            () -> engine.job(job),
            () -> engine.description(job),
            () -> engine.jobs(JobQuery.all()),
            () -> engine.tasks(job),
            () -> engine.task(job, task),
            () -> engine.instance(instance),
            () -> engine.instances(job, task, InstanceQuery.all()),
            () -> engine.attempts(instance),
            () -> engine.openLog(instance, LogKind.STDOUT, false),
            () -> engine.whenOver(job),
            () -> engine.await(job),
            () -> engine.await(job, Duration.ofSeconds(1)),
            () -> engine.subscribe(event -> {}),
            () -> engine.subscribe(EventFilter.all(), 0, event -> {}),
            () -> engine.subscribe("consumer", EventFilter.all(), event -> {}),
            () -> engine.forgetConsumer("consumer"),
            () -> engine.events(EventQuery.all()),
            () -> engine.lastPosition());
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(EngineException.class)
          .extracting(CloseTest::codeOf)
          .isEqualTo(ErrorCode.ENGINE_CLOSED);
    }
  }

  @Test
  void aListenerThatBlocksHoldsUpNoJobAndNotTheClose() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    JobId job;
    try (Engine engine = open()) {
      engine.subscribe(
          event -> {
            told.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      job = engine.submit(job("quick", 50));
      told.await();
      await().until(() -> engine.job(job).state() == State.FINISHED);
      JobId later = engine.submit(job("quick", 1));
      await().until(() -> engine.job(later).state() == State.FINISHED);
    }
    try (Engine again = open()) {
      assertThat(again.await(job).state()).isEqualTo(State.FINISHED);
    }
  }

  @Test
  void aKillEndsWhatRunsAndRefusesWhatIsAskedAfterwards() throws Exception {
    Engine engine = open();
    JobId job = engine.submit(job("block", 1));
    blocked.await();

    engine.shutDown(Closing.kill());

    assertThatThrownBy(() -> engine.job(job))
        .satisfies(refusal -> assertThat(codeOf(refusal)).isEqualTo(ErrorCode.ENGINE_CLOSED));
    try (Engine next = open()) {
      InstanceId only = new InstanceId(job, new TaskName("only"), 0);
      await().until(() -> next.attempts(only).size() == 2);
      assertThat(next.attempts(only).get(0).outcome())
          .contains(new Outcome.Lost("the engine was closed"));
    }
  }

  @Test
  void aSecondCloseEndsTheWaitOfADrain() throws Exception {
    Engine engine = open();
    JobId job = engine.submit(job("block", 1));
    blocked.await();
    Thread drain = new Thread(() -> engine.shutDown(Closing.drain(Duration.ofDays(1))));
    drain.start();
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> engine.job(job))
                    .satisfies(
                        refusal -> assertThat(codeOf(refusal)).isEqualTo(ErrorCode.ENGINE_CLOSED)));

    engine.close();

    drain.join();
  }

  @Test
  void aListenerMayDrainAndIsToldMeanwhile() throws Exception {
    Engine engine = open();
    CountDownLatch closed = new CountDownLatch(1);
    engine.subscribe(
        event -> {
          engine.shutDown(Closing.drain(Duration.ofDays(1)));
          closed.countDown();
        });
    engine.submit(job("quick", 3));
    closed.await();
    try (Engine next = open()) {
      assertThat(next.await(next.jobs(JobQuery.all()).items().get(0).id()).state())
          .isEqualTo(State.FINISHED);
    }
  }
}
