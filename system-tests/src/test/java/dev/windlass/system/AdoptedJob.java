package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.LogKind;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A job of two programs that wait until they are let go, in whichever life of the host that may be.
 * One exits with 0, the other with 42. They end too when the test has taken its directory away.
 */
final class AdoptedJob {
  private static final Duration SOON = Duration.ofSeconds(30);

  private AdoptedJob() {}

  static JobDescription description(Trial trial) {
    return JobDescription.builder("adopted")
        .failOnInstanceFail(false)
        .task("well", task(trial, 0))
        .task("badly", task(trial, 42))
        .build();
  }

  private static TaskDescription task(Trial trial, int code) {
    return TaskDescription.builder(
            Command.shell(
                "echo $BATCH_COMPUTE_DAG_TASK_ID >>$LEDGER/starts; echo before;"
                    + " while [ -d $LEDGER ] && [ ! -e $LEDGER/go ]; do sleep 0.02; done;"
                    + " echo after; echo result >out/result; exit "
                    + code))
        .environment("LEDGER", trial.ledger().toString())
        .output("out/", "oss://bucket/out" + code + "/")
        .logs("oss://bucket/logs/", "oss://bucket/logs/")
        .build();
  }

  /** Waits until both programs run. */
  static void awaitStarts(Trial trial) {
    Path starts = trial.ledger().resolve("starts");
    await()
        .atMost(SOON)
        .until(() -> Files.exists(starts) && Files.readAllLines(starts).size() == 2);
  }

  /** Both programs may end. */
  static void letGo(Trial trial) throws IOException {
    Files.createFile(trial.ledger().resolve("go"));
  }

  /** Waits until neither program runs any more. */
  static void awaitEnds(Trial trial) {
    await().atMost(SOON).until(() -> trial.alive().isEmpty());
  }

  /** The one job of an engine. */
  static JobId only(Engine engine) {
    List<JobId> jobs =
        engine.jobs(JobQuery.all()).items().stream().map(status -> status.id()).toList();
    assertThat(jobs).hasSize(1);
    return jobs.get(0);
  }

  /** Waits for the end; both were started once, and all that they did is known truly. */
  static void assertAdopted(Trial trial, Engine engine) throws Exception {
    JobId job = only(engine);
    assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
    InstanceId well = Trial.instance(job, "well", 0);
    InstanceId badly = Trial.instance(job, "badly", 0);
    assertThat(engine.instance(well).outcome()).contains(new Outcome.Exited(0));
    assertThat(engine.instance(badly).outcome()).contains(new Outcome.Exited(42));
    assertThat(engine.attempts(well)).hasSize(1);
    assertThat(engine.attempts(badly)).hasSize(1);
    assertThat(Files.readAllLines(trial.ledger().resolve("starts")))
        .containsExactlyInAnyOrder("well", "badly");
    assertThat(trial.store().resolve("bucket/out0/result")).hasContent("result");
    assertThat(trial.store().resolve("bucket/out42")).doesNotExist();
    for (InstanceId instance : List.of(well, badly)) {
      try (InputStream log = engine.openLog(instance, LogKind.STDOUT, false)) {
        assertThat(new String(log.readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo("before\nafter\n");
      }
    }
    assertThat(trial.alive()).isEmpty();
  }
}
