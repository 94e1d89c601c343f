package dev.windlass.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.LogKind;
import dev.windlass.Page;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.Event;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine as a host sees it, on functions of this JVM. */
final class EngineTest {
  private static final RetryPolicy AT_ONCE =
      RetryPolicy.retries(2)
          .pausing(Duration.ZERO, Duration.ZERO)
          .withRule(RetryRule.failOnExit(7));

  @TempDir Path directory;
  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger failuresLeft = new AtomicInteger();
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final CountDownLatch unblock = new CountDownLatch(1);
  private Engine engine;

  private Engine open() {
    engine =
        EngineBuilder.at(directory.resolve("engine"))
            .executor(
                FunctionExecutor.builder("functions")
                    .capacity(Resources.cpus(4))
                    .function(
                        "note",
                        run -> {
                          ran.add(run.id().instance().task() + "/" + run.id().instance().index());
                          return 0;
                        })
                    .function("exit", run -> Integer.parseInt(run.arguments().get(0)))
                    .function("flaky", run -> failuresLeft.getAndDecrement() > 0 ? 3 : 0)
                    .function(
                        "say",
                        run -> {
                          run.stdout().print("hello");
                          run.stderr().print("oops");
                          return 0;
                        })
                    .function(
                        "block",
                        run -> {
                          blocked.countDown();
                          unblock.await();
                          return 0;
                        })
                    .build())
            .open();
    return engine;
  }

  @AfterEach
  void close() {
    unblock.countDown();
    if (engine != null) {
      engine.close();
    }
  }

  private static TaskDescription.Builder task(String function, String... arguments) {
    return TaskDescription.builder(Command.of(function, arguments));
  }

  private static JobDescription job(TaskDescription task) {
    return JobDescription.builder("test").task("only", task).build();
  }

  @Test
  void aDiamondRunsInOrder() throws Exception {
    open();
    JobId job =
        engine.submit(
            JobDescription.builder("diamond")
                .task("top", task("note").build())
                .task("left", task("note").instances(3).build())
                .task("right", task("note").instances(2).build())
                .task("bottom", task("note").build())
                .dependency("top", "left")
                .dependency("top", "right")
                .dependency("left", "bottom")
                .dependency("right", "bottom")
                .build());

    JobStatus status = engine.await(job);

    assertThat(status.state()).isEqualTo(State.FINISHED);
    assertThat(status.isOver()).isTrue();
    assertThat(status.instances().finished()).isEqualTo(7);
    assertThat(status.tasks().finished()).isEqualTo(4);
    assertThat(ran).hasSize(7).doesNotHaveDuplicates().startsWith("top/0").endsWith("bottom/0");
    assertThat(engine.job(job)).isEqualTo(status);
  }

  @Test
  void aFailureIsTriedAgainAsOftenAsAllowed() throws Exception {
    open();
    failuresLeft.set(2);
    JobId job = engine.submit(job(task("flaky").retry(AT_ONCE).build()));

    assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
    InstanceId instance = new InstanceId(job, new TaskName("only"), 0);
    assertThat(engine.instance(instance).attempts()).isEqualTo(3);
    assertThat(engine.attempts(instance))
        .extracting(attempt -> attempt.outcome().orElseThrow())
        .containsExactly(new Outcome.Exited(3), new Outcome.Exited(3), new Outcome.Exited(0));
  }

  @Test
  void anInstanceThatFailsForGoodFailsTheJobAndStopsTheRest() throws Exception {
    open();
    JobId job =
        engine.submit(
            JobDescription.builder("failing")
                .task("bad", task("exit", "7").retry(AT_ONCE).build())
                .task("after", task("note").instances(5).build())
                .dependency("bad", "after")
                .build());

    JobStatus status = engine.await(job);

    assertThat(status.state()).isEqualTo(State.FAILED);
    assertThat(status.message()).contains("bad").contains("exited with 7").contains("attempt 1");
    assertThat(status.instances().stopped()).isEqualTo(5);
    assertThat(status.instances().failed()).isEqualTo(1);
    assertThat(engine.task(job, new TaskName("after")).state()).isEqualTo(State.STOPPED);
    assertThat(ran).isEmpty();
  }

