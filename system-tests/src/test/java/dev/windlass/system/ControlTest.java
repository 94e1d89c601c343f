package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.windlass.JobOperation;
import dev.windlass.control.EngineControl;
import dev.windlass.error.EngineException;
import dev.windlass.job.JobId;
import dev.windlass.system.WindlassCommand.Call;
import dev.windlass.system.WindlassCommand.Result;
import dev.windlass.testkit.crash.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The windlass command on an engine that another process has open, or has left behind. */
@Tag("slow")
@Timeout(180)
class ControlTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  /** A user who owns nothing here. */
  private static final String NOBODY = "65534";

  @TempDir private Path directory;

  private WindlassCommand windlass;

  @BeforeEach
  void makeCommand() {
    windlass = new WindlassCommand(directory);
  }

  private ChildJvm host(Trial trial) throws IOException {
    ChildJvm host = trial.host(ControlHost.class);
    assertThat(host.line()).isEqualTo("open");
    AdoptedJob.awaitStarts(trial);
    return host;
  }

  private String onlyJob(String... home) {
    List<String> words = new ArrayList<>(List.of("jobs", "--json"));
    words.addAll(List.of(home));
    JsonNode jobs = windlass.run(words.toArray(String[]::new)).json().path("jobs");
    assertThat(jobs).hasSize(1);
    return jobs.path(0).path("jobId").asText();
  }

  private static Path socket(Trial trial) {
    return trial.engine().resolve("control.sock");
  }

  @Test
  void whatIsDoneFromTheTerminalTakesEffectInTheHost() throws Exception {
    Trial trial = Trial.in(directory);
    String home = "--home=" + trial.engine();
    try (ChildJvm host = host(trial)) {
      String id = onlyJob(home);

      assertThat(windlass.run("pause", home, id, "--reason", "lunch").out())
          .isEqualTo(id + " done\n");
      assertThat(windlass.run("job", home, "--json", id).json().path("paused").asText())
          .isEqualTo("lunch");
      assertThat(windlass.run("resume", home, id.substring(0, 20)).exitCode()).isZero();
      assertThat(windlass.run("priority", home, "--to", "9", id).exitCode()).isZero();
      Result refused = windlass.run("delete", home, "--json", id);
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.json().path("jobs").path(0).path("code").asText())
          .isEqualTo("STATE_CONFLICT");
      assertThat(windlass.run("stop", home, "--name", "adopted", "--reason", "enough").out())
          .isEqualTo(id + " done\n");

      assertThat(host.line()).isEqualTo("STOPPED stopped by the user: enough 9");
      assertThat(host.endsWithin(SOON)).isTrue();
      assertThat(socket(trial)).doesNotExist();
      assertThat(trial.alive()).isEmpty();

      String history = windlass.run("history", home, id).out();
      assertThat(history)
          .containsSubsequence(
              "job Waiting",
              "user pause: lunch",
              "user resume",
              "user set priority to 9",
              "user stop: enough",
              "job Stopped");
      assertThat(history).containsPattern("attempt 1 of well/0 started on \\S+");
      assertThat(windlass.run("delete", home, id).exitCode()).isZero();
      assertThat(windlass.run("history", home, id).out()).contains("job Deleted");
    }
  }

  @Test
  void aKilledHostLeavesASocketThatHindersNobody() throws Exception {
    Trial trial = Trial.in(directory);
    String home = "--home=" + trial.engine();
    String id;
    try (ChildJvm host = host(trial)) {
      id = onlyJob(home);
      host.kill();
    }
    assertThat(Files.exists(socket(trial), LinkOption.NOFOLLOW_LINKS)).isTrue();

    Result stopped = windlass.run("stop", home, "--store=oss=" + trial.store(), id);
    assertThat(stopped.exitCode()).as(stopped.err()).isZero();
    assertThat(stopped.err()).isEmpty();
    assertThat(socket(trial)).doesNotExist();
    assertThat(windlass.run("job", home, "--json", id).json().path("state").asText())
        .isEqualTo("Stopped");
    windlass.run("resume", home);
    AdoptedJob.awaitEnds(trial);
  }

  @Test
  void theNextHostTakesThePlaceOfAKilledOne() throws Exception {
    Trial trial = Trial.in(directory);
    try (ChildJvm host = host(trial)) {
      host.kill();
    }
    try (ChildJvm next = trial.host(ControlHost.class)) {
      assertThat(next.line()).isEqualTo("open");
      assertThat(EngineControl.connect(trial.engine())).get().satisfies(EngineControl::close);
    }
    try (var engine = trial.open()) {
      engine.jobs(dev.windlass.JobQuery.all()).items().forEach(job -> engine.stop(job.id()));
      AdoptedJob.awaitEnds(trial);
    }
  }

  @Test
  void aHostThatOffersNoSocketIsNamed() throws Exception {
    Trial trial = Trial.in(directory);
    try (ChildJvm host = trial.host(AdoptedJobHost.class)) {
      AdoptedJob.awaitStarts(trial);
      Result refused = windlass.run("stop", "--home=" + trial.engine(), "--name", "adopted");
      assertThat(refused.exitCode()).isEqualTo(3);
      assertThat(refused.err())
          .contains("pid " + host.pid() + " ", "which offers no control socket");
      assertThat(refused.err().lines()).hasSize(1);
      AdoptedJob.letGo(trial);
      AdoptedJob.awaitEnds(trial);
    }
  }

  @Test
  void anotherUserCannotConnect() throws Exception {
    assumeTrue(
        HostCommand.succeeds(asNobody("perl", "-MSocket", "-e", "exit 0")),
        "to be another user needs the right to");
    Trial trial = Trial.in(Files.createDirectory(directory.resolve("open")));
    try (ChildJvm host = host(trial)) {
      // As careless as can be, so that nothing but the socket itself is in the way.
      for (Path path : List.of(directory, directory.resolve("open"), trial.engine())) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
      String socket = socket(trial).toString();
      String[] connect = {
        "perl",
        "-MSocket",
        "-e",
        "socket(S, PF_UNIX, SOCK_STREAM, 0); connect(S, sockaddr_un($ARGV[0])) or exit 1",
        socket
      };
      assertThat(HostCommand.succeeds(connect)).isTrue();
      assertThat(HostCommand.succeeds(asNobody(connect))).isFalse();
      assertThat(HostCommand.succeeds(asNobody("test", "-S", socket))).as("it is seen").isTrue();
      AdoptedJob.letGo(trial);
      assertThat(host.line()).startsWith("FINISHED");
    }
  }

  private static String[] asNobody(String... command) {
    List<String> words =
        new ArrayList<>(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
    words.addAll(List.of(command));
    return words.toArray(String[]::new);
  }

  // --- windlass run as the host ----------------------------------------------------------------

  @Test
  void aJobThatIsDeletedUnderARunIsReportedAsItEndedOnceNothingOfItRuns() throws Exception {
    write("trap '' TERM; ");
    Call call = windlass.start("run", "--json", "job.json");
    await().atMost(SOON).until(() -> Files.exists(directory.resolve("pids")));
    JobId job = new JobId(onlyJob());

    try (EngineControl host = EngineControl.connect(directory.resolve(".windlass")).orElseThrow()) {
      host.manage(job, new JobOperation.Stop(), "not needed");
      await().atMost(SOON).until(() -> isDone(host, job, new JobOperation.Delete()));
    }

    Result result = call.result();
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.json().path("state").asText()).isEqualTo("Stopped");
    assertThat(result.json().path("message").asText()).contains("not needed");
    assertThat(result.json().path("tasks").path("work").path("stopped").asInt()).isEqualTo(1);
    for (String pid : Files.readAllLines(directory.resolve("pids"))) {
      assertThat(ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  private static boolean isDone(EngineControl host, JobId job, JobOperation operation) {
    try {
      host.manage(job, operation, "");
      return true;
    } catch (EngineException e) {
      return false;
    }
  }

  @Test
  void eventsAreFollowedWhileTheyHappen() throws Exception {
    write("");
    Call run = windlass.start("run", "job.json");
    await().atMost(SOON).until(() -> Files.exists(directory.resolve("pids")));
    String id = onlyJob();
    Call follower = windlass.start("events", "--json", "--follow", "--job", id);
    await().atMost(SOON).until(() -> Files.readString(follower.out()).contains("ATTEMPT_STARTED"));
    assertThat(Files.readString(follower.out())).doesNotContain("ATTEMPT_ENDED");

    Files.createFile(directory.resolve("released"));

    await().atMost(SOON).until(() -> Files.readString(follower.out()).contains("OnJobFinished"));
    follower.process().destroy();
    follower.process().waitFor();
    assertThat(run.result().exitCode()).isZero();
    List<JsonNode> all = documents(Files.readString(follower.out()));
    assertThat(all).extracting(event -> event.path("position").asLong()).isSorted();
    assertThat(all).allMatch(event -> event.path("job").asText().equals(id));

    List<JsonNode> ends =
        documents(windlass.run("events", "--json", "--type", "onjobfinished").out());
    assertThat(ends).hasSize(1);
    long position = ends.get(0).path("position").asLong();
    assertThat(windlass.run("events", "--after", "" + (position - 1)).out().lines().findFirst())
        .hasValueSatisfying(line -> assertThat(line).contains(id + "  job Finished"));
    Result wrong = windlass.run("events", "--type", "JOB_EXPLODED");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("JOB_CHANGED", "OnJobFinished");

    JsonNode history = windlass.run("history", "--json", id, "work", "0").json();
    assertThat(history.path("events"))
        .extracting(event -> event.path("kind").asText())
        .containsExactly(
            "INSTANCE_CHANGED", "ATTEMPT_STARTED", "ATTEMPT_ENDED", "INSTANCE_CHANGED");
    JsonNode first = windlass.run("history", "--json", "--limit", "1", id, "work").json();
    assertThat(first.path("more").asBoolean()).isTrue();
    assertThat(first.path("events")).hasSize(1);
    assertThat(windlass.run("history", "job-" + "0".repeat(32)).exitCode()).isEqualTo(2);
  }

  private static List<JsonNode> documents(String lines) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      documents.add(new JsonMapper().readTree(line));
    }
    return documents;
  }

  @Test
  void clustersAreMadeAndChangedBesideAHostAndWithoutOne() throws Exception {
    write("");
    Call run = windlass.start("run", "job.json");
    await().atMost(SOON).until(() -> Files.exists(directory.resolve("pids")));
    Files.writeString(
        directory.resolve("grid.json"),
        """
        {"Name": "grid", "Description": "for tests",
         "Groups": {"small": {"DesiredVMCount": 1, "InstanceType": "ecs.s1.small"}}}
        """);

    assertThat(windlass.run("clusters").out()).contains("no cluster was made here");
    Result made = windlass.run("clusters", "create", "grid.json");
    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(windlass.run("clusters", "resize", "grid", "small", "2").out())
        .isEqualTo("grid done\n");
    await()
        .atMost(SOON)
        .until(
            () -> show().path("groups").path("small").path("nodes").path("Running").asInt() == 2);
    assertThat(windlass.run("clusters", "show", "grid").out())
        .containsPattern("small +local +1 cpus, 2.0 GiB +2 +0 +2 +0 +0")
        .contains("for tests");
    assertThat(windlass.run("clusters").out()).containsPattern("grid +Active +1 +2 +2");
    Files.createFile(directory.resolve("released"));
    assertThat(run.result().exitCode()).isZero();

    String node = show().path("nodes").path(0).path("name").asText();
    assertThat(windlass.run("clusters", "drain", "grid", node).exitCode()).isZero();
    assertThat(show().path("groups").path("small").path("wanted").asInt()).isEqualTo(1);
    assertThat(windlass.run("clusters", "delete", "--json", "grid").json().path("done").asBoolean())
        .isTrue();
    Result gone = windlass.run("clusters", "resize", "nowhere", "small", "2");
    assertThat(gone.exitCode()).isEqualTo(2);
    assertThat(gone.err()).contains("nowhere");
  }

  private JsonNode show() {
    return windlass.run("clusters", "show", "--json", "grid").json();
  }

  @Test
  void aStoppedJobIsStartedAgainAsTheServiceCallsIt() throws Exception {
    write("exit 3; ");
    assertThat(windlass.run("run", "job.json").exitCode()).isEqualTo(1);
    String id = onlyJob();

    assertThat(windlass.run("start", id).out()).isEqualTo(id + " done\n");
    windlass.run("resume");
    assertThat(windlass.run("history", id).out())
        .containsSubsequence(
            "job Failed", "user restart", "attempt 2 of work/0 ended", "job Failed");
  }

  @Test
  void commandsThatMeetDoNotHinderOneAnother() throws Exception {
    write("exit 3; ");
    assertThat(windlass.run("run", "job.json").exitCode()).isEqualTo(1);
    String id = onlyJob();

    List<Call> calls = new ArrayList<>();
    for (int priority = 1; priority <= 3; priority++) {
      calls.add(windlass.start("priority", "--to", "" + priority, id));
    }

    for (Call call : calls) {
      Result result = call.result();
      assertThat(result.exitCode()).as(result.err()).isZero();
    }
    assertThat(windlass.run("history", id).out())
        .contains("set priority to 1", "set priority to 2", "set priority to 3");
  }

  /** A job that says that it runs, and runs until it is released. */
  private void write(String before) throws IOException {
    Files.writeString(
        directory.resolve("job.json"),
        """
        {"Name": "job", "Type": "DAG", "DAG": {"Tasks": {"work": {
          "InstanceCount": 1, "Timeout": 600, "Parameters": {"Command": {"CommandLine":
            "%2$secho $$ >>%1$s/pids; while [ -d %1$s ] && [ ! -e %1$s/released ]; do sleep 0.1; done",
            "PackagePath": ""}}}}}}
        """
            .formatted(directory, before));
  }
}
