package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.JobOperation;
import dev.windlass.JobStatus;
import dev.windlass.event.Event;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.why.Reason;
import dev.windlass.why.Remedy;
import dev.windlass.why.TaskExplanation.Group;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a pause holds back, and what it does not. */
@Timeout(60)
class PauseTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final TaskName WORK = new TaskName("work");

  /** Each program runs for an hour, on two processors. */
  private final TestEngine test = TestEngine.builder().nodeCapacity(Resources.cpus(2)).build();

  PauseTest() {
    test.script().task("work").succeeds().after(HOUR);
  }

  @AfterEach
  void close() {
    test.close();
  }

  private static TaskDescription.Builder work(int instances) {
    return TaskDescription.builder(Command.of("prog")).instances(instances);
  }

  private JobId submit(JobDescription.Builder job) {
    JobId id = test.engine().submit(job.build());
    test.advance(MINUTE);
    return id;
  }

  private static JobDescription.Builder job(int instances) {
    return JobDescription.builder("job").task("work", work(instances).build());
  }

  private void pause(JobId job) {
    test.engine().manage(job, new JobOperation.Pause(), "the disc is full");
  }

  private JobStatus status(JobId job) {
    return test.engine().job(job);
  }

  @Test
  void whatRunsGoesOnAndNothingBegins() throws Exception {
    JobId job = submit(job(4));

    pause(job);
    test.advance(HOUR.multipliedBy(3));

    assertThat(status(job).instances().finished()).isEqualTo(2);
    assertThat(status(job).instances().running()).isZero();
    assertThat(status(job).state()).isEqualTo(State.RUNNING);
    assertThat(status(job).paused()).contains("the disc is full");

    test.engine().resume(job);
    assertThat(status(job).paused()).isEmpty();
    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void aPauseOutlivesTheHost() throws Exception {
    JobId job = submit(job(4));
    pause(job);

    test.crashHost();
    test.restartHost();
    test.advance(HOUR.multipliedBy(3));

    assertThat(status(job).paused()).contains("the disc is full");
    assertThat(status(job).instances().finished()).isEqualTo(2);

    test.engine().resume(job);
    test.crashHost();
    test.restartHost();
    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void pausesBeforeRetriesGoBy() {
    test.script().task("retry").attempt(1).exits(1);
    RetryPolicy inAnHour = RetryPolicy.retries(1).pausing(HOUR, HOUR);
    JobId job =
        submit(JobDescription.builder("job").task("retry", work(1).retry(inAnHour).build()));
    pause(job);
    test.advance(HOUR.multipliedBy(2));
    assertThat(status(job).instances().waiting()).isEqualTo(1);

    test.engine().resume(job);
    test.advance(MINUTE);

    assertThat(status(job).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void theNextTaskAndTheFinalTaskWait() {
    JobId job =
        submit(
            job(2)
                .task("next", work(1).build())
                .task("last", work(1).build())
                .dependency("work", "next")
                .finalTask("last"));
    pause(job);
    test.advance(HOUR.multipliedBy(3));
    assertThat(test.engine().task(job, new TaskName("next")).state()).isEqualTo(State.WAITING);

    test.engine().resume(job);
    test.advance(MINUTE);
    assertThat(status(job).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void aPausedJobFailsWithItsInstanceAndItsFinalTaskWaits() {
    test.script().task("bad").exits(1).after(MINUTE.multipliedBy(5));
    JobId job =
        submit(
            JobDescription.builder("job")
                .task("bad", work(1).retry(RetryPolicy.retries(0)).build())
                .task("last", work(1).build())
                .finalTask("last"));
    pause(job);
    test.advance(HOUR);
    assertThat(status(job).state()).isEqualTo(State.RUNNING);
    assertThat(status(job).message()).contains("failed").contains("final task 'last'");
    assertThat(status(job).instances().running()).isZero();

    test.engine().resume(job);
    test.advance(MINUTE);
    assertThat(status(job).state()).isEqualTo(State.FAILED);
    assertThat(status(job).isPaused()).isFalse();
  }

  @Test
  void aStopEndsThePauseSoThatTheFinalTaskRuns() {
    JobId job = submit(job(4).task("last", work(1).build()).finalTask("last"));
    pause(job);

    test.engine().manage(job, new JobOperation.Stop(), "not needed");
    test.advance(MINUTE);

    assertThat(status(job).state()).isEqualTo(State.STOPPED);
    assertThat(status(job).message()).isEqualTo("stopped by the user: not needed");
    assertThat(test.engine().task(job, new TaskName("last")).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void aJobThatIsPausedKeepsNoNodeForItself() {
    submit(job(1)); // leaves one of two processors
    TaskDescription large = work(1).resources(Resources.cpus(2)).build();
    JobId waits = submit(JobDescription.builder("large").task("work", large));
    JobId small = submit(job(1)); // behind what is kept for the large one
    assertThat(status(small).instances().running()).isZero();

    pause(waits);
    test.advance(MINUTE);

    assertThat(status(small).instances().running()).isEqualTo(1);
  }

  @Test
  void itIsToldWhyNothingBeginsAndWhatWouldLetIt() {
    JobId other = submit(job(2));
    JobId job = submit(job(1));
    pause(job);
    assertThat(group(job).reasons()).containsExactly(new Reason.JobPaused("the disc is full"));
    assertThat(group(job).remedies()).isEmpty(); // there is no room either

    test.engine().stop(other);
    test.advance(MINUTE);
    assertThat(group(job).remedies()).containsExactly(new Remedy.Resume());
  }

  private Group group(JobId job) {
    return test.engine().why(job, WORK).groups().get(0);
  }

  @Test
  void whatUsersDoIsToldWithItsReasonAndWhatChangesNothingIsNot() {
    JobId job = submit(job(1));
    pause(job);
    pause(job);
    test.engine().resume(job);
    test.engine().resume(job);
    test.engine().setPriority(job, 0);
    test.engine().manage(job, new JobOperation.SetPriority(5), "urgent");
    test.advance(MINUTE);

    assertThat(operations())
        .extracting(Event.JobOperated::operation, Event.JobOperated::reason)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(new JobOperation.Pause(), "the disc is full"),
            org.assertj.core.groups.Tuple.tuple(new JobOperation.Resume(), ""),
            org.assertj.core.groups.Tuple.tuple(new JobOperation.SetPriority(5), "urgent"));
  }

  private List<Event.JobOperated> operations() {
    return test.events().stream()
        .filter(Event.JobOperated.class::isInstance)
        .map(Event.JobOperated.class::cast)
        .toList();
  }
}
