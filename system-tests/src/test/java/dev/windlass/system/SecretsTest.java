package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.primitives.Bytes;
import dev.windlass.Engine;
import dev.windlass.LogKind;
import dev.windlass.SecretProvider;
import dev.windlass.core.EngineBuilder;
import dev.windlass.core.description.JobJson;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.ValidationException;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Mapping;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is secret is seen by the real program that gets it, and by nobody else. */
@Timeout(120)
final class SecretsTest {
  private static final String VALUE = "open sesame 'and' $more";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String MASKED = "*".repeat(VALUE.length());

  @TempDir Path directory;
  private Trial trial;

  @BeforeEach
  void makeTrial() throws IOException {
    trial = Trial.in(directory);
  }

  private static Optional<String> known(String name) {
    return name.equals("prod/db") ? Optional.of(VALUE) : Optional.empty();
  }

  /**
   * Its program shows that it has the value, prints it, and waits until it may end. The value does
   * not stand in the command, which is kept.
   */
  private JobDescription job(UnaryOperator<TaskDescription.Builder> more) {
    TaskDescription.Builder task =
        TaskDescription.builder(
                Command.shell(
                    "case $PASSWORD in open?sesame*\\$more) touch $LEDGER/right; esac;"
                        + " echo \"with $PASSWORD.\"; echo $PASSWORD >&2;"
                        + " while [ -d $LEDGER ] && [ ! -e $LEDGER/go ]; do sleep 0.02; done;"
                        + " mkdir -p logs; echo \"at $PASSWORD\" >logs/own"))
            .environment("LEDGER", trial.ledger().toString())
            .secret("PASSWORD", "prod/db");
    return JobDescription.builder("secrets").task("one", more.apply(task).build()).build();
  }

