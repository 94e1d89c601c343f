package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.why.InstanceExplanation;
import dev.windlass.why.Precedence;
import dev.windlass.why.Predecessor;
import dev.windlass.why.Reason;
import dev.windlass.why.Remedy;
import dev.windlass.why.Shortage;
import dev.windlass.why.TaskExplanation.Group;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told about jobs that do not run, and that it is true. */
@Timeout(60)
class WhyTest {

  private static final TaskName WORK = new TaskName("work");

  /** Each program runs for an hour; there are two processors. */
  private final TestEngine test = TestEngine.builder().nodeCapacity(Resources.cpus(2)).build();

  WhyTest() {
    test.script().task("work").succeeds().after(Duration.ofHours(1));
  }

  @AfterEach
  void close() {
    test.close();
  }

  private static TaskDescription.Builder program() {
    return TaskDescription.builder(Command.of("prog"));
  }

  private static JobDescription.Builder job(TaskDescription.Builder task) {
    return JobDescription.builder("job").task("work", task.build());
  }

  private JobId submit(JobDescription.Builder job) {
    JobId id = test.engine().submit(job.build());
    test.advance(Duration.ofMinutes(1));
    return id;
  }

  private InstanceExplanation why(JobId job, int index) {
    return test.engine().why(new InstanceId(job, WORK, index));
  }

  private static List<Reason.Kind> kinds(InstanceExplanation told) {
    return told.reasons().stream().map(Reason::kind).toList();
  }

  @Test
  void aShardWaitsForTheShardBeforeItAndIsLeftOutIfThatFails() {
    test.script().task("before").succeeds().after(Duration.ofHours(1));
    test.script().task("before").instance(0).exits(1).after(Duration.ofSeconds(1));
    JobId job =
        submit(
            job(program().instances(4).perInstance("before"))
                .failOnInstanceFail(false)
                .task("before", program().instances(4).build())
                .dependency("before", "work"));
    TaskName before = new TaskName("before");

    assertThat(why(job, 1).reasons())
        .containsExactly(new Reason.WaitsForInstances(List.of(new InstanceId(job, before, 1))));
    assertThat(why(job, 0).reasons())
        .containsExactly(new Reason.LeftOut(List.of(new InstanceId(job, before, 0))));
    assertThat(test.engine().why(job, WORK).groups())
        .extracting(group -> group.count() + " " + group.reasons().get(0).kind())
        .containsExactly("3 WAITS_FOR_INSTANCES", "1 LEFT_OUT");
  }

  @Test
  void aFinalTaskWaitsForAllOthersAndOthersForNothingOnceTheJobEnds() {
    JobId job =
        submit(job(program().instances(3)).task("cleanup", program().build()).finalTask("cleanup"));

    assertThat(test.engine().why(job, new TaskName("cleanup")).groups().get(0).reasons())
        .containsExactly(
            new Reason.WaitsForTasks(List.of(new Predecessor(WORK, State.RUNNING, 1, 2))));
    test.engine().stop(job);
    test.advance(Duration.ofMinutes(1));
    assertThat(test.engine().job(job).state()).isEqualTo(State.STOPPED);
  }

  @Test
  void whatRunsAndWhatHasEndedIsToldSo() {
    JobId job = submit(job(program()));

    assertThat(why(job, 0).reasons())
        .singleElement()
        .isInstanceOfSatisfying(
            Reason.Running.class, running -> assertThat(running.since()).isPresent());

    test.advance(Duration.ofHours(2));

    assertThat(why(job, 0).reasons())
        .singleElement()
        .isInstanceOfSatisfying(
            Reason.Ended.class,
            ended -> {
              assertThat(ended.state()).isEqualTo(State.FINISHED);
              assertThat(ended.at()).isPresent();
              assertThat(ended.outcome()).isPresent();
            });
    assertThat(test.engine().why(job, WORK).groups())
        .singleElement()
        .satisfies(group -> assertThat(group.count()).isEqualTo(1));
  }

  @Test
  void aShortResourceIsToldWithWhoHoldsItAndTheSmallestEnd() {
    JobId first = submit(job(program().instances(2)));
    JobId second = submit(job(program().instances(3)));

    InstanceExplanation told = why(second, 0);

    Reason.ResourcesShort lacking = (Reason.ResourcesShort) told.reasons().get(0);
    assertThat(lacking.shortages()).containsExactly(new Shortage("cpus", 1_000, 0, 2_000));
    assertThat(lacking.holders())
        .extracting(holder -> holder.attempt().job())
        .containsExactly(first, first);
    assertThat(told.remedies())
        .contains(
            new Remedy.EndAttempts(List.of(new InstanceId(first, WORK, 0).attempt(1))),
            new Remedy.EnlargeNode(lacking.node(), Resources.cpus(1)));
    assertThat(kinds(why(second, 2))).contains(Reason.Kind.EARLIER_INSTANCES);
  }

