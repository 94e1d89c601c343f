package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.AttemptStatus;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterDescription.Group;
import dev.windlass.cluster.ClusterState;
import dev.windlass.cluster.NodeState;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.Capability;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.testkit.script.ProgramEnd;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters that are made, changed and deleted, and nodes that come and go, while jobs run. */
@Timeout(60)
class ClusterTest {
  private static final ClusterName FARM = new ClusterName("farm");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Each program runs for an hour. */
  private final TestEngine test = TestEngine.create();

  ClusterTest() {
    test.script().task("work").succeeds().after(HOUR);
  }

  @AfterEach
  void close() {
    test.close();
  }

  /** A cluster of one group "g", whose nodes take one instance each. */
  private static ClusterDescription farm(int nodes) {
    return ClusterDescription.builder("farm")
        .group(new Group("g", "scripted", nodes, Resources.cpus(1)))
        .build();
  }

  private static TaskDescription.Builder work(int instances) {
    return TaskDescription.builder(Command.of("prog"))
        .instances(instances)
        .retry(RetryPolicy.retries(0))
        .placement(new Placement.OnCluster(FARM));
  }

  private JobId submit(int instances) {
    return test.engine()
        .submit(JobDescription.builder("job").task("work", work(instances).build()).build());
  }

  private void make(int nodes) {
    test.engine().createCluster(farm(nodes));
    test.advance(MINUTE);
  }

  private List<String> names() {
    return test.engine().nodes(FARM).stream().map(NodeStatus::name).toList();
  }

  private List<NodeState> states() {
    return test.engine().nodes(FARM).stream().map(NodeStatus::state).toList();
  }

  private long running(JobId job) {
    return test.engine().job(job).instances().running();
  }

  private List<Outcome.Kind> outcomes(JobId job, int index) {
    return test.engine().attempts(TestEngineCase.instance(job, "work", index)).stream()
        .map(AttemptStatus::outcome)
        .flatMap(Optional::stream)
        .map(Outcome::kind)
        .toList();
  }

