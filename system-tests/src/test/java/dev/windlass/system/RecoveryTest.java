package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.LogKind;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 6: a crash of the host means resume. */
final class RecoveryTest {

  @TempDir Path directory;

  @Test
  void whatRunsAcrossACrashIsAdoptedWithItsTrueOutcomeAndOutput() throws Exception {
    Trial trial = startAndKill();
    try (Engine engine = trial.open()) {
      JobId job = engine.jobs(JobQuery.all()).items().get(0).id();
      Files.createFile(trial.ledger().resolve("go"));
      check(trial, engine, job);
    }
  }

  @Test
  void whatEndsWhileNoEngineLivesIsAdoptedWithItsTrueOutcomeAndOutput() throws Exception {
    Trial trial = startAndKill();
    Files.createFile(trial.ledger().resolve("go"));
    await().until(() -> LedgerJob.alive(trial.ledger()).isEmpty());
    try (Engine engine = trial.open()) {
      check(trial, engine, engine.jobs(JobQuery.all()).items().get(0).id());
    }
  }

  private Trial startAndKill() throws Exception {
    Trial trial = Trial.in(directory);
    try (ChildHost host = trial.host(AdoptionHost.class)) {
      Path starts = trial.ledger().resolve("starts");
      await().until(() -> Files.exists(starts) && Files.readAllLines(starts).size() == 2);
      host.kill();
    }
    return trial;
  }

  private static void check(Trial trial, Engine engine, JobId job) throws Exception {
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
    for (InstanceId instance : new InstanceId[] {well, badly}) {
      try (InputStream log = engine.openLog(instance, LogKind.STDOUT, false)) {
        assertThat(new String(log.readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo("before\nafter\n");
      }
    }
    assertThat(LedgerJob.alive(trial.ledger())).isEmpty();
  }
}
