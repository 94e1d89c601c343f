package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.windlass.Engine;
import dev.windlass.JobOperation;
import dev.windlass.LogBound;
import dev.windlass.LogKind;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What programs wrote can be read of each attempt, from any position, in bounded space. */
@Tag("slow")
@Timeout(120)
final class LogTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String FOLDER = "oss://bucket/logs/";

  @TempDir Path directory;
  private Trial trial;

  @BeforeEach
  void makeTrial() throws IOException {
    trial = Trial.in(directory);
  }

  private TaskDescription.Builder shell(String script) {
    return TaskDescription.builder(Command.shell(script))
        .environment("LEDGER", trial.ledger().toString())
        .retry(RetryPolicy.retries(2).pausing(Duration.ZERO, Duration.ZERO));
  }

  private static JobDescription job(TaskDescription.Builder task) {
    return JobDescription.builder("logs").task("one", task.build()).build();
  }

  private static AttemptId attempt(JobId job, int number) {
    return Trial.instance(job, "one", 0).attempt(number);
  }

  private static String log(Engine engine, AttemptId attempt, long position) throws IOException {
    try (InputStream log = engine.openLog(attempt, LogKind.STDOUT, position, false)) {
      return new String(log.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String published(JobId job) throws IOException {
    return Files.readString(trial.store().resolve("bucket/logs/stdout." + job + ".one.0"));
  }

  /** Says which try it is, and succeeds with the third. */
  private TaskDescription.Builder succeedingWithTheThird() {
    return shell(
        "echo x >>$LEDGER/tries; n=$(wc -l <$LEDGER/tries | tr -d ' '); echo try $n; [ $n -ge 3 ]");
  }

  @Test
  void thatOfAnAttemptThatWasTriedAgainIsKeptBesideTheOneThatIsPublished() throws Exception {
    JobId job;
    try (Engine engine = trial.open()) {
      job = engine.submit(job(succeedingWithTheThird().logs(FOLDER, FOLDER)));
      assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
    }
    try (Engine engine = trial.open()) {
      for (int number = 1; number <= 3; number++) {
        assertThat(log(engine, attempt(job, number), 0)).isEqualTo("try " + number + "\n");
      }
      assertThat(published(job)).isEqualTo("try 3\n");
      Path runs = trial.engine().resolve("runs").resolve(job.value());
      assertThat(runs.resolve("one/0.3")).doesNotExist();
      engine.delete(job);
      await().atMost(SOON).until(() -> Files.notExists(runs));
    }
  }

  @Test
  void thatOfASuccessThatWasBegunAnewGivesWay() throws Exception {
    try (Engine engine = trial.open()) {
      JobId job =
          engine.submit(
              job(shell("echo $BATCH_COMPUTE_DAG_TASK_ID >&2; echo hi").logs(FOLDER, FOLDER)));
      engine.await(job);
      engine.manage(job, new JobOperation.RestartFrom(new TaskName("one")), "");
      assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
      assertThat(log(engine, attempt(job, 2), 0)).isEqualTo("hi\n");
      assertThatThrownBy(() -> log(engine, attempt(job, 1), 0))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
          .hasMessageContaining("gives way to that of attempt 2");
      assertThatThrownBy(() -> log(engine, attempt(job, 3), 0))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
          .hasMessageContaining("there is no attempt");
      assertThatThrownBy(() -> log(engine, attempt(job, 2), -1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aReaderGoesOnWhereItStopped() throws Exception {
    try (Engine engine = trial.open()) {
      JobId job =
          engine.submit(
              job(
                  shell(
                      "echo 12345; while [ ! -e $LEDGER/go ] && [ -d $LEDGER ]; do sleep 0.02; done;"
                          + " echo 6789")));
      await().atMost(SOON).until(() -> !engine.attempts(attempt(job, 1).instance()).isEmpty());
      try (InputStream log = engine.openLog(attempt(job, 1), LogKind.STDOUT, 0, true)) {
        assertThat(log.readNBytes(4)).asString().isEqualTo("1234");
      }
      try (InputStream log = engine.openLog(attempt(job, 1), LogKind.STDOUT, 4, true)) {
        assertThat(log.readNBytes(2)).asString().isEqualTo("5\n");
        Files.createFile(trial.ledger().resolve("go"));
        assertThat(log.readAllBytes()).asString().isEqualTo("6789\n");
      }
      assertThat(log(engine, attempt(job, 1), 8)).isEqualTo("89\n");
      assertThat(log(engine, attempt(job, 1), 11)).isEmpty();
      assertThat(log(engine, attempt(job, 1), 1_000)).isEmpty();
    }
  }

  private Engine bounded() {
    return trial.builder().logBound(new LogBound(10, 20)).open();
  }

  /** What a program wrote that counts, a number a line. */
  private static String numbers(int last) {
    StringBuilder text = new StringBuilder();
    IntStream.rangeClosed(1, last).forEach(number -> text.append(number).append('\n'));
    return text.toString();
  }

  @Test
  void ofALongOneBothEndsAreKeptWhereItIsPublishedAndWhereItIsNot() throws Exception {
    String whole = numbers(500);
    String head = whole.substring(0, 10);
    String tail = whole.substring(whole.length() - 20);
    String note = "\n... " + (whole.length() - 30) + " bytes left out ...\n";
    try (Engine engine = bounded()) {
      String script = "i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo $i; done";
      JobId kept = engine.submit(job(shell(script)));
      JobId published = engine.submit(job(shell(script).logs(FOLDER, FOLDER)));
      for (JobId job : new JobId[] {kept, published}) {
        assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
        // What is not published is shortened when the attempt is released, soon after its end.
        await().atMost(SOON).until(() -> log(engine, attempt(job, 1), 0).length() < whole.length());
        assertThat(log(engine, attempt(job, 1), 0)).isEqualTo(head + note + tail);
        assertThat(log(engine, attempt(job, 1), 4)).isEqualTo(head.substring(4) + note + tail);
        assertThat(log(engine, attempt(job, 1), 100)).isEqualTo(note + tail);
        assertThat(log(engine, attempt(job, 1), whole.length() - 5)).isEqualTo(tail.substring(15));
        assertThat(log(engine, attempt(job, 1), whole.length())).isEmpty();
      }
      assertThat(published(published)).isEqualTo(head + note + tail);
    }
  }

  @Test
  void whoFollowsALongOneReadsAllOfIt() throws Exception {
    try (Engine engine = bounded()) {
      JobId job =
          engine.submit(
              job(
                  shell(
                      "i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo $i; done;"
                          + " while [ ! -e $LEDGER/go ] && [ -d $LEDGER ]; do sleep 0.02; done")));
      await().atMost(SOON).until(() -> !engine.attempts(attempt(job, 1).instance()).isEmpty());
      try (InputStream log = engine.openLog(attempt(job, 1), LogKind.STDOUT, 0, true)) {
        String begin = new String(log.readNBytes(100), StandardCharsets.UTF_8);
        Files.createFile(trial.ledger().resolve("go"));
        engine.await(job);
        String rest = new String(log.readAllBytes(), StandardCharsets.UTF_8);
        assertThat(begin + rest).isEqualTo(numbers(500));
      }
    }
  }
}
