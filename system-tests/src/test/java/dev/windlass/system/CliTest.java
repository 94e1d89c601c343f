package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.windlass.system.WindlassCommand.Call;
import dev.windlass.system.WindlassCommand.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the windlass command promises its users. */
@Tag("slow")
@Timeout(120)
class CliTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path directory;

  private WindlassCommand windlass;

  @BeforeEach
  void makeCommand() {
    windlass = new WindlassCommand(directory);
  }

  @Test
  void theQuickStartCountsTheLog() throws IOException {
    Path example = Checkout.copy("examples/log-count", directory.resolve("log-count"));

    Result result = windlass.run("run", "log-count/job.json");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(example.resolve("store/log-count/output/result.json"))
        .hasContent("{\"INFO\": 2460, \"WARN\": 2448, \"ERROR\": 2583, \"DEBUG\": 2509}");
    assertThat(Files.readAllLines(example.resolve("store/log-count/output/parts/2.txt")))
        .hasSize(3332);
    assertThat(result.out())
        .containsPattern("count +Finished +0 +0 +3 +0 +0")
        .contains("log-count/store/log-count/output/result.json");
  }

  @Test
  void withoutATerminalProgressIsPlainLinesOnStandardError() {
    Checkout.copy("examples/log-count", directory.resolve("log-count"));

    Result result = windlass.run("run", "log-count/job.json");

    assertThat(result.err()).contains("submitted job-", "merge: Finished");
    assertThat(result.out() + result.err()).doesNotContain("\u001b", "\r");
  }

  @Test
  void runPrintsOneJsonObject() {
    Checkout.copy("examples/log-count", directory.resolve("log-count"));

    JsonNode job = windlass.run("run", "--json", "log-count/job.json").json();

    assertThat(job.path("jobId").asText()).startsWith("job-");
    assertThat(job.path("state").asText()).isEqualTo("Finished");
    assertThat(job.path("message").asText()).isEmpty();
    JsonNode count = job.path("tasks").path("count");
    assertThat(count.path("state").asText()).isEqualTo("Finished");
    assertThat(count.path("finished").asLong()).isEqualTo(3);
    assertThat(List.of("waiting", "running", "failed", "stopped"))
        .allMatch(counter -> count.path(counter).isIntegralNumber())
        .allMatch(counter -> count.path(counter).asLong() == 0);
  }

  @Test
  void whatRanCanBeLookedAtAfterwards() {
    Checkout.copy("examples/log-count", directory.resolve("log-count"));
    String id = windlass.run("run", "--json", "log-count/job.json").json().path("jobId").asText();

    assertThat(windlass.run("jobs").out()).contains(id, "log-count", "Finished");
    assertThat(windlass.run("job", id.substring(0, 30)).out()).contains(id, "split", "merge");
    assertThat(windlass.run("job", id, "count").out()).contains("exited with 0");
    assertThat(windlass.run("job", "--json", id, "count").json().path("instances")).hasSize(3);
    assertThat(windlass.run("log", id, "split", "0").out())
        .isEqualTo("cut 10000 lines into 3 parts\n");
    assertThat(windlass.run("log", "--stderr", id, "split", "0").out()).isEmpty();
  }

  @Test
  void aReportIsAFileOrGoesToStandardOutput() throws IOException {
    Checkout.copy("examples/log-count", directory.resolve("log-count"));
    String id = windlass.run("run", "--json", "log-count/job.json").json().path("jobId").asText();

    Result written = windlass.run("report", id.substring(0, 30));
    assertThat(written.exitCode()).as(written.err()).isZero();
    assertThat(written.out()).isEmpty();
    assertThat(directory.resolve(id + ".html"))
        .content()
        .startsWith("<!doctype html>")
        .contains("<bdi>merge</bdi>", "exited with 0");
    assertThat(windlass.run("report", "-o", "-", id).out()).startsWith("<!doctype html>");
    JsonNode json = windlass.run("report", "--json", id).json();
    assertThat(json.path("jobId").asText()).isEqualTo(id);
    assertThat(json.path("attempts")).hasSize(5);
    assertThat(windlass.run("report", "--json", "-o", "r.json", id).out()).isEmpty();
    assertThat(directory.resolve("r.json")).content().startsWith("{\"at\":");
  }

  @Test
  void aReportThatCannotBeMadeIsRefused() throws IOException {
    write("job.json", job(":"));
    String id = windlass.run("run", "--json", "job.json").json().path("jobId").asText();

    assertThat(windlass.run("report", "job-none").exitCode()).isEqualTo(2);
    Result nowhere = windlass.run("report", "-o", "no/such/folder/r.html", id);
    assertThat(nowhere.exitCode()).isEqualTo(2);
    assertThat(nowhere.err()).contains("cannot write no/such/folder/r.html");
  }

  @Test
  void aFailedJobExitsWithOneAndSaysWhereToReadOn() throws IOException {
    write("job.json", job("echo broken >&2; exit 3"));

    Result result = windlass.run("run", "job.json");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).contains("Failed", "work/0", "exited with 3", "windlass log job-");
  }

  @Test
  void jobsAreManagedFromTheTerminal() throws IOException {
    write("job.json", job("exit 3"));
    String id = windlass.run("run", "--json", "job.json").json().path("jobId").asText();

    assertThat(windlass.run("jobs", "--state", "Failed").out()).contains(id);
    Result refused = windlass.run("pause", id);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("it is Failed");
    assertThat(windlass.run("restart", "--state", "Failed", "--reason", "mended").out())
        .contains(id + " done");
    assertThat(windlass.run("resume").exitCode()).isLessThan(2); // it may be over by now
    assertThat(windlass.run("jobs", "--state", "Failed").out()).contains(id);
    assertThat(windlass.run("delete", id).exitCode()).isZero();
    assertThat(windlass.run("jobs", "--json").json().path("jobs")).isEmpty();
    assertThat(windlass.run("stop").exitCode()).isEqualTo(2);
  }

  @Test
  void aJobThatReleasesItselfIsStillReported() throws IOException {
    write("job.json", job(":").replace("{\"Name\"", "{\"AutoRelease\":true,\"Name\""));

    Result result = windlass.run("run", "--json", "job.json");

    assertThat(result.exitCode()).isZero();
    assertThat(result.json().path("state").asText()).isEqualTo("Finished");
    assertThat(result.json().path("tasks").path("work").path("finished").asLong()).isEqualTo(1);
    assertThat(windlass.run("jobs", "--json").json().path("jobs")).isEmpty();
  }

  @Test
  void whatWasToleratedOrLeftOutIsReportedSo() throws IOException {
    write(
        "job.json",
        """
        {"Name": "job", "Type": "DAG", "AutoRelease": true, "JobFailOnInstanceFail": false,
         "DAG": {
           "Tasks": {
             "work": {"InstanceCount": 2,
               "Parameters": {"Command":
                 {"CommandLine": "exit $BATCH_COMPUTE_DAG_INSTANCE_ID", "PackagePath": ""}},
               "windlass": {"tolerate": {"percent": 50}}},
             "alarm": {"InstanceCount": 1,
               "Parameters": {"Command": {"CommandLine": ":", "PackagePath": ""}},
               "windlass": {"after": {"work": "failure"}}}},
           "Dependencies": {"work": ["alarm"]}}}
        """);

    Result result = windlass.run("run", "--json", "job.json");

    assertThat(result.exitCode()).isZero();
    assertThat(result.json().path("state").asText()).isEqualTo("Finished");
    JsonNode tasks = result.json().path("tasks");
    assertThat(tasks.path("work").path("finished").asLong()).isEqualTo(1);
    assertThat(tasks.path("work").path("failed").asLong()).isEqualTo(1);
    assertThat(tasks.path("alarm").path("stopped").asLong()).isEqualTo(1);
  }

  @Test
  void instanceTypesAreCutDownToThisHostUnlessExactOnesAreAskedFor() throws IOException {
    String large = "\"AutoCluster\":{\"InstanceType\":\"ecs.gn6v-c10g1.20xlarge\"},";
    write("job.json", job(":").replace("\"Parameters\"", large + "\"Parameters\""));

    Result cut = windlass.run("run", "job.json");
    assertThat(cut.exitCode()).as(cut.err()).isZero();
    assertThat(cut.err())
        .containsOnlyOnce("cut down to this host: ecs.gn6v-c10g1.20xlarge is ")
        .contains("--exact-types");

    Result refused = windlass.run("run", "--exact-types", "job.json");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("$.DAG.Tasks.work.AutoCluster.InstanceType");
  }

  @Test
  void whatAFailureKeepsIsListedUntilItIsReleased() throws IOException {
    String kept = "\"AutoCluster\":{\"InstanceType\":\"ecs.s1.small\",\"ReserveOnFail\":true},";
    write(
        "job.json",
        job("echo half >result; exit 3").replace("\"Parameters\"", kept + "\"Parameters\""));
    String id = windlass.run("run", "--json", "job.json").json().path("jobId").asText();

    JsonNode reserved = windlass.run("reserved", "--json").json().path("reserved").path(0);
    assertThat(reserved.path("jobId").asText()).isEqualTo(id);
    assertThat(reserved.path("cpus").asDouble()).isEqualTo(1);
    Path files = Path.of(reserved.path("directory").asText());
    assertThat(files.resolve("work/result")).hasContent("half");
    assertThat(windlass.run("reserved").out()).contains("work/0", "1 cpus, 2.0 GiB");

    assertThat(windlass.run("release", id).out()).contains("released 1 instance");
    assertThat(files).doesNotExist();
    assertThat(windlass.run("reserved").out()).contains("nothing is reserved");
    Result again = windlass.run("release", id, "work", "0");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("keeps nothing");
  }

  @Test
  void validateListsAllFaults() throws IOException {
    write("job.json", faultyJob());

    Result text = windlass.run("validate", "job.json");
    Result json = windlass.run("validate", "--json", "job.json");

    assertThat(text.exitCode()).isEqualTo(1);
    assertThat(text.out()).contains("$.DAG.Tasks.work.InstanceCount", "nowhere");
    assertThat(json.exitCode()).isEqualTo(1);
    assertThat(json.json().path("valid").asBoolean()).isFalse();
    assertThat(json.json().path("faults")).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void validateAcceptsTheExample() {
    String example = Checkout.root().resolve("examples/log-count/job.json").toString();

    assertThat(windlass.run("validate", example).exitCode()).isZero();
    assertThat(windlass.run("validate", "--json", example).json().path("valid").asBoolean())
        .isTrue();
  }

  @Test
  void aFaultyJobIsRefusedAndNothingIsCreated() throws IOException {
    write("job.json", faultyJob());

    Result result = windlass.run("run", "--json", "job.json");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.json().path("error").path("code").asText()).isEqualTo("INVALID");
    assertThat(result.json().path("error").path("faults")).isNotEmpty();
    assertThat(directory.resolve(".windlass")).doesNotExist();
  }

  @Test
  void wrongUsageExitsWithTwoAndOneLine() {
    Result result = windlass.run("job");
    Result json = windlass.run("run", "--json", "absent.json");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(json.exitCode()).isEqualTo(2);
    assertThat(json.json().path("error").path("code").asText()).isEqualTo("USAGE");
  }

  @Test
  void graphDrawsTasksAndTheirOrder() {
    String example = Checkout.root().resolve("examples/log-count/job.json").toString();

    assertThat(windlass.run("graph", example).out())
        .startsWith("digraph \"log-count\" {")
        .contains("\"split\" -> \"count\";", "\"count\" -> \"merge\";");
    assertThat(windlass.run("graph", "--format", "mermaid", example).out())
        .startsWith("flowchart LR")
        .contains("t0 --> t1", "t1 --> t2");
  }

  @Test
  void anEngineInUseCanBeLookedAtAndNotBeOpenedTwice() throws IOException {
    write("job.json", waitingJob());
    Call call = windlass.start("run", "job.json");
    await().atMost(SOON).until(() -> !pids().isEmpty());

    assertThat(windlass.run("jobs").out()).contains("Running");
    Result second = windlass.run("resume");

    assertThat(second.exitCode()).isEqualTo(3);
    assertThat(second.err().lines()).hasSize(1);
    release();
    assertThat(call.result().exitCode()).isZero();
  }

  @Test
  void whySaysWhatAJobOfARunningProcessWaitsFor() throws IOException {
    write("job.json", twoTasks());
    Call call = windlass.start("run", "job.json");
    await().atMost(SOON).until(() -> !pids().isEmpty());
    String id = windlass.run("jobs", "--json").json().path("jobs").path(0).path("jobId").asText();

    String text = windlass.run("why", id).out();
    JsonNode waiting = windlass.run("why", "--json", id, "then", "0").json();
    String capped = windlass.run("why", id, "work", "1").out();

    assertThat(text).contains("task 'then'", "waits for task 'work' (Running", "As of the last");
    assertThat(waiting.path("reasons").path(0).path("kind").asText()).isEqualTo("WAITS_FOR_TASKS");
    assertThat(waiting.path("reasons").path(0).path("tasks").path(0).path("task").asText())
        .isEqualTo("work");
    assertThat(capped)
        .contains("no more than 1 may", "would begin if 2 instances of the task might run");
    assertThat(windlass.run("why", id, "work", "2").exitCode()).isEqualTo(2);
    release();
    assertThat(call.result().exitCode()).isZero();
    assertThat(windlass.run("why", id, "work", "0").out()).contains("Finished");
  }

  @Test
  void interruptedOnceItStopsTheJobAndWaitsUntilNothingRuns() throws IOException {
    write("job.json", waitingJob());
    Call call = windlass.start("run", "--json", "job.json");
    await().atMost(SOON).until(() -> !pids().isEmpty());

    call.interrupt();
    Result result = call.result();

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.json().path("state").asText()).isEqualTo("Stopped");
    assertThat(pids()).hasSize(1).noneMatch(CliTest::isAlive);
  }

  @Test
  void askedToEndItStopsTheJobAndWaitsUntilNothingRuns() throws IOException {
    write("job.json", waitingJob());
    Call call = windlass.start("run", "--json", "job.json");
    await().atMost(SOON).until(() -> !pids().isEmpty());

    assertThat(call.process().toHandle().destroy()).as("TERM is sent").isTrue();
    Result result = call.result();

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.json().path("state").asText()).isEqualTo("Stopped");
    assertThat(pids()).hasSize(1).noneMatch(CliTest::isAlive);
  }

  @Test
  void interruptedTwiceItLeavesAndResumeTakesThePrograms() throws IOException {
    write("job.json", waitingJob());
    Call call = windlass.start("run", "job.json");
    await().atMost(SOON).until(() -> !pids().isEmpty());

    call.interrupt();
    await().atMost(SOON).until(() -> call.errSoFar().contains("Ctrl-C again"));
    call.interrupt();
    Result left = call.result();

    assertThat(left.exitCode()).isEqualTo(130);
    assertThat(left.err()).contains("windlass resume");
    assertThat(pids()).hasSize(1).allMatch(CliTest::isAlive);

    release();
    Result resumed = windlass.run("resume", "--json");

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.json().path("jobs").path(0).path("state").asText()).isEqualTo("Finished");
    assertThat(pids()).as("started once").hasSize(1).noneMatch(CliTest::isAlive);
  }

  @Test
  void unfinishedJobsKeepTheStoresTheyCameWith() throws IOException {
    write("job.json", waitingJob());
    Call call = windlass.start("run", "job.json");
    await().atMost(SOON).until(() -> !pids().isEmpty());
    call.interrupt();
    await().atMost(SOON).until(() -> call.errSoFar().contains("Ctrl-C again"));
    call.interrupt();
    call.result();
    Files.createDirectories(directory.resolve("other"));

    Result refused = windlass.run("run", "--store", "oss=other", "job.json");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("windlass resume", "--home");
    release();
    assertThat(windlass.run("resume").exitCode()).isZero();
  }

  // --- Jobs ------------------------------------------------------------------------------------

  private void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  private static String job(String commandLine) {
    return """
        {"Name": "job", "Type": "DAG", "Priority": 0, "DAG": {"Tasks": {"work": {
          "InstanceCount": 1, "Timeout": 600, "Parameters": {
            "Command": {"CommandLine": "%s", "PackagePath": ""},
            "StdoutRedirectPath": "oss://bucket/logs/", "StderrRedirectPath": "oss://bucket/logs/"
        }}}}}
        """
        .strip()
        .formatted(commandLine);
  }

  private static String faultyJob() {
    return job(":")
        .replace("\"InstanceCount\": 1", "\"InstanceCount\": 0")
        .replace("\"DAG\": {", "\"DAG\": {\"Dependencies\": {\"work\": [\"nowhere\"]}, ");
  }

  /** Its program says that it runs, and runs until it is released. */
  private String waitingJob() {
    return job(
        "echo $$ >>%1$s/pids; while [ -d %1$s ] && [ ! -e %1$s/released ]; do sleep 0.1; done"
            .formatted(directory));
  }

  /** One instance of the first task runs at a time, until it is released. */
  private String twoTasks() {
    return waitingJob()
        .replace(
            "\"InstanceCount\": 1, \"Timeout\": 600,",
            "\"InstanceCount\": 2, \"Timeout\": 600, \"windlass\": {\"maxRunning\": 1},")
        .replace(
            "}}}}}",
            """
            }}, "then": {"InstanceCount": 1,
              "Parameters": {"Command": {"CommandLine": ":", "PackagePath": ""}}}},
              "Dependencies": {"work": ["then"]}}}
            """);
  }

  private List<Long> pids() throws IOException {
    Path file = directory.resolve("pids");
    return Files.exists(file)
        ? Files.readAllLines(file).stream().map(Long::valueOf).toList()
        : List.of();
  }

  private void release() throws IOException {
    Files.createFile(directory.resolve("released"));
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