  @Test
  void whoComesFirstIsToldAndThePriorityThatChangesIt() {
    test.script().task("large").succeeds().after(Duration.ofHours(1));
    submit(job(program()));
    JobId large =
        submit(
            JobDescription.builder("large")
                .priority(7)
                .task("large", program().resources(Resources.cpus(2)).build()));
    JobId small = submit(job(program()));

    InstanceExplanation told = why(small, 0);

    assertThat(told.reasons())
        .contains(
            new Reason.OthersFirst(1, false, large, new TaskName("large"), Precedence.PRIORITY));
    assertThat(kinds(told)).contains(Reason.Kind.NODE_RESERVED);
    assertThat(told.remedies()).contains(new Remedy.RaisePriority(8));

    test.engine().setPriority(small, 8);
    assertThat(kinds(why(small, 0))).containsExactly(Reason.Kind.RUNNING);
  }

  @Test
  void aBoundIsToldAndTheNextHigherOne() {
    JobId ofTask = submit(job(program().instances(2).maxRunning(1)));

    InstanceExplanation told = why(ofTask, 1);

    assertThat(told.reasons()).containsExactly(new Reason.TaskCapReached(1, 1));
    assertThat(told.remedies()).contains(new Remedy.RaiseTaskCap(2));
    test.engine().setMaxRunning(ofTask, WORK, OptionalInt.of(2));
    assertThat(kinds(why(ofTask, 1))).containsExactly(Reason.Kind.RUNNING);
  }

  @Test
  void theBoundOfAJobIsTold() {
    JobId job = submit(job(program().instances(2)).maxRunning(1));

    assertThat(why(job, 1).reasons()).containsExactly(new Reason.JobCapReached(1, 1));
    assertThat(why(job, 1).remedies()).contains(new Remedy.RaiseJobCap(2));
  }

  @Test
  void wantOfANamedResourceOfTheEngineIsToldAndHowManyWouldDo() {
    test.engine().setNamedResource("seat", 3);
    Resources seats = Resources.cpus(1).withNamed(Map.of("seat", 2));
    JobId job = submit(job(program().instances(2).resources(seats)));

    assertThat(kinds(why(job, 1))).contains(Reason.Kind.NAMED_RESOURCES_SHORT);
    assertThat(why(job, 1).remedies()).contains(new Remedy.RaiseNamedResource("seat", 4));
    test.engine().setNamedResource("seat", 4);
    assertThat(kinds(why(job, 1))).containsExactly(Reason.Kind.RUNNING);
  }

  @Test
  void theTasksThatComeBeforeAreTold() {
    test.script().task("after").succeeds();
    JobId job =
        submit(
            job(program().instances(3))
                .task("after", program().build())
                .dependency("work", "after"));

    InstanceExplanation told = test.engine().why(new InstanceId(job, new TaskName("after"), 0));

    assertThat(told.reasons())
        .containsExactly(
            new Reason.WaitsForTasks(List.of(new Predecessor(WORK, State.RUNNING, 1, 2))));
    assertThat(told.remedies()).isEmpty();
  }

  @Test
  void aPauseIsToldWithItsEndAndTheInstanceBeginsThen() {
    test.script().task("flaky").attempt(1).exits(3);
    TaskName flaky = new TaskName("flaky");
    JobId job =
        submit(
            JobDescription.builder("job")
                .task(
                    "flaky",
                    program()
                        .retry(
                            RetryPolicy.retries(3)
                                .pausing(Duration.ofHours(1), Duration.ofHours(1)))
                        .build()));

    InstanceExplanation told = test.engine().why(new InstanceId(job, flaky, 0));

    Reason.BacksOff pause = (Reason.BacksOff) told.reasons().get(0);
    assertThat(told.remedies()).containsExactly(new Remedy.Wait(pause.until()));
    test.advance(Duration.ofHours(2));
    assertThat(test.engine().job(job).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void aMillionInstancesAreOneGroup() {
    submit(job(program().instances(2)));
    JobId job = submit(job(program().instances(1_000_000)));

    List<Group> groups = test.engine().why(job, WORK).groups();

    assertThat(groups)
        .singleElement()
        .satisfies(
            group -> {
              assertThat(group.count()).isEqualTo(1_000_000);
              assertThat(group.example()).hasValue(0);
            });
    assertThat(test.engine().why(job).tasks().get(0).groups().get(0).reasons())
        .isEqualTo(groups.get(0).reasons());
  }

  @Test
  void theSameIsToldAfterACrash() {
    submit(job(program().instances(2)));
    JobId job = submit(job(program()));
    InstanceExplanation before = why(job, 0);

    test.crashHost();
    test.restartHost();
    test.advance(Duration.ofMinutes(1));

    assertThat(why(job, 0)).isEqualTo(before);
  }

  @Test
  void whatIsNotThereIsToldSo() {
    JobId job = submit(job(program()));

    assertThatThrownBy(() -> test.engine().why(new JobId("job-" + "0".repeat(32))))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThatThrownBy(() -> test.engine().why(job, new TaskName("other")))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThatThrownBy(() -> why(job, 1))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }
}
