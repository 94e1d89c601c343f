package dev.windlass.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.JobOperation;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.NodeState;
import dev.windlass.error.EngineException;
import dev.windlass.event.Event;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.Condition;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.testkit.engine.TestEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a report tells of jobs that an engine ran. */
class JobReportTest {

  private static final TaskName A = new TaskName("a");
  private static final ClusterName POOL = new ClusterName("pool");

  private final TestEngine test =
      TestEngine.builder().nodeCapacity(new Resources(2_000, 8L << 30, 0)).build();

  private final Instant beginning = test.clock().instant();

  @AfterEach
  void closeTheEngine() {
    test.close();
  }

  private static TaskDescription.Builder program() {
    return TaskDescription.builder(Command.shell("program"));
  }

  private JobId submit(JobDescription.Builder job) {
    return test.engine().submit(job.build());
  }

  private JobReport report(JobId job) {
    return JobReport.of(test.engine(), job, test.clock().instant());
  }

  private Span seconds(long from, long to) {
    return new Span(beginning.plusSeconds(from), beginning.plusSeconds(to));
  }

  private static AttemptReport attempt(JobReport report, String task, int index, int number) {
    return report.attempts().stream()
        .filter(one -> one.task().value().equals(task))
        .filter(one -> one.instanceId().index() == index && one.status().id().number() == number)
        .findFirst()
        .orElseThrow();
  }

  /** Two places; a program takes ten seconds, one fails after four and is tried again. */
  private JobId twoByTwo() throws InterruptedException {
    test.script().task("a").succeeds().after(Duration.ofSeconds(10));
    test.script().task("a").instance(3).attempt(1).exits(3).after(Duration.ofSeconds(4));
    TaskDescription a =
        program()
            .instances(4)
            .resources(Resources.cpus(1).withMemory(1L << 30))
            .retry(RetryPolicy.retries(1).pausing(Duration.ZERO, Duration.ZERO))
            .build();
    JobId job =
        submit(
            JobDescription.builder("two-by-two")
                .task("a", a)
                .task("b", program().build())
                .dependency("a", "b"));
    test.engine().await(job);
    return job;
  }

  @Test
  void everyAttemptTellsItsPhases() throws Exception {
    JobReport report = report(twoByTwo());

    assertThat(report.attempts())
        .extracting(one -> one.instanceId().index() + "." + one.status().id().number())
        .containsExactly("0.1", "1.1", "2.1", "3.1", "3.2", "0.1");
    assertThat(attempt(report, "a", 0, 1).phases().waiting()).contains(seconds(0, 0));
    assertThat(attempt(report, "a", 0, 1).phases().running()).contains(seconds(0, 10));
    assertThat(attempt(report, "a", 2, 1).phases().waiting()).contains(seconds(0, 10));
    assertThat(attempt(report, "a", 2, 1).phases().staging()).contains(seconds(10, 10));
    assertThat(attempt(report, "a", 3, 1).phases().running()).contains(seconds(10, 14));
    assertThat(attempt(report, "a", 3, 2).phases().waiting()).contains(seconds(14, 14));
    assertThat(attempt(report, "a", 3, 2).phases().running()).contains(seconds(14, 24));
    assertThat(attempt(report, "b", 0, 1).phases().running()).contains(seconds(24, 25));
  }

  @Test
  void aTaskTellsWhereItsTimeWentAndWhatItUsed() throws Exception {
    TaskReport task = report(twoByTwo()).tasks().get(0);

    assertThat(task.name()).isEqualTo(A);
    assertThat(task.status().instances().finished()).isEqualTo(4);
    assertThat(task.phases().get(Phase.WAITING))
        .isEqualTo(
            new PhaseSummary(5, Duration.ofSeconds(20), Duration.ZERO, Duration.ofSeconds(10)));
    assertThat(task.phases().get(Phase.RUNNING))
        .isEqualTo(
            new PhaseSummary(
                5, Duration.ofSeconds(44), Duration.ofSeconds(10), Duration.ofSeconds(10)));
    assertThat(task.usage().instanceTime()).isEqualTo(Duration.ofSeconds(44));
    assertThat(task.bookedMemoryBytes()).isEqualTo(1L << 30);
  }

  @Test
  void failuresAreToldWithTheirOutcomeAndWhere() throws Exception {
    JobReport report = report(twoByTwo());

    assertThat(report.failures()).containsExactly(attempt(report, "a", 3, 1));
    String node = report.nodes().get(0).name();
    assertThat(report.failureGroups())
        .containsExactly(
            new FailureGroup(A, new Outcome.Exited(3), 1, new TreeMap<>(Map.of(node, 1L))));
    assertThat(report.nodes()).hasSize(1);
    assertThat(report.nodes().get(0).attempts()).isEqualTo(6);
    assertThat(report.nodes().get(0).failed()).isEqualTo(1);
    assertThat(report.nodes().get(0).runningTime()).isEqualTo(Duration.ofSeconds(45));
    assertThat(report.nodes().get(0).inUse()).contains(seconds(0, 25));
  }

