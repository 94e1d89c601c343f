package dev.windlass.core.description;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.graph.Faults;
import dev.windlass.job.Command;
import dev.windlass.job.Condition;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.Isolation;
import dev.windlass.job.JobDescription;
import dev.windlass.job.Mapping;
import dev.windlass.job.Mapping.Direction;
import dev.windlass.job.MemoryRetry;
import dev.windlass.job.Outcome;
import dev.windlass.job.PassThrough;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryDelay;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Tolerance;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobJsonTest {

  /** Fields that a document may hold empty and that are then not written. */
  private static final Set<String> OPTIONAL_MAPS =
      Set.of("EnvVars", "InputMapping", "OutputMapping", "LogMapping");

  @ParameterizedTest
  @ValueSource(strings = {"nightly-report.json", "log-count.json", "every-field.json"})
  void aDocumentThatWasReadIsWrittenWithEveryFieldItHad(String name) {
    String document = Documents.resource(name);
    JobDescription job = JobJson.readAll(document).orThrow();
    ObjectValue expected = withoutDefaults((ObjectValue) tree(document));
    assertThat(tree(JobJson.write(job))).isEqualTo(expected);
    assertThat(tree(JobJson.writeCompact(job))).isEqualTo(expected);
    assertThat(JobJson.read(JobJson.write(job))).isEqualTo(job);
    assertThat(JobJson.check(job)).isEmpty();
  }

  @Test
  void aDocumentInTheFormThatIsWrittenIsWrittenUnchanged() {
    String document = Documents.resource("every-field.json");
    assertThat(tree(JobJson.write(JobJson.read(document)))).isEqualTo(tree(document));
  }

  @Test
  void absentFieldsHaveTheirDefaults() {
    JobDescription job = JobJson.read(Documents.minimal());
    assertThat(job)
        .isEqualTo(
            JobDescription.builder("j")
                .task("t", TaskDescription.builder(Command.shell("true")).build())
                .build());
    assertThat(job.priority()).isZero();
    assertThat(job.onFailure()).isEqualTo(FailurePolicy.STOP_AT_ONCE);
  }

  @Test
  void emptyCountsAsAbsentWhereClientsSendIt() {
    JobDescription job =
        JobJson.read(
            Documents.withTask(
                """
                {"ClusterId":"","AutoCluster":{},"WriteSupport":true,"InputMapping":{},"windlass":{},
                 "Mounts":{"Entries":[]},"Parameters":{"StdoutRedirectPath":"","StderrRedirectPath":"",
                 "Command":{"CommandLine":"true","PackagePath":"","EnvVars":{}}}}
                """));
    assertThat(job).isEqualTo(JobJson.read(Documents.minimal()));
  }

  @Test
  void everyMeaningfulFieldReachesItsPlace() {
    JobDescription job = JobJson.read(Documents.resource("every-field.json"));
    TaskDescription one = job.tasks().get(new TaskName("one"));
    assertThat(job.autoRelease()).isTrue();
    assertThat(job.dependencies())
        .isEqualTo(
            Map.of(
                new TaskName("one"), Set.of(new TaskName("two")), new TaskName("two"), Set.of()));
    assertThat(one.mappings())
        .containsExactly(
            new Mapping(Direction.INPUT, "oss://bucket/ro/", "/home/ro/"),
            new Mapping(Direction.WRITABLE_INPUT, "oss://bucket/in/", "/home/in/"),
            new Mapping(Direction.WRITABLE_INPUT, "oss://bucket/file", "/home/file"),
            new Mapping(Direction.OUTPUT, "oss://bucket/out/", "/home/out/"),
            new Mapping(Direction.LOG, "oss://bucket/logs/", "/home/one.log"),
            new Mapping(Direction.MOUNT, "oss://bucket/rw/", "/home/rw/"));
    assertThat(one.passThrough().keySet())
        .containsExactlyInAnyOrder("", "Mounts", "Parameters.InputMappingConfig");
    assertThat(one.placement()).isInstanceOf(Placement.AutoCluster.class);
    TaskDescription two = job.tasks().get(new TaskName("two"));
    assertThat(two.command()).isEqualTo(Command.of("prog", "a; rm -rf ~", ""));
    assertThat(two.resources()).contains(new Resources(1500, 1L << 31, 1));
    assertThat(two.retry())
        .isEqualTo(
            RetryPolicy.NONE
                .pausing(Duration.ofMillis(500), Duration.ofMinutes(1))
                .withRule(RetryRule.failOnExit(2, 64))
                .withRule(
                    new RetryRule(
                        Set.of(Outcome.Kind.TIMED_OUT, Outcome.Kind.SIGNALLED),
                        Set.of(75),
                        true,
                        OptionalInt.of(10),
                        Optional.of(new RetryDelay(Duration.ofMinutes(1), Duration.ofMinutes(10)))))
                .withMemory(new MemoryRetry(3, 50, 1L << 36))
                .withMaxLosses(7));
    assertThat(two.isolation()).isEqualTo(Isolation.SEALED);
    assertThat(two.executor()).contains("local");
    assertThat(two.maxRunning()).hasValue(10);
    assertThat(two.tolerance()).isEqualTo(new Tolerance(3, 5));
    assertThat(two.conditions()).isEqualTo(Map.of(new TaskName("one"), Condition.ALWAYS));
    assertThat(job.owner()).contains("alice");
    assertThat(job.weight()).isEqualTo(3);
    assertThat(job.maxRunning()).hasValue(100);
  }

  @Test
  void aNumberThatIsKeptKeepsItsDigits() {
    JobDescription job = JobJson.read(Documents.resource("every-field.json"));
    assertThat(JobJson.writeCompact(job)).contains("\"SpotPriceLimit\":0.120,");
  }

  @Test
  void aDelayAboveTheDefaultOfTheLongestDelayRaisesIt() {
    JobDescription job =
        JobJson.read(Documents.withField("\"windlass\":{\"retry\":{\"delaySeconds\":600}}"));
    assertThat(job.tasks().get(new TaskName("t")).retry().delay().longest())
        .isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void aStreamIsReadAsItsText() throws IOException {
    String document = Documents.resource("nightly-report.json");
    byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
    assertThat(JobJson.read(new ByteArrayInputStream(bytes))).isEqualTo(JobJson.read(document));
    assertThat(JobJson.readAll(new ByteArrayInputStream(bytes)))
        .isEqualTo(JobJson.readAll(document));
  }

  @Test
  void prettyTextIsIndentedByTwoAndEndsWithALineFeed() {
    assertThat(JobJson.write(JobJson.read(Documents.minimal())))
        .isEqualTo(
            """
            {
              "Name": "j",
              "Type": "DAG",
              "Priority": 0,
              "JobFailOnInstanceFail": true,
              "DAG": {
                "Dependencies": {},
                "Tasks": {
                  "t": {
                    "InstanceCount": 1,
                    "MaxRetryCount": 0,
                    "Timeout": 86400,
                    "Parameters": {
                      "Command": {
                        "CommandLine": "true",
                        "PackagePath": ""
                      }
                    }
                  }
                }
              }
            }
            """);
  }

  @Test
  void inputsThatTheMapCannotHoldGoToTheMounts() {
    TaskDescription task =
        TaskDescription.builder(Command.shell("true"))
            .input("oss://b/x", "/data/1")
            .input("oss://b/x", "/data/2")
            .input("oss://b/y", "/data/3")
            .build();
    JobDescription job = JobDescription.builder("j").task("t", task).build();
    assertThat(JobJson.read(JobJson.write(job))).isEqualTo(job);
    assertThat(JobJson.check(job)).isEmpty();
  }

  @Test
  void keptFieldsThatTheFormatDoesNotKnowAreFoundBeforeTheyAreStored() {
    JobDescription.Builder job =
        JobDescription.builder("j")
            .task("t", TaskDescription.builder(Command.shell("true")).build());
    assertThat(JobJson.check(job.passThrough(kept("Nothing", "1")).build())).hasSize(1);
    assertThat(JobJson.check(job.passThrough(kept("Notification", "{} {}")).build())).hasSize(1);
    assertThat(JobJson.check(job.passThrough(kept("Name", "\"x\"")).build())).hasSize(1);
    assertThat(JobJson.check(job.passThrough(kept("Notification", "{}")).build())).isEmpty();
    JobDescription twice = job.passThrough(kept("Name", "\"x\"")).build();
    assertThatThrownBy(() -> JobJson.write(twice)).isInstanceOf(IllegalArgumentException.class);
  }

  private static PassThrough kept(String name, String text) {
    return new PassThrough(Map.of(name, text));
  }

  private static JsonValue tree(String document) {
    return JsonText.parse(document, new Faults()).orElseThrow();
  }

  /** What {@link JobJson} documents to leave out, left out. */
  private static ObjectValue withoutDefaults(ObjectValue object) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    object
        .members()
        .forEach(
            (key, value) ->
                members.put(
                    key, value instanceof ObjectValue inner ? withoutDefaults(inner) : value));
    members.remove("AutoRelease", new JsonValue.BooleanValue(false));
    members.remove("ReserveOnFail", new JsonValue.BooleanValue(false));
    OPTIONAL_MAPS.forEach(name -> members.remove(name, new ObjectValue(Map.of())));
    return new ObjectValue(members);
  }
}
