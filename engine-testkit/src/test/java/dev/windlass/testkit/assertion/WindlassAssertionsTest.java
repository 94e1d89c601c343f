package dev.windlass.testkit.assertion;

import static dev.windlass.job.Outcome.Kind.EXITED;
import static dev.windlass.job.Outcome.Kind.OUT_OF_MEMORY;
import static dev.windlass.testkit.assertion.WindlassAssertions.assertThat;
import static dev.windlass.testkit.assertion.WindlassAssertions.assertThatEvents;
import static dev.windlass.testkit.assertion.WindlassAssertions.assertThatJob;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.testkit.engine.TestEngine;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each assertion holds where it should, fails where it should, and says how the job stands. */
class WindlassAssertionsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final TestEngine test = TestEngine.create();
  private JobId good;
  private JobId bad;

  @BeforeEach
  void runTwoJobs() throws InterruptedException {
    test.script().job("bad").task("merge").exits(3).after(HOUR);
    test.script().task("align").instance(1).runsOutOfMemory().then().succeeds().after(HOUR);
    test.script().task("merge").attempt(9).succeeds();
    test.script().job("good").task("merge").succeeds().writing("m.txt", "merged").printing("hi");
    good = test.engine().submit(description("good"));
    test.engine().await(good);
    bad = test.engine().submit(description("bad"));
    test.engine().await(bad);
  }

  private static JobDescription description(String name) {
    TaskDescription.Builder task =
        TaskDescription.builder(Command.of("prog")).retry(RetryPolicy.retries(1));
    TaskDescription.Builder merge =
        TaskDescription.builder(Command.of("prog")).output("m.txt", "oss://b/" + name);
    return JobDescription.builder(name)
        .task("align", task.instances(2).build())
        .task("merge", merge.build())
        .dependency("align", "merge")
        .build();
  }

  @AfterEach
  void close() {
    test.close();
  }

  private static void fails(ThrowingCallable assertion, String... parts) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(parts);
  }

  @Test
  void statesAreAsserted() {
    assertThatJob(test, good)
        .isFinished()
        .isOver()
        .hasInstances(State.FINISHED, 3)
        .hasTask("align")
        .isFinished()
        .hasInstances(State.FINISHED, 2)
        .hasInstance(1)
        .isFinished()
        .hadAttempts(2)
        .endedWith(OUT_OF_MEMORY, EXITED)
        .and()
        .and()
        .hasTask("merge")
        .ranAfter("align")
        .hasInstance(0)
        .printed("hi")
        .endedWith(new Outcome.Exited(0));
    assertThatJob(test.engine(), bad).isFailed().hasMessageContaining("exited with 3");
    assertThat(test.engine().job(good)).isFinished().hasInstances(State.FINISHED, 3);
    assertThat(test.engine().job(bad)).isFailed().hasMessageContaining("exited with 3");
  }

  @Test
  void aFailureShowsHowTheJobStands() {
    fails(
        () -> assertThatJob(test, bad).isFinished(),
        "job 'bad' should be FINISHED but is FAILED",
        "exited with 3",
        "task 'align' FINISHED: 2 FINISHED of 2 instances",
        "task 'merge' FAILED: 1 FAILED of 1 instances",
        "instance 0 FAILED",
        "attempt 1: exited with 3, 2030-01-01T0",
        "1 FAILED");
    fails(
        () -> assertThatJob(test, good).hasTask("align").hasInstance(1).hadAttempts(1),
        "instance 1 of task 'align' should have had 1 attempts but had 2",
        "attempt 1: out of memory",
        "attempt 2: exited with 0");
  }

  @Test
  void eachAssertionCanFail() {
    JobAssert job = assertThatJob(test, good);
    TaskAssert task = job.hasTask("align");
    InstanceAssert instance = task.hasInstance(1);
    fails(job::isRunning, "should be RUNNING");
    fails(job::isWaiting, "should be WAITING");
    fails(job::isStopped, "should be STOPPED");
    fails(job::isFailed, "should be FAILED");
    fails(() -> job.hasTask("alighn"), "should have a task 'alighn'", "[align, merge]");
    fails(() -> job.hasMessageContaining("x"), "should have a message");
    fails(() -> job.hasInstances(State.FAILED, 1), "1 instances FAILED");
    fails(() -> task.hasInstance(2), "should have an instance 2 but has 2");
    fails(() -> task.hasInstances(State.FINISHED, 1), "should have 1 instances FINISHED");
    fails(() -> task.ranAfter("merge"), "should have run after task 'merge'");
    fails(() -> instance.endedWith(EXITED, EXITED), "ended with [OUT_OF_MEMORY, EXITED]");
    fails(() -> instance.endedWith(new Outcome.Exited(0)), "should have ended with");
    fails(() -> instance.printed("x"), "should have printed 'x' but printed ''");
    fails(() -> assertThat(test.engine().job(good)).isFailed(), "should be FAILED");
    fails(() -> assertThat(test.engine().job(good)).hasMessageContaining("x"), "'x'");
    fails(() -> assertThat(test.engine().job(good)).hasInstances(State.FAILED, 2), "2 instances");
  }

  @Test
  void lengthsAreAsserted() {
    assertThatJob(test, good).hasTask("merge").lasted(Duration.ofSeconds(1));
    assertThatJob(test, bad).hasTask("merge").lasted(HOUR).hasInstance(0).lasted(HOUR);
    assertThatJob(test, good).tookBetween(HOUR, HOUR.plusSeconds(4));

    fails(
        () -> assertThatJob(test, bad).hasTask("merge").lasted(Duration.ofMinutes(1)),
        "should have lasted PT1M but lasted PT1H");
    fails(
        () -> assertThatJob(test, good).tookBetween(HOUR.plusSeconds(4), HOUR.plusSeconds(5)),
        "should have taken between");
    fails(() -> assertThatJob(test, good).tookBetween(Duration.ZERO, HOUR), "but took PT1H");
  }

  @Test
  void whatHasNotEndedHasNoLength() throws InterruptedException {
    test.script().task("align").runsForever();
    JobId job = test.engine().submit(description("good"));
    fails(() -> assertThatJob(test, job).hasTask("merge").lasted(HOUR), "has not begun");
    test.advance(HOUR);
    fails(() -> assertThatJob(test, job).lasted(HOUR), "has not ended");
    fails(() -> assertThatJob(test, job).isOver(), "should be over");
  }

  @Test
  void objectsAreAsserted() {
    assertThat(test.storage())
        .hasObject("oss://b/good")
        .withContent("merged")
        .withContentContaining("erge")
        .and()
        .hasNoObject("oss://b/bad");

    fails(() -> assertThat(test.storage()).hasObject("oss://b/bad"), "oss://b/good");
    fails(() -> assertThat(test.storage()).hasNoObject("oss://b/good"), "should be no object");
    fails(
        () -> assertThat(test.storage()).hasObject("oss://b/good").withContent("other"),
        "should hold 'other' but holds 'merged'");
    fails(
        () -> assertThat(test.storage()).hasObject("oss://b/good").withContentContaining("x"),
        "should contain 'x'");
  }

  @Test
  void eventsAreAsserted() {
    EventsAssert events = assertThatEvents(test.events()).ofJob(good);
    events
        .cameInOrder(
            "job WAITING",
            "job RUNNING",
            "align/1 attempt 1 ended: out of memory: the script says so",
            "align/1 WAITING",
            "align/1 attempt 2 started",
            "task align FINISHED",
            "merge/0 RUNNING",
            "job FINISHED")
        .didNotCome("job FAILED");

    fails(
        () -> events.cameInOrder("job FINISHED", "job RUNNING"),
        "the event 'job RUNNING' should have come after 'job FINISHED'",
        "  task align FINISHED");
    fails(() -> events.cameInOrder("job STOPPED"), "'job STOPPED' should have come; there were");
    fails(() -> events.didNotCome("job FINISHED"), "should not have come");
  }
}