  @Test
  void theSlowestComeFirst() throws Exception {
    List<AttemptReport> slowest = report(twoByTwo()).slowest(5);

    assertThat(slowest).hasSize(5);
    assertThat(slowest.get(0).runningTime()).isEqualTo(Duration.ofSeconds(10));
    assertThat(slowest.get(4).runningTime()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void instancesThatFailedForGoodComeBeforeThoseThatWereMended() throws Exception {
    test.script().task("a").instance(0).attempt(1).exits(1);
    test.script().task("a").instance(1).exits(2);
    JobId job =
        submit(
            JobDescription.builder("job")
                .onFailure(FailurePolicy.GO_ON)
                .task("a", program().instances(2).retry(RetryPolicy.retries(1)).build()));
    test.engine().await(job);

    JobReport report = report(job);

    assertThat(report.failures())
        .extracting(one -> one.instanceId().index() + "." + one.status().id().number())
        .containsExactly("1.1", "1.2", "0.1");
    assertThat(report.failures()).first().matches(one -> one.instance() == State.FAILED);
    assertThat(report.failureGroups()).extracting(FailureGroup::attempts).containsExactly(2L, 1L);
  }

  @Test
  void aJobThatRunsIsToldAsItStands() throws Exception {
    test.script().all().succeeds().after(Duration.ofSeconds(10));
    JobId job = submit(JobDescription.builder("job").task("a", program().instances(5).build()));
    test.advance(Duration.ofSeconds(13));

    JobReport report = report(job);

    assertThat(report.job().state()).isEqualTo(State.RUNNING);
    assertThat(report.attempts()).hasSize(4);
    assertThat(attempt(report, "a", 3, 1).phases().running()).contains(seconds(10, 13));
    assertThat(attempt(report, "a", 3, 1).phases().publishing()).isEmpty();
    assertThat(report.tasks().get(0).status().instances().waiting()).isEqualTo(1);
    assertThat(report.failures()).isEmpty();
  }

  @Test
  void aJobThatHasNotBegunHasNoAttempts() {
    JobId job =
        submit(JobDescription.builder("job").task("a", program().instances(1_000_000).build()));
    test.engine().manage(job, new JobOperation.Stop(), "not tonight");

    JobReport report = report(job);

    assertThat(report.attempts().size()).isEqualTo((int) report.usage().attempts());
    assertThat(report.slowest(3)).isEmpty();
    assertThat(report.history())
        .filteredOn(Event.JobOperated.class::isInstance)
        .extracting(event -> ((Event.JobOperated) event).reason())
        .containsExactly("not tonight");
  }

  @Test
  void ofTooManyAttemptsThoseThatFailedAreToldAndTheOthersCounted() throws Exception {
    test.script().task("b").instance(9).exits(1);
    JobId job =
        submit(
            JobDescription.builder("job")
                .onFailure(FailurePolicy.GO_ON)
                .task("a", program().instances(10).build())
                .task("b", program().instances(10).build()));
    test.engine().await(job);

    JobReport report = new Gathering(test.engine(), job, test.clock().instant(), 5).report();

    assertThat(report.attempts()).hasSize(5);
    assertThat(report.attemptsLeftOut()).isEqualTo(15);
    assertThat(report.failures()).hasSize(1);
    assertThat(report.usage().attempts()).isEqualTo(20);
  }

  @Test
  void aNodeThatIsGoneIsStillNamed() throws Exception {
    test.engine().createCluster(ClusterDescription.of("pool", "scripted", 1, Resources.cpus(2)));
    test.runUntilIdle();
    TaskDescription onPool = program().placement(new Placement.OnCluster(POOL)).build();
    JobId job = submit(JobDescription.builder("job").task("a", onPool));
    test.engine().await(job);
    NodeReport before = report(job).nodes().get(0);
    test.engine().deleteCluster(POOL);
    test.runUntilIdle();

    NodeReport after = report(job).nodes().get(0);

    assertThat(before.status().orElseThrow().state()).isEqualTo(NodeState.RUNNING);
    assertThat(after.status()).isEmpty();
    assertThat(after.name()).isEqualTo(before.name());
    assertThat(after.attempts()).isEqualTo(1);
  }

  @Test
  void aCrashOfTheHostIsSurvived() throws Exception {
    test.script().all().succeeds().after(Duration.ofSeconds(10));
    JobId job = submit(JobDescription.builder("job").task("a", program().build()));
    test.advance(Duration.ofSeconds(2));
    test.crashHost();
    test.advance(Duration.ofHours(1));
    test.restartHost();
    test.engine().await(job);

    JobReport report = report(job);

    assertThat(report.attempts()).hasSize(1);
    assertThat(report.attempts().get(0).phases().running()).contains(seconds(0, 10));
  }

  @Test
  void dependenciesTellTheirConditions() {
    JobId job =
        submit(
            JobDescription.builder("job")
                .failOnInstanceFail(false)
                .task("a", program().instances(3).build())
                .task("b", program().instances(3).perInstance("a").build())
                .task("c", program().condition("a", Condition.FAILURE).build())
                .dependency("a", "b")
                .dependency("a", "c"));

    assertThat(report(job).dependencies())
        .containsExactly(
            new Dependency(A, new TaskName("b"), Optional.empty(), true),
            new Dependency(A, new TaskName("c"), Optional.of(Condition.FAILURE), false));
  }

  @Test
  void aJobThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> report(SampleReport.JOB))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(SampleReport.JOB.value());
  }

  @Test
  void namesAreOrderedAsPeopleDo() {
    List<String> names = List.of("", "a", "n-2", "n-9b", "n-010", "n-10", "n-99999999999999999999");
    NaturalOrder order = new NaturalOrder();

    IntStream.range(0, names.size())
        .forEach(
            i ->
                IntStream.range(0, names.size())
                    .forEach(
                        j ->
                            assertThat(Integer.signum(order.compare(names.get(i), names.get(j))))
                                .as("%s, %s", names.get(i), names.get(j))
                                .isEqualTo(Integer.signum(Integer.compare(i, j)))));
  }
}
