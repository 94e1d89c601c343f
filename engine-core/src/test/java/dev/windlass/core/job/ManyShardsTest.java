package dev.windlass.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.NodePool;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** Tasks of ten million instances that wait for each other by index are sets of indexes. */
final class ManyShardsTest {
  private static final int INSTANCES = 10_000_000;
  private static final ClusterName CLUSTER = new ClusterName("default");
  private static final JobId JOB = new JobId("job-" + "0".repeat(32));
  private static final Now NOW = new Now(Instant.EPOCH, 0);

  private static final JobDescription PIPELINE =
      JobDescription.builder("pipeline")
          .task("first", TaskDescription.builder(Command.of("p")).instances(INSTANCES).build())
          .task(
              "second",
              TaskDescription.builder(Command.of("p"))
                  .instances(INSTANCES)
                  .perInstance("first")
                  .build())
          .dependency("first", "second")
          .build();

  private static TaskRun second(StoredJob stored) {
    JobsInMemory jobs =
        new JobsInMemory(
            (job, name, task) ->
                Optional.of(
                    new TaskPlan(job, name, task, CLUSTER, "fake", Resources.cpus(1), Map.of())));
    JobRun job = JobsInMemory.stored(stored);
    jobs.makeTasks(job);
    JobsInMemory.restoreTasks(job, stored);
    JobsInMemory.restoreWaiting(job, stored);
    return job.tasks.get(1);
  }

  /** Half of the first task has finished, three of them failed, a thousand of the second began. */
  private static StoredJob stored() {
    RoaringBitmap finished = RoaringBitmap.bitmapOfRange(0L, INSTANCES / 2);
    RoaringBitmap failed = RoaringBitmap.bitmapOf(7, 8, 4_000_000);
    finished.andNot(failed);
    RoaringBitmap none = new RoaringBitmap();
    return new StoredJob(
        new JobRecord(
            JOB,
            1,
            State.RUNNING,
            0,
            OptionalInt.empty(),
            Optional.empty(),
            "",
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty(),
            0,
            false,
            Optional.empty()),
        PIPELINE,
        List.of(task(0, finished.getCardinality(), failed.getCardinality()), task(1, 1_000 - 2, 0)),
        List.of(List.of(), List.of()),
        List.of(none, RoaringBitmap.bitmapOf(7, 8)),
        List.of(INSTANCES / 2, 1_000),
        List.of(finished, none),
        List.of(failed, none));
  }

  private static TaskRecord task(int ordinal, int finished, int failed) {
    return new TaskRecord(
        JOB,
        1,
        ordinal,
        State.RUNNING,
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        1,
        0,
        0,
        finished,
        failed,
        0);
  }

  @Test
  void whatMayBeginIsWorkedOutAnewFromWhatIsDurable() {
    TaskRun second = second(stored());
    assertThat(second.leftOut()).isEqualTo(3);
    assertThat(second.takeNext().id.index()).isEqualTo(1_000);
    assertThat(second.takeForAdoption(4_000_000)).isNull();
    assertThat(second.takeForAdoption(4_000_001)).isNotNull();
    assertThat(second.takeForAdoption(INSTANCES / 2)).isNull();
    assertThat(second.finishedBefore(INSTANCES / 2)).isFalse();
  }

  @Test
  void theyTakeKilobytes() {
    Core core =
        new Core(
            Map.of(CLUSTER, new NodePool(List.of(new Node("n", "fake", Resources.cpus(1))))),
            (job, name, task, made) ->
                Optional.of(
                    new TaskPlan(job, name, task, CLUSTER, "fake", Resources.cpus(1), Map.of())),
            executor -> false,
            Duration.ofSeconds(1));
    core.apply(new Input.ExecutorReady("fake", List.of()), NOW);
    StoredJob stored = stored();
    long before = used();
    core.apply(new Input.Recovered(stored), NOW);
    long after = used();
    assertThat(core.jobsInMemory()).isEqualTo(1);
    assertThat(after - before).isLessThan(400_000);
  }

  private static long used() {
    System.gc();
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
