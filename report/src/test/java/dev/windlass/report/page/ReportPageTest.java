package dev.windlass.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import dev.windlass.report.HostileReport;
import dev.windlass.report.JobReport;
import dev.windlass.testkit.engine.TestEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page as text: what stands in it, and what must not. */
class ReportPageTest {

  private static final Pattern REFERENCE =
      Pattern.compile(
          "\\b(?:src|srcset|href|action|formaction|data|poster|background)\\s*=\\s*[\"']?([^\"'\\s>]*)",
          Pattern.CASE_INSENSITIVE);

  private static String page(JobReport report, ZoneId zone) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ReportPage.write(report, zone, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String page(JobReport report) throws IOException {
    return page(report, ZoneOffset.UTC);
  }

  private static JsonNode data(String page) throws IOException {
    Matcher script =
        Pattern.compile("<script type=\"application/json\"[^>]*>(.*?)</script>", Pattern.DOTALL)
            .matcher(page);
    assertThat(script.find()).isTrue();
    return new JsonMapper().readTree(script.group(1));
  }

  private static JobDescription.Builder job(int instances) {
    return JobDescription.builder("job")
        .task("a", TaskDescription.builder(Command.shell("a")).instances(instances).build());
  }

  @Test
  void whatOthersWroteStaysText() throws Exception {
    String page = page(HostileReport.make());

    assertThat(page)
        .contains("&lt;img src=https://evil.example/x onerror=alert(1)&gt;")
        .doesNotContain("<img", "<script>alert", "<!--", "\0");
    assertThat(page.split("</script>", -1)).as("the ends of the page's two scripts").hasSize(3);
    assertThat(page.split("</style>", -1)).hasSize(2);
    assertThat(data(page).path("nodes").path(0).asText())
        .startsWith("</script></style></title>\"'><img");
  }

  @Test
  void nothingOutsideOfTheFileIsReferredTo() throws Exception {
    String page = page(HostileReport.make()).replace("&quot;", "").replace("&#39;", "");
    String markup = page.replaceAll("&lt;.*?&gt;", "");

    Matcher reference = REFERENCE.matcher(markup.replaceAll("(?s)<script.*?</script>", ""));
    while (reference.find()) {
      assertThat(reference.group(1)).startsWith("#");
    }
    assertThat(markup.replace("url(#tip)", ""))
        .doesNotContain(
            "url(", "@import", "fetch(", "XMLHttpRequest", "import(", "<link", "<iframe");
  }

  @Test
  void thePolicyAllowsTheTwoInlineResourcesOnly() throws Exception {
    assertThat(page(HostileReport.make()))
        .containsPattern(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;;"
                + " style-src &#39;sha256-[A-Za-z0-9+/=]{44}&#39;;"
                + " script-src &#39;sha256-[A-Za-z0-9+/=]{44}&#39;;"
                + " base-uri &#39;none&#39;; form-action &#39;none&#39;\">")
        .doesNotContain("unsafe-inline")
        .doesNotContainPattern("<[^>]* style=")
        .doesNotContainPattern("<[^>]* on[a-z]+=\"");
  }

  @Test
  void theTimelineHasEachAttemptInColumns() throws Exception {
    try (TestEngine test = TestEngine.builder().build()) {
      test.script().task("a").succeeds().after(Duration.ofSeconds(10));
      test.script().task("a").instance(1).exits(3).after(Duration.ofSeconds(4));
      JobId job = test.engine().submit(job(2).failOnInstanceFail(false).build());
      test.engine().await(job);

      JsonNode data = data(page(JobReport.of(test.engine(), job, test.clock().instant())));

      assertThat(data.path("zero").asLong()).isEqualTo(1_893_456_000_000L);
      assertThat(data.path("end").asLong()).isEqualTo(10_000);
      assertThat(data.path("tasks").path(0).asText()).isEqualTo("a");
      assertThat(data.path("index").toString()).isEqualTo("[0,1]");
      assertThat(data.path("failed").toString()).isEqualTo("[0,1]");
      assertThat(data.path("outcomes").path(data.path("outcome").path(1).asInt()).asText())
          .isEqualTo("exited with 3");
      assertThat(data.path("phases").toString())
          .isEqualTo("[0,0,0,0,0,10000,-1,-1,0,0,0,0,0,4000,-1,-1]");
    }
  }

  @Test
  void timesAreThoseOfTheZoneAlsoWhereTheClocksAreChanged() throws Exception {
    try (TestEngine test =
        TestEngine.builder().startingAt(Instant.parse("2030-03-31T00:59:50Z")).build()) {
      test.script().task("a").succeeds().after(Duration.ofSeconds(20));
      JobId job = test.engine().submit(job(1).build());
      test.engine().await(job);

      String page =
          page(
              JobReport.of(test.engine(), job, test.clock().instant()), ZoneId.of("Europe/Berlin"));

      assertThat(page)
          .contains(
              "<time datetime=\"2030-03-31T00:59:50Z\">2030-03-31 01:59:50</time>",
              "<time datetime=\"2030-03-31T01:00:10Z\">2030-03-31 03:00:10</time>",
              "All times are those of Europe/Berlin (UTC+01:00, later UTC+02:00).");
      assertThat(data(page).path("offsets").toString()).isEqualTo("[0,3600000,10000,7200000]");
    }
  }

  @Test
  void aJobWithoutAttemptsHasAPageTooAndSaysSo() throws Exception {
    try (TestEngine test = TestEngine.create()) {
      test.engine().setNamedResource("licence", 1);
      TaskDescription waits =
          TaskDescription.builder(Command.shell("a"))
              .resources(Resources.cpus(1).withNamed(Map.of("licence", 1)))
              .build();
      JobId job = test.engine().submit(JobDescription.builder("job").task("a", waits).build());
      test.engine().setNamedResource("licence", 0);
      test.engine().pause(job);
      JobReport report = JobReport.of(test.engine(), job, test.clock().instant());

      String page = page(report);

      assertThat(report.attempts()).isEmpty();
      assertThat(page)
          .contains(
              "There is nothing to draw",
              "No attempt has failed.",
              "No attempt has begun.",
              "Paused by a user")
          .doesNotContain("timeline-data\"");
    }
  }

  @Test
  void aJobThatRunsIsShownAsOfNow() throws Exception {
    try (TestEngine test = TestEngine.create()) {
      test.script().all().runsForever();
      JobId job = test.engine().submit(job(1).build());
      test.advance(Duration.ofMinutes(3));

      String page = page(JobReport.of(test.engine(), job, test.clock().instant()));

      assertThat(page).contains("3:00 min so far", "not over");
      assertThat(data(page).path("end").asLong()).isEqualTo(180_000);
      test.engine().stop(job);
    }
  }
}
