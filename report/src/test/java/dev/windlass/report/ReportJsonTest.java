package dev.windlass.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.windlass.JobOperation;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import dev.windlass.testkit.engine.TestEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A report as JSON. */
class ReportJsonTest {

  static JsonNode json(JobReport report) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ReportJson.write(report, out);
    return new JsonMapper().readTree(out.toByteArray());
  }

  @Test
  void theObjectHoldsWhatTheReportHolds() throws Exception {
    try (TestEngine test = TestEngine.create()) {
      test.script().task("a").succeeds().after(Duration.ofMillis(1_500));
      test.script()
          .task("a")
          .instance(1)
          .ends(new Outcome.Refused("no \"place\" </script>", false));
      TaskDescription a =
          TaskDescription.builder(Command.shell("a"))
              .instances(2)
              .resources(new Resources(1_500, 1L << 30, 0))
              .build();
      JobId job =
          test.engine()
              .submit(
                  JobDescription.builder("job")
                      .owner("ann")
                      .label("project", "x")
                      .failOnInstanceFail(false)
                      .task("a", a)
                      .task("last", TaskDescription.builder(Command.shell("b")).build())
                      .finalTask("last")
                      .build());
      test.engine().manage(job, new JobOperation.SetPriority(7), "soon");
      test.engine().await(job);

      JsonNode json = json(JobReport.of(test.engine(), job, test.clock().instant()));

      assertThat(json.path("jobId").asText()).isEqualTo(job.value());
      assertThat(json.path("state").asText()).isEqualTo("Finished");
      assertThat(json.path("owner").asText()).isEqualTo("ann");
      assertThat(json.path("labels").path("project").asText()).isEqualTo("x");
      assertThat(json.path("priority").asInt()).isEqualTo(7);
      assertThat(json.has("paused")).isFalse();
      assertThat(json.path("instances").path("failed").asInt()).isEqualTo(1);
      assertThat(json.path("usage").path("attempts").asInt()).isEqualTo(3);
      assertThat(json.path("history").findValuesAsText("operation"))
          .containsExactly("SET_PRIORITY");
      assertThat(json.path("history").findValuesAsText("reason")).containsExactly("soon");
      assertThat(json.path("attemptsLeftOut").asInt(-1)).isZero();
      JsonNode task = json.path("tasks").path(0);
      assertThat(task.path("name").asText()).isEqualTo("a");
      assertThat(task.path("final").asBoolean()).isFalse();
      assertThat(task.path("asked").path("cpus").asDouble()).isEqualTo(1.5);
      assertThat(task.path("phases").path("RUNNING").path("totalSeconds").decimalValue())
          .isEqualByComparingTo("2.5");
      assertThat(json.path("tasks").path(1).path("final").asBoolean()).isTrue();
      JsonNode good = json.path("attempts").path(0);
      assertThat(good.path("phaseSeconds").path("RUNNING").asDouble()).isEqualTo(1.5);
      assertThat(good.path("started").asText()).isEqualTo("2030-01-01T00:00:00Z");
      assertThat(good.path("ended").asText()).isEqualTo("2030-01-01T00:00:01.500Z");
      assertThat(good.path("success").asBoolean()).isTrue();
      JsonNode refused = json.path("attempts").path(1);
      assertThat(refused.path("outcome").asText()).isEqualTo("REFUSED");
      assertThat(refused.path("outcomeText").asText())
          .isEqualTo("not started: no \"place\" </script>");
      assertThat(refused.has("published")).isFalse();
      assertThat(refused.path("instanceState").asText()).isEqualTo("Failed");
      assertThat(json.path("nodes").path(0).path("attempts").asInt()).isEqualTo(3);
    }
  }

  @Test
  void tenThousandInstancesAreAllTold() throws Exception {
    JobReport report = SampleReport.ofInstances(10_000);

    JsonNode json = json(report);

    assertThat(json.path("attempts")).hasSize(report.attempts().size());
    assertThat(json.path("dependencies")).hasSize(5);
    assertThat(json.path("tasks").path(1).path("meanCpus").asDouble()).isBetween(1.4, 1.6);
  }
}
