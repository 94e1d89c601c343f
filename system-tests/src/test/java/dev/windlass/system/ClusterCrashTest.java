package dev.windlass.system;

import static dev.windlass.system.ClusterHost.GRID;
import static dev.windlass.system.ClusterHost.WORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.AttemptStatus;
import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.cluster.NodeState;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.system.ClusterHost.Act;
import dev.windlass.testkit.crash.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is changed under a job on a cluster that was made through the engine holds after a {@code
 * kill -9} of the host, which comes as soon as the change is acknowledged.
 */
@Tag("slow")
@Timeout(120)
final class ClusterCrashTest {

  @TempDir Path directory;

  /** A host that was killed in its act, and the next one. */
  private Trial killedIn(Act act) throws Exception {
    Trial trial = Trial.in(directory);
    try (ChildJvm host =
        ChildJvm.start(
            ClusterHost.class, trial.engine(), trial.store(), trial.ledger(), act.name())) {
      assertThat(host.line()).isEqualTo("done");
      host.kill();
    }
    return trial;
  }

  private static List<AttemptStatus> attempts(Engine engine, JobId job, int index) {
    return engine.attempts(Trial.instance(job, WORK.value(), index));
  }

  @Test
  void whatRanOnADeletedNodeBeginsAnewWithoutUsingUpARetry() throws Exception {
    Trial trial = killedIn(Act.DELETE_NODE);
    try (Engine engine = trial.open()) {
      JobId job = AdoptedJob.only(engine);
      AdoptedJob.letGo(trial);
      assertThat(engine.await(job).instances().finished()).isEqualTo(2);
      assertThat(engine.instance(Trial.instance(job, "work", 0)).retries()).isZero();
      assertThat(attempts(engine, job, 0))
          .extracting(attempt -> attempt.outcome().orElseThrow().kind())
          .containsExactly(Outcome.Kind.LOST, Outcome.Kind.EXITED);
      await().until(() -> engine.nodes(GRID).size() == 1);
      assertThat(trial.alive()).isEmpty();
    }
  }

  @Test
  void whatRunsOnMoreNodesThanAreWantedRunsOn() throws Exception {
    Trial trial = killedIn(Act.FEWER_NODES);
    try (Engine engine = trial.open()) {
      JobId job = AdoptedJob.only(engine);
      assertThat(engine.cluster(GRID).actualNodes("small")).isEqualTo(2);
      assertThat(engine.nodes(GRID))
          .filteredOn(node -> node.state() == NodeState.DRAINING)
          .hasSize(1);
      AdoptedJob.letGo(trial);
      assertThat(engine.await(job).instances().finished()).isEqualTo(2);
      assertThat(attempts(engine, job, 0)).hasSize(1);
      assertThat(attempts(engine, job, 1)).hasSize(4);
      await().until(() -> engine.nodes(GRID).size() == 1);
    }
  }

  @Test
  void aJobWhoseClusterWasDeletedFailsAndLeavesNothing() throws Exception {
    Trial trial = killedIn(Act.DELETE_CLUSTER);
    try (Engine engine = trial.open()) {
      JobStatus status = engine.await(AdoptedJob.only(engine));
      assertThat(status.state()).isEqualTo(State.FAILED);
      assertThat(status.message()).isEqualTo("cluster 'grid' was deleted");
      assertThat(trial.alive()).isEmpty();
      await()
          .untilAsserted(
              () ->
                  Assertions.assertThatThrownBy(() -> engine.cluster(GRID))
                      .isInstanceOfSatisfying(
                          EngineException.class,
                          refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_FOUND)));
    }
  }

  @Test
  void aCapAndARetryPolicyHoldAsTheyWereChanged() throws Exception {
    Trial trial = killedIn(Act.LOWER_CAP_AND_TAKE_RETRIES);
    try (Engine engine = trial.open()) {
      JobId job = AdoptedJob.only(engine);
      assertThat(engine.job(job).maxRunning()).hasValue(1);
      assertThat(engine.task(job, WORK).changedRetry()).hasValue(RetryPolicy.NONE);
      AdoptedJob.letGo(trial);
      assertThat(engine.await(job).instances().failed()).isEqualTo(1);
      assertThat(attempts(engine, job, 1)).hasSize(1);
    }
  }
}
