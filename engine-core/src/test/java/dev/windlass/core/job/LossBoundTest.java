package dev.windlass.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.JobStatus;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.NodePool;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the infrastructure does not manage is tried again for a time, uses no retry, and ends. */
final class LossBoundTest {
  private static final ClusterName CLUSTER = new ClusterName("default");
  private static final String EXECUTOR = "fake";
  private static final JobId JOB = new JobId("job-" + "0".repeat(32));

  private final Core core =
      new Core(
          Map.of(CLUSTER, new NodePool(List.of(new Node("node", EXECUTOR, Resources.cpus(1))))),
          (job, name, task, made) ->
              Optional.of(
                  new TaskPlan(
                      job,
                      name,
                      task,
                      CLUSTER,
                      EXECUTOR,
                      TaskPlan.requestOf(task, InstanceTypes.builtIn()),
                      Map.of())),
          executor -> false,
          Duration.ofSeconds(1));
  private final List<AttemptId> launched = new ArrayList<>();
  private Optional<JobStatus> over = Optional.empty();
  private long nanos;

  private Now now() {
    return new Now(Instant.EPOCH.plusNanos(nanos), nanos);
  }

  static Stream<Outcome> outcomes() {
    return Stream.of(
        new Outcome.StageInFailed("the store is away", true),
        new Outcome.Refused("too many processes", true),
        new Outcome.Lost("the node is gone"));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void itIsTriedForMinutesAndThenTyped(Outcome outcome) {
    core.apply(new Input.ExecutorReady(EXECUTOR, List.of()), now());
    core.apply(new Input.Submit(1, JOB, 1, job(), Optional.empty()), now());
    while (over.isEmpty()) {
      carryOut(core.endTurn(1, now()), outcome);
      nanos = Math.max(nanos, core.nextTimerNanos().orElse(nanos));
    }

    assertThat(over.get().state()).isEqualTo(State.FAILED);
    assertThat(over.get().message()).contains(outcome.describe());
    assertThat(launched).hasSize(RetryPolicy.USUAL_MAX_LOSSES + 1).doesNotHaveDuplicates();
    assertThat(Duration.ofNanos(nanos)).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(20));
  }

  private static JobDescription job() {
    return JobDescription.builder("job")
        .task(
            "only",
            TaskDescription.builder(Command.of("any"))
                .retry(RetryPolicy.NONE)
                .resources(Resources.cpus(1))
                .build())
        .build();
  }

  private void carryOut(Core.Turn turn, Outcome outcome) {
    List<Effect> effects = new ArrayList<>(turn.now());
    effects.addAll(turn.afterCommit());
    for (Effect effect : effects) {
      if (effect instanceof Effect.Launch launch) {
        launched.add(launch.id());
        core.apply(
            new Input.AttemptExited(launch.id(), now().wall(), outcome, Usage.unknown()), now());
      } else if (effect instanceof Effect.Conclude conclude) {
        core.apply(
            new Input.AttemptConcluded(
                conclude.id(), now().wall(), outcome, Usage.unknown(), conclude.accepted()),
            now());
      } else if (effect instanceof Effect.Feed feed) {
        core.apply(feed.input(), now());
      } else if (effect instanceof Effect.JobOver told) {
        over = told.status();
      }
    }
  }
}
