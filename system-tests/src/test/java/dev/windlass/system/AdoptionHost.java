package dev.windlass.system;

import dev.windlass.Engine;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.TaskDescription;
import java.nio.file.Path;

/** A host that starts two programs which wait for a file, and is then killed. */
final class AdoptionHost {
  private AdoptionHost() {}

  /** Arguments: the engine's directory, the store, the ledger. */
  public static void main(String[] args) throws Exception {
    Trial trial = new Trial(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    try (Engine engine = trial.open()) {
      JobDescription job =
          JobDescription.builder("adopted")
              .failOnInstanceFail(false)
              .task("well", task(trial, 0))
              .task("badly", task(trial, 42))
              .build();
      engine.await(engine.submit(job));
    }
  }

  private static TaskDescription task(Trial trial, int code) {
    return TaskDescription.builder(
            Command.shell(
                "echo $BATCH_COMPUTE_DAG_TASK_ID >>$LEDGER/starts; echo before;"
                    + " while [ ! -e $LEDGER/go ]; do sleep 0.02; done;"
                    + " echo after; echo result >out/result; exit "
                    + code))
        .environment("LEDGER", trial.ledger().toString())
        .output("out/", "oss://bucket/out" + code + "/")
        .logs("oss://bucket/logs/", "oss://bucket/logs/")
        .build();
  }
}