  private static void assertRefused(
      ThrowingCallable call, ErrorCode code, String... partsOfTheMessage) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class, refusal -> assertThat(refusal.code()).isEqualTo(code))
        .satisfies(
            refusal ->
                assertThat(List.of(partsOfTheMessage))
                    .allSatisfy(part -> assertThat(refusal).hasMessageContaining(part)));
  }

  // ---- made and listed ----

  @Test
  void aClusterComesUpAndRunsJobs() throws Exception {
    make(2);

    assertThat(test.engine().cluster(FARM).state()).isEqualTo(ClusterState.ACTIVE);
    assertThat(test.engine().cluster(FARM).actualNodes("g")).isEqualTo(2);
    assertThat(names()).containsExactly("farm.g.1", "farm.g.2");
    assertThat(states()).containsOnly(NodeState.RUNNING);
    assertThat(test.engine().clusters())
        .extracting(cluster -> cluster.name().value())
        .containsExactly("default", "farm");

    JobId job = submit(4);
    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(test.elapsed()).isEqualTo(MINUTE.plus(HOUR).plus(HOUR));
    assertThat(test.eventLog())
        .anyMatch(line -> line.endsWith("cluster farm ACTIVE"))
        .anyMatch(line -> line.endsWith("node farm.g.1 STARTING"))
        .anyMatch(line -> line.endsWith("node farm.g.2 RUNNING"));
  }

  @Test
  void makingItAgainChangesNothingAndMakingAnotherOfItsNameIsRefused() {
    make(2);

    test.engine().createCluster(farm(2));

    assertThat(names()).hasSize(2);
    assertRefused(
        () -> test.engine().createCluster(farm(3)), ErrorCode.CONFLICT, "'farm'", "already");
    assertRefused(
        () ->
            test.engine()
                .createCluster(ClusterDescription.of("default", "scripted", 1, Resources.cpus(1))),
        ErrorCode.CONFLICT,
        "'default'");
  }

  @Test
  void whatNobodyCouldRunIsRefused() {
    assertRefused(
        () ->
            test.engine()
                .createCluster(ClusterDescription.of("far", "slurm", 1, Resources.cpus(1))),
        ErrorCode.REFERENCE,
        "'slurm'");
    try (TestEngine plain =
        TestEngine.builder()
            .capabilities(EnumSet.complementOf(EnumSet.of(Capability.NODES)))
            .build()) {
      assertRefused(
          () ->
              plain
                  .engine()
                  .createCluster(
                      ClusterDescription.builder("farm")
                          .group(new Group("g", "scripted", 1, Resources.cpus(1)))
                          .bootstrap("mount-scratch")
                          .build()),
          ErrorCode.UNSATISFIABLE,
          "keeps no nodes");
    }
  }

  @Test
  void anExecutorThatKeepsNoNodesHasThemAtOnce() throws Exception {
    try (TestEngine plain = TestEngine.builder().capabilities(Set.of()).build()) {
      plain.engine().createCluster(farm(1));
      JobId job =
          plain
              .engine()
              .submit(JobDescription.builder("job").task("work", work(2).build()).build());

      assertThat(plain.engine().await(job).state()).isEqualTo(State.FINISHED);
      plain.engine().deleteCluster(FARM);
      plain.advance(MINUTE);
      assertRefused(() -> plain.engine().cluster(FARM), ErrorCode.NOT_FOUND, "'farm'");
    }
  }

  @Test
  void programsSeeTheVariablesOfTheCluster() throws Exception {
    test.engine()
        .createCluster(
            ClusterDescription.builder("farm")
                .group(new Group("g", "scripted", 1, Resources.cpus(1)))
                .environment("SCENE", "7")
                .environment("MODE", "draft")
                .build());
    test.script()
        .task("work")
        .does(
            run -> {
              run.print(
                  run.environment().get("SCENE")
                      + " "
                      + run.environment().get("MODE")
                      + " "
                      + run.environment().get("BATCH_COMPUTE_WORKER_ID"));
              return ProgramEnd.exited(0);
            });
    JobId job =
        test.engine()
            .submit(
                JobDescription.builder("job")
                    .task("work", work(1).environment("MODE", "final").build())
                    .build());
    test.engine().await(job);

    assertThat(log(job)).isEqualTo("7 final farm.g.1");
  }

  private String log(JobId job) throws Exception {
    try (var in =
        test.engine()
            .openLog(TestEngineCase.instance(job, "work", 0), dev.windlass.LogKind.STDOUT, false)) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  // ---- more and fewer nodes ----

  @Test
  void moreNodesAreUsedAtOnce() {
    make(1);
    JobId job = submit(5);
    test.advance(MINUTE);
    assertThat(running(job)).isEqualTo(1);

    test.engine().setNodes(FARM, "g", 4);
    test.advance(MINUTE);

    assertThat(running(job)).isEqualTo(4);
    assertThat(test.engine().cluster(FARM).description().group("g").orElseThrow().nodes())
        .isEqualTo(4);
  }

  @Test
  void fewerNodesThanRunLetRunOnWhatRunsAndTakeNothingNew() throws Exception {
    make(4);
    JobId job = submit(6);
    test.advance(MINUTE);
    assertThat(running(job)).isEqualTo(4);

    test.engine().setNodes(FARM, "g", 1);
    test.advance(MINUTE);

    assertThat(running(job)).isEqualTo(4);
    assertThat(states())
        .containsExactly(
            NodeState.RUNNING, NodeState.DRAINING, NodeState.DRAINING, NodeState.DRAINING);
    test.advance(HOUR);
    assertThat(running(job)).isEqualTo(1);
    assertThat(names()).containsExactly("farm.g.1");
    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(test.engine().job(job).instances().finished()).isEqualTo(6);
    assertThat(outcomes(job, 0)).containsExactly(Outcome.Kind.EXITED);
  }

  @Test
  void noNodesAtAllLetTheJobWait() throws Exception {
    make(0);
    JobId job = submit(1);
    test.advance(HOUR);
    assertThat(test.engine().job(job).state()).isEqualTo(State.WAITING);

    test.engine().setNodes(FARM, "g", 1);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void groupsAreAddedTakenAwayAndResized() {
    make(1);
    JobId job = submit(3);
    test.advance(MINUTE);

    test.engine()
        .changeCluster(
            ClusterDescription.builder("farm")
                .group(new Group("large", "scripted", 1, Resources.cpus(2)))
                .build());
    test.advance(MINUTE);

    assertThat(running(job)).isEqualTo(3);
    assertThat(names()).containsExactly("farm.large.2", "farm.g.1");
    test.advance(HOUR);
    assertThat(names()).containsExactly("farm.large.2");
    assertRefused(
        () -> test.engine().setNodes(FARM, "g", 2), ErrorCode.NOT_FOUND, "'g'", "[large]");
  }

  // ---- nodes that go ----

  @Test
  void aDrainedNodeFinishesWhatItRunsAndIsGone() throws Exception {
    make(2);
    JobId job = submit(3);
    test.advance(MINUTE);

    test.engine().drainNode(FARM, "farm.g.1");
    test.advance(HOUR);

    assertThat(names()).containsExactly("farm.g.2");
    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(outcomes(job, 0)).containsExactly(Outcome.Kind.EXITED);
  }

  @Test
  void whatRunsOnADeletedNodeBeginsAnewElsewhereAndUsesUpNoRetry() throws Exception {
    make(2);
    JobId job = submit(2);
    test.advance(MINUTE);

    test.engine().deleteNode(FARM, "farm.g.1");
    test.engine().deleteNode(FARM, "farm.g.1"); // changes nothing
    test.advance(MINUTE);

    assertThat(names()).containsExactly("farm.g.2");
    assertThat(running(job)).isEqualTo(1);
    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(outcomes(job, 0)).containsExactly(Outcome.Kind.LOST, Outcome.Kind.EXITED);
    assertThat(test.engine().instance(TestEngineCase.instance(job, "work", 0)).retries()).isZero();
    assertThat(test.eventLog())
        .anyMatch(line -> line.contains("lost: node farm.g.1: deleted by the user"));
  }

  @Test
  void aRecreatedNodeIsReplacedOnceItIsGone() throws Exception {
    make(1);
    JobId job = submit(1);
    test.advance(MINUTE);

    test.engine().recreateNode(FARM, "farm.g.1");
    test.advance(MINUTE);

    assertThat(names()).containsExactly("farm.g.2");
    assertThat(running(job)).isEqualTo(1);
    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void aLostNodeIsReplacedAndItsWorkBeginsAnew() throws Exception {
    make(2);
    JobId job = submit(2);
    test.advance(MINUTE);

    test.loseNode("farm.g.2", "its power supply burnt");
    test.advance(MINUTE);

    assertThat(names()).containsExactly("farm.g.1", "farm.g.3");
    assertThat(running(job)).isEqualTo(2);
    assertThat(test.engine().cluster(FARM).message())
        .isEqualTo("node farm.g.2 was lost: its power supply burnt");
    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(outcomes(job, 1)).containsExactly(Outcome.Kind.LOST, Outcome.Kind.EXITED);
  }

  @Test
  void nodesThatDoNotComeUpAreMadeAgainAfterLongerAndLongerPauses() {
    test.script()
        .nodes(
            node ->
                node.equals("farm.g.4")
                    ? Optional.empty()
                    : Optional.of("the bootstrap command exited with 1"));
    test.engine().createCluster(farm(1));

    test.advance(Duration.ofMillis(500));
    assertThat(names()).isEmpty();
    assertThat(test.engine().cluster(FARM).message())
        .isEqualTo("node farm.g.1 did not come up: the bootstrap command exited with 1");
    test.advance(Duration.ofMillis(600));
    assertThat(test.engine().cluster(FARM).message()).contains("farm.g.2");
    test.advance(Duration.ofSeconds(1));
    assertThat(test.engine().cluster(FARM).message()).contains("farm.g.2");
    test.advance(Duration.ofSeconds(10));
    assertThat(names()).containsExactly("farm.g.4");
    assertThat(states()).containsExactly(NodeState.RUNNING);
  }

  // ---- a cluster that goes ----

  @Test
  void jobsFailWithTheClusterThatTheyNeedAndTheirProgramsEnd() throws Exception {
    make(2);
    JobId needs = submit(3);
    JobId other =
        test.engine()
            .submit(
                JobDescription.builder("other")
                    .task("work", TaskDescription.builder(Command.of("prog")).build())
                    .build());
    test.advance(MINUTE);

    test.engine().deleteCluster(FARM);
    test.engine().await(needs);
    test.advance(MINUTE);

    assertThat(test.engine().job(needs).state()).isEqualTo(State.FAILED);
    assertThat(test.engine().job(needs).message()).isEqualTo("cluster 'farm' was deleted");
    assertThat(test.engine().job(other).state()).isEqualTo(State.RUNNING);
    assertRefused(() -> test.engine().cluster(FARM), ErrorCode.NOT_FOUND);
    assertRefused(() -> test.engine().restart(needs), ErrorCode.STATE_CONFLICT, "not there");
    assertThatThrownBy(() -> submit(1)).hasMessageContaining("there is no such cluster");
    assertThat(test.eventLog())
        .anyMatch(line -> line.endsWith("cluster farm DELETING"))
        .anyMatch(line -> line.endsWith("cluster farm DELETED"));
  }

  @Test
  void aJobThatFailsWithItsClusterRunsItsFinalTaskElsewhere() throws Exception {
    make(1);
    test.script().task("work").succeeds().after(HOUR);
    JobId job =
        test.engine()
            .submit(
                JobDescription.builder("job")
                    .task("work", work(1).build())
                    .task("cleanup", TaskDescription.builder(Command.of("prog")).build())
                    .finalTask("cleanup")
                    .build());
    test.advance(MINUTE);

    test.engine().deleteCluster(FARM);

    assertThat(test.engine().job(job).state()).isEqualTo(State.RUNNING);
    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);
    assertThat(test.engine().job(job).message()).isEqualTo("cluster 'farm' was deleted");
    assertThat(test.engine().task(job, new TaskName("cleanup")).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void aJobWhoseFinalTaskIsOnItEndsWithIt() throws Exception {
    make(1);
    test.script().task("rest").succeeds().after(HOUR);
    JobId job =
        test.engine()
            .submit(
                JobDescription.builder("job")
                    .task("rest", TaskDescription.builder(Command.of("prog")).build())
                    .task("cleanup", work(1).build())
                    .finalTask("cleanup")
                    .build());
    test.advance(MINUTE);

    test.engine().deleteCluster(FARM);

    assertThat(test.engine().job(job).state()).isEqualTo(State.FAILED);
    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);
    assertThat(test.engine().task(job, new TaskName("cleanup")).state()).isEqualTo(State.STOPPED);
  }

  @Test
  void aJobWhoseTasksOnItHaveEndedDoesNotNeedIt() throws Exception {
    make(1);
    test.script().task("rest").succeeds().after(HOUR);
    JobId job =
        test.engine()
            .submit(
                JobDescription.builder("job")
                    .task("work", work(1).build())
                    .task("rest", TaskDescription.builder(Command.of("prog")).build())
                    .dependency("work", "rest")
                    .build());
    test.advance(HOUR.plus(MINUTE));

    test.engine().deleteCluster(FARM);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void aClusterThatIsBeingDeletedCannotBeChangedOrUsed() {
    make(1);
    test.script().task("work").succeeds().after(HOUR).ignoringCancellation();
    submit(1);
    test.advance(MINUTE);
    test.engine().deleteCluster(FARM);

    assertThat(test.engine().cluster(FARM).state()).isEqualTo(ClusterState.DELETING);
    test.engine().deleteCluster(FARM); // changes nothing
    assertRefused(() -> test.engine().setNodes(FARM, "g", 2), ErrorCode.STATE_CONFLICT, "Deleting");
    assertRefused(() -> test.engine().changeCluster(farm(2)), ErrorCode.STATE_CONFLICT);
    assertRefused(() -> test.engine().createCluster(farm(1)), ErrorCode.STATE_CONFLICT);
    assertThatThrownBy(() -> submit(1)).hasMessageContaining("there is no such cluster");
    test.advance(MINUTE);
    test.engine().createCluster(farm(1));
    assertThat(test.engine().cluster(FARM).state()).isEqualTo(ClusterState.ACTIVE);
  }

  @Test
  void whatIsConfiguredIsChangedByTheHostAlone() {
    ClusterName host = ClusterDescription.DEFAULT;
    String node = test.engine().nodes(host).get(0).name();

    assertThat(test.engine().cluster(host).configured()).isTrue();
    assertRefused(
        () -> test.engine().deleteCluster(host), ErrorCode.STATE_CONFLICT, "configuration");
    assertRefused(() -> test.engine().setNodes(host, "scripted", 2), ErrorCode.STATE_CONFLICT);
    assertRefused(() -> test.engine().drainNode(host, node), ErrorCode.STATE_CONFLICT);
    assertRefused(() -> test.engine().deleteCluster(FARM), ErrorCode.NOT_FOUND, "'farm'");
    make(1);
    assertRefused(
        () -> test.engine().drainNode(FARM, "farm.g.9"), ErrorCode.NOT_FOUND, "'farm.g.9'");
  }

  // ---- across crashes of the host ----

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clustersAndTheirNodesSurviveTheHost(boolean crash) throws Exception {
    make(2);
    JobId job = submit(3);
    test.advance(MINUTE);
    test.engine().setNodes(FARM, "g", 1);
    test.advance(MINUTE);

    if (crash) {
      test.crashHost();
    }
    test.restartHost();
    test.advance(MINUTE);

    assertThat(names()).containsExactly("farm.g.1", "farm.g.2");
    assertThat(states()).containsExactly(NodeState.RUNNING, NodeState.DRAINING);
    assertThat(running(job)).isEqualTo(2);
    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(outcomes(job, 1)).containsExactly(Outcome.Kind.EXITED);
    assertThat(names()).containsExactly("farm.g.1");
  }

  @Test
  void aNodeThatIsLostWhileTheHostIsDownIsReplaced() throws Exception {
    make(1);
    JobId job = submit(1);
    test.advance(MINUTE);

    test.crashHost();
    test.loseNode("farm.g.1", "struck by lightning");
    test.restartHost();
    test.advance(MINUTE);

    assertThat(names()).containsExactly("farm.g.2");
    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(outcomes(job, 0)).containsExactly(Outcome.Kind.LOST, Outcome.Kind.EXITED);
  }

  @Test
  void aCrashWhileANodeIsDeletedUsesUpNoRetryEither() throws Exception {
    make(1);
    test.script().task("work").succeeds().after(HOUR).ignoringCancellation();
    JobId job = submit(1);
    test.advance(MINUTE);
    test.engine().recreateNode(FARM, "farm.g.1");

    test.crashHost(); // while the program has its grace
    test.restartHost();
    test.advance(MINUTE);

    assertThat(names()).containsExactly("farm.g.2");
    assertThat(outcomes(job, 0)).containsExactly(Outcome.Kind.LOST);
    test.script().task("work").succeeds();
    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(test.engine().instance(TestEngineCase.instance(job, "work", 0)).retries()).isZero();
  }

  @Test
  void aCrashWhileAClusterIsDeletedDoesNotBringItBack() throws Exception {
    make(2);
    test.script().task("work").succeeds().after(HOUR).ignoringCancellation();
    JobId job = submit(2);
    test.advance(MINUTE);
    test.engine().deleteCluster(FARM);

    test.crashHost();
    test.restartHost();

    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);
    test.advance(MINUTE);
    assertRefused(() -> test.engine().cluster(FARM), ErrorCode.NOT_FOUND);
  }

  @Test
  void anInstanceThatWasEvictedWaitsOverARestartWithItsOwnNumberOfAttempts() throws Exception {
    make(1);
    JobId job = submit(1);
    test.advance(MINUTE);
    test.engine().deleteNode(FARM, "farm.g.1");
    test.advance(MINUTE);
    assertThat(test.engine().job(job).instances().waiting()).isEqualTo(1);

    test.crashHost();
    test.restartHost();
    test.engine().setNodes(FARM, "g", 1);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(test.engine().attempts(TestEngineCase.instance(job, "work", 0)))
        .extracting(attempt -> attempt.id().number())
        .containsExactly(1, 2);
  }

  @Test
  void theStateOfEachNodeIsToldInOrder() {
    make(1);
    test.engine().drainNode(FARM, "farm.g.1");
    test.advance(MINUTE);

    assertThat(test.eventLog().stream().filter(line -> line.contains("node farm.g.1")))
        .extracting(line -> line.replaceAll(".*farm.g.1 ([A-Z]+).*", "$1"))
        .containsExactly("STARTING", "RUNNING", "DRAINING", "DELETING", "DELETED");
    assertThat(test.engine().task(submitOne(), new TaskName("work")).instances().waiting())
        .isEqualTo(1);
  }

  private JobId submitOne() {
    return submit(1);
  }
}