  private static String log(Engine engine, JobId job, LogKind kind, boolean follow)
      throws IOException {
    try (InputStream log = engine.openLog(Trial.instance(job, "one", 0), kind, follow)) {
      return new String(log.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void awaitStart() {
    await().atMost(SOON).until(() -> Files.exists(trial.ledger().resolve("right")));
  }

  private void letGo() throws IOException {
    Files.createFile(trial.ledger().resolve("go"));
  }

  /** All files of the engine and the store that hold the value. */
  private List<Path> holding() throws IOException {
    byte[] value = VALUE.substring(0, "open sesame".length()).getBytes(StandardCharsets.UTF_8);
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).filter(file -> holds(file, value)).toList();
    }
  }

  private static boolean holds(Path file, byte[] value) {
    try {
      return Bytes.indexOf(Files.readAllBytes(file), value) >= 0;
    } catch (IOException e) {
      return false; // it has just gone
    }
  }

  @Test
  void theProgramGetsItAndNothingThatIsKeptHoldsIt() throws Exception {
    try (Engine engine = trial.builder().secrets(SecretsTest::known).open()) {
      JobId job =
          engine.submit(
              job(
                  task ->
                      task.stdoutFolder("oss://bucket/logs/")
                          .mapping(
                              new Mapping(Mapping.Direction.LOG, "oss://bucket/own/", "logs/"))));
      awaitStart();
      Path attempt = trial.engine().resolve("runs").resolve(job.value()).resolve("one/0.1");
      await().atMost(SOON).until(() -> Files.size(attempt.resolve("stderr")) > 0);
      assertThat(holding())
          .as("what the program printed is masked when it has ended")
          .containsExactlyInAnyOrder(attempt.resolve("stdout"), attempt.resolve("stderr"));
      assertThat(log(engine, job, LogKind.STDOUT, false)).isEqualTo("with " + MASKED + ".\n");
      letGo();
      assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
      assertThat(log(engine, job, LogKind.STDOUT, false)).isEqualTo("with " + MASKED + ".\n");
      assertThat(log(engine, job, LogKind.STDERR, false)).isEqualTo(MASKED + "\n");
      assertThat(trial.store().resolve("bucket/own/own")).hasContent("at " + MASKED + "\n");
      assertThat(JobJson.write(engine.description(job)))
          .contains("\"PASSWORD\": \"prod/db\"")
          .doesNotContain("open sesame");
    }
    assertThat(holding()).isEmpty();
  }

  @Test
  void aLogThatIsFollowedIsMaskedOverTheEnd() throws Exception {
    try (Engine engine = trial.builder().secrets(SecretsTest::known).open()) {
      JobId job = engine.submit(job(task -> task));
      awaitStart();
      try (InputStream log = engine.openLog(Trial.instance(job, "one", 0), LogKind.STDOUT, true)) {
        assertThat(new String(log.readNBytes(8), StandardCharsets.UTF_8)).isEqualTo("with ***");
        letGo();
        engine.await(job);
        assertThat(new String(log.readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo(MASKED.substring(3) + ".\n");
      }
    }
  }

  @Test
  void aProviderThatDoesNotAnswerIsAskedAgainAndSaidSo() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    SecretProvider late =
        name -> {
          if (asked.incrementAndGet() == 1) {
            throw new IOException("sealed");
          }
          return known(name);
        };
    letGo();
    try (Engine engine = trial.builder().secrets(late).open()) {
      JobId job = engine.submit(job(task -> task.retry(RetryPolicy.retries(1))));
      assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
      assertThat(engine.attempts(Trial.instance(job, "one", 0)))
          .extracting(attempt -> attempt.outcome().orElseThrow())
          .containsExactly(
              new Outcome.StageInFailed(
                  "the secret 'prod/db' cannot be had now: java.io.IOException: sealed", true),
              new Outcome.Exited(0));
    }
  }

  @Test
  void aSecretThatIsNotThereEndsTheAttemptForGood() throws Exception {
    try (Engine engine = trial.builder().secrets(name -> Optional.empty()).open()) {
      JobId job = engine.submit(job(task -> task.retry(RetryPolicy.retries(3))));
      assertThat(engine.await(job).state()).isEqualTo(State.FAILED);
      assertThat(engine.attempts(Trial.instance(job, "one", 0)))
          .extracting(attempt -> attempt.outcome().orElseThrow())
          .containsExactly(
              new Outcome.StageInFailed(
                  "the secret 'prod/db' cannot be had: there is none of this name", false));
    }
  }

  @Test
  void theNextLifeOfTheHostMasksWhatAnEarlierOneGave() throws Exception {
    JobId job;
    try (Engine engine = trial.builder().secrets(SecretsTest::known).open()) {
      job = engine.submit(job(task -> task.stdoutFolder("oss://bucket/logs/")));
      awaitStart();
    }
    try (Engine engine = trial.builder().secrets(SecretsTest::known).open()) {
      letGo();
      assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
      assertThat(log(engine, job, LogKind.STDOUT, false)).isEqualTo("with " + MASKED + ".\n");
    }
    assertThat(holding()).isEmpty();
  }

  @Test
  void aLogThatCannotBeMaskedIsWithheld() throws Exception {
    JobId job;
    try (Engine engine = trial.builder().secrets(SecretsTest::known).open()) {
      job =
          engine.submit(
              job(
                  task ->
                      task.logs("oss://bucket/logs/", "oss://bucket/logs/")
                          .mapping(
                              new Mapping(Mapping.Direction.LOG, "oss://bucket/own/", "logs/"))));
      awaitStart();
    }
    try (Engine engine = trial.builder().secrets(name -> Optional.empty()).open()) {
      assertThatThrownBy(() -> log(engine, job, LogKind.STDOUT, false))
          .isInstanceOfSatisfying(
              EngineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.SECRET_UNAVAILABLE));
      letGo();
      assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
      assertThat(log(engine, job, LogKind.STDOUT, false)).startsWith("(withheld: ");
    }
    assertThat(trial.store().resolve("bucket/logs/stdout." + job + ".one.0"))
        .content()
        .startsWith("(withheld: ");
    assertThat(trial.store().resolve("bucket/own/own")).doesNotExist();
    assertThat(holding()).isEmpty();
  }

  @Test
  void anEngineWithoutAProviderRefusesTheJob() {
    try (Engine engine = trial.open()) {
      assertThatThrownBy(() -> engine.submit(job(task -> task)))
          .isInstanceOf(ValidationException.class)
          .hasMessageContaining("$.DAG.Tasks.one.windlass.secrets")
          .hasMessageContaining("no provider of secrets");
    }
  }

  @Test
  void whoOnlyLooksSeesNoLogOfARunningAttemptWithoutTheSecrets() throws Exception {
    try (Engine engine = trial.builder().secrets(SecretsTest::known).open()) {
      JobId job = engine.submit(job(task -> task));
      awaitStart();
      try (Engine looking = EngineBuilder.at(trial.engine()).readOnly().open()) {
        assertThatThrownBy(() -> log(looking, job, LogKind.STDOUT, false))
            .isInstanceOf(EngineException.class)
            .hasMessageContaining("no provider of secrets");
      }
      try (Engine looking =
          EngineBuilder.at(trial.engine()).readOnly().secrets(SecretsTest::known).open()) {
        assertThat(log(looking, job, LogKind.STDOUT, false)).isEqualTo("with " + MASKED + ".\n");
      }
      letGo();
      engine.await(job);
    }
  }

  @Test
  void aDirectoryHoldsAFileForEachSecret(@TempDir Path secrets) throws Exception {
    Files.writeString(secrets.resolve("db"), VALUE + "\n");
    Files.createDirectory(secrets.resolve("folder"));
    SecretProvider provider = SecretProvider.ofDirectory(secrets);
    assertThat(provider.fetch("db")).contains(VALUE);
    assertThat(provider.fetch("none")).isEmpty();
    assertThat(provider.fetch("folder")).isEmpty();
    assertThat(provider.fetch("../" + secrets.getFileName() + "/db")).isEmpty();
    assertThat(provider.fetch("..")).isEmpty();
  }
}