  @Test
  void withoutFailOnInstanceFailTheRestGoesOn() throws Exception {
    open();
    JobId job =
        engine.submit(
            JobDescription.builder("tolerant")
                .failOnInstanceFail(false)
                .task("bad", task("exit", "1").instances(2).build())
                .task("after", task("note").build())
                .dependency("bad", "after")
                .build());

    JobStatus status = engine.await(job);

    assertThat(status.state()).isEqualTo(State.FINISHED);
    assertThat(engine.task(job, new TaskName("bad")).state()).isEqualTo(State.FAILED);
    assertThat(ran).containsExactly("after/0");
  }

  @Test
  void aStoppedJobIsRestartedAndKeepsWhatFinished() throws Exception {
    open();
    JobId job =
        engine.submit(
            JobDescription.builder("stopping")
                .task("first", task("note").build())
                .task("second", task("block").build())
                .task("third", task("note").build())
                .dependency("first", "second")
                .dependency("second", "third")
                .build());
    blocked.await();

    engine.stop(job);
    assertThat(engine.job(job).state()).isEqualTo(State.STOPPED);
    assertThatThrownBy(() -> engine.stop(job))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_CONFLICT))
        .hasMessageContaining("Stopped");
    JobStatus stopped = engine.await(job);
    assertThat(stopped.isOver()).isTrue();
    assertThat(stopped.instances().stopped()).isEqualTo(2);

    unblock.countDown();
    engine.restart(job);
    assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
    assertThat(ran).containsExactly("first/0", "third/0");
    InstanceId second = new InstanceId(job, new TaskName("second"), 0);
    assertThat(engine.attempts(second)).hasSize(2);
    assertThatThrownBy(() -> engine.restart(job)).hasMessageContaining("Finished");
  }

  @Test
  void aDeletedJobIsGone() throws Exception {
    open();
    JobId job = engine.submit(job(task("block").build()));
    blocked.await();
    assertThatThrownBy(() -> engine.delete(job)).hasMessageContaining("Running");

    engine.stop(job);
    engine.delete(job);

    assertThatThrownBy(() -> engine.job(job))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThatThrownBy(() -> engine.restart(job)).hasMessageContaining("no job");
    assertThat(engine.jobs(JobQuery.all()).items()).isEmpty();
  }

  @Test
  void anAttemptThatRunsTooLongIsEnded() throws Exception {
    open();
    JobId job = engine.submit(job(task("block").timeout(Duration.ofSeconds(1)).build()));

    assertThat(engine.await(job).state()).isEqualTo(State.FAILED);
    assertThat(engine.instance(new InstanceId(job, new TaskName("only"), 0)).outcome())
        .contains(new Outcome.TimedOut(Duration.ofSeconds(1)));
  }

  @Test
  void aTokenMakesOneJob() throws Exception {
    open();
    JobDescription description = job(task("note").build());
    JobId job = engine.submit(description, "once");
    assertThat(engine.submit(description, "once")).isEqualTo(job);
    assertThatThrownBy(() -> engine.submit(job(task("say").build()), "once"))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOKEN_MISMATCH));
    engine.await(job);
    assertThat(ran).hasSize(1);
  }

  @Test
  void aTokenIsFreeAgainOnceItsJobIsDeleted() throws Exception {
    open();
    JobId first = engine.submit(job(task("block").build()), "again");
    blocked.await();
    engine.stop(first);
    engine.delete(first);

    JobId second = engine.submit(job(task("note").build()), "again");

    assertThat(second).isNotEqualTo(first);
    assertThat(engine.await(second).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void whatACrashLeftIsSweptAtTheNextStart() throws Exception {
    open();
    JobId job = engine.submit(job(task("note").build()));
    engine.await(job);
    engine.close();
    Path runs = directory.resolve("engine/runs");
    Path interrupted = runs.resolve(job.value()).resolve("only/0.7/work");
    Path unknown = runs.resolve("job-" + "0".repeat(32)).resolve("only/0.1/work");
    Path foreign = runs.resolve("notes-of-somebody");
    for (Path left : List.of(interrupted, unknown, foreign)) {
      Files.createDirectories(left);
      Files.writeString(left.resolve("file"), "left");
    }

    open();

    await().until(() -> Files.notExists(interrupted) && Files.notExists(unknown));
    assertThat(foreign.resolve("file")).hasContent("left");
  }

  @Test
  void anEngineMustBeGivenTheExecutorOfWhatIsUnderWay() throws Exception {
    open();
    engine.submit(job(task("block").build()));
    blocked.await();
    engine.close();
    assertThatThrownBy(
            () ->
                EngineBuilder.at(directory.resolve("engine"))
                    .executor(FunctionExecutor.builder("others").build())
                    .open())
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSATISFIABLE))
        .hasMessageContaining("functions");
  }

  @Test
  void logsAreReadWhileAndAfter() throws Exception {
    open();
    JobId job = engine.submit(job(task("say").build()));
    engine.await(job);
    InstanceId instance = new InstanceId(job, new TaskName("only"), 0);
    try (InputStream out = engine.openLog(instance, LogKind.STDOUT, true);
        InputStream err = engine.openLog(instance, LogKind.STDERR, false)) {
      assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello");
      assertThat(new String(err.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("oops");
    }
    engine.delete(job);
    assertThat(directory.resolve("engine/runs").resolve(job.value())).doesNotExist();
  }

  @Test
  void instancesAreListedByStateAlsoWithoutARecord() throws Exception {
    open();
    JobId job = engine.submit(job(task("block").instances(2_500).build()));
    blocked.await();
    engine.stop(job);
    engine.await(job);

    List<Integer> seen = new ArrayList<>();
    InstanceQuery query = InstanceQuery.all().limit(400).inState(State.STOPPED);
    Page<InstanceStatus> page = engine.instances(job, new TaskName("only"), query);
    while (true) {
      page.items().forEach(status -> seen.add(status.id().index()));
      if (page.next().isEmpty()) {
        break;
      }
      page = engine.instances(job, new TaskName("only"), query.after(page.next().get()));
    }
    assertThat(seen).hasSize(2_500).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void eventsComeInOrderAndOnlyOnce() throws Exception {
    open();
    List<Event> events = Collections.synchronizedList(new ArrayList<>());
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    engine.subscribe(
        event -> {
          threads.add(Thread.currentThread());
          events.add(event.event());
        });
    JobId job = engine.submit(job(task("note").build()));
    engine.await(job);
    await().until(() -> events.size() >= 9);

    assertThat(events)
        .extracting(Event::kind)
        .containsExactly(
            Event.Kind.JOB_CHANGED,
            Event.Kind.INSTANCE_CHANGED,
            Event.Kind.TASK_CHANGED,
            Event.Kind.JOB_CHANGED,
            Event.Kind.ATTEMPT_STARTED,
            Event.Kind.ATTEMPT_ENDED,
            Event.Kind.INSTANCE_CHANGED,
            Event.Kind.TASK_CHANGED,
            Event.Kind.JOB_CHANGED);
    assertThat(threads).hasSize(1);
  }

  @Test
  void whatRanInAClosedHostRunsAgainWithoutARetry() throws Exception {
    open();
    JobId job = engine.submit(job(task("block").build()));
    blocked.await();
    engine.close();
    unblock.countDown();
    open();

    assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
    InstanceId instance = new InstanceId(job, new TaskName("only"), 0);
    assertThat(engine.instance(instance).retries()).isZero();
    assertThat(engine.attempts(instance))
        .extracting(attempt -> attempt.outcome().orElseThrow().kind())
        .containsExactly(Outcome.Kind.LOST, Outcome.Kind.EXITED);
  }

  @Test
  void aSecondEngineIsRefusedAndNamesTheHolder() {
    open();
    assertThatThrownBy(
            () ->
                EngineBuilder.at(directory.resolve("engine"))
                    .executor(FunctionExecutor.builder("functions").build())
                    .open())
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DIRECTORY_IN_USE))
        .hasMessageContaining("pid " + ProcessHandle.current().pid());
    try (Engine looking = EngineBuilder.at(directory.resolve("engine")).readOnly().open()) {
      assertThat(looking.jobs(JobQuery.all()).items()).isEmpty();
      assertThatThrownBy(() -> looking.submit(job(task("note").build())))
          .hasMessageContaining("looked at only");
    }
  }

  @Test
  void aDamagedStateFileIsRefused() throws Exception {
    open();
    engine.submit(job(task("note").build()));
    engine.close();
    Path file = directory.resolve("engine/state.db");
    byte[] bytes = Files.readAllBytes(file);
    java.util.Arrays.fill(bytes, 4096, Math.min(bytes.length, 40_960), (byte) 0x5a);
    Files.write(file, bytes);

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_CORRUPT))
        .hasMessageContaining("state.db");
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  @Test
  void callsAfterCloseAreTyped() {
    open();
    engine.close();
    engine.close();
    assertThatThrownBy(() -> engine.jobs(JobQuery.all()))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_CLOSED));
  }
}
