package dev.windlass.system;

import dev.windlass.Engine;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterDescription.Group;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * A host that makes a cluster of two nodes and runs a job of three instances on it. When two run it
 * changes something under them, prints {@code done} as soon as that is acknowledged, and waits to
 * be killed.
 */
final class ClusterHost {
  static final ClusterName GRID = new ClusterName("grid");
  static final TaskName WORK = new TaskName("work");
  private static final String GROUP = "small";

  private ClusterHost() {}

  /** What is changed. */
  enum Act {
    DELETE_NODE,
    FEWER_NODES,
    DELETE_CLUSTER,
    LOWER_CAP_AND_TAKE_RETRIES;

    private void on(Engine engine, JobId job) {
      switch (this) {
        case DELETE_NODE ->
            engine.deleteNode(GRID, engine.instance(Trial.instance(job, "work", 0)).node());
        case FEWER_NODES -> engine.setNodes(GRID, GROUP, 1);
        case DELETE_CLUSTER -> engine.deleteCluster(GRID);
        case LOWER_CAP_AND_TAKE_RETRIES -> {
          engine.setMaxRunning(job, OptionalInt.of(1));
          engine.setRetry(job, WORK, RetryPolicy.NONE);
        }
      }
    }
  }

  /** Instances wait until they are let go; the second then fails. */
  private static JobDescription job(Trial trial) {
    return JobDescription.builder("on-grid")
        .failOnInstanceFail(false)
        .task(
            WORK.value(),
            TaskDescription.builder(
                    Command.shell(
                        "echo $BATCH_COMPUTE_DAG_INSTANCE_ID >>$LEDGER/starts;"
                            + " while [ ! -e $LEDGER/go ]; do sleep 0.02; done;"
                            + " exit $((BATCH_COMPUTE_DAG_INSTANCE_ID == 1 ? 7 : 0))"))
                .instances(3)
                .retry(RetryPolicy.retries(3).pausing(Duration.ofMillis(10), Duration.ofMillis(10)))
                .placement(new Placement.OnCluster(GRID))
                .environment("LEDGER", trial.ledger().toString())
                .build())
        .build();
  }

  /** Arguments: the engine's directory, the store, the ledger, the act. */
  public static void main(String[] args) throws Exception {
    Trial trial = new Trial(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    Engine engine = trial.open();
    engine.createCluster(
        ClusterDescription.builder(GRID.value())
            .group(new Group(GROUP, "local", 2, Resources.cpus(1)))
            .build());
    JobId job = engine.submit(job(trial));
    AdoptedJob.awaitStarts(trial);
    Act.valueOf(args[3]).on(engine, job);
    System.out.println("done");
    Thread.sleep(Duration.ofMinutes(5).toMillis());
  }
}
