package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.NodeReport;
import dev.windlass.executor.NodeSpec;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.ContainerImage;
import dev.windlass.job.Isolation;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Attempts inside nodes are kept the same promises as those in containers of their own. */
@Tag("slow")
final class WarmNodesTest {

  private static final String NODE = "warm-1";

  /** Descendants in sessions of their own that take no notice of TERM, one of them an orphan. */
  private static final String STUBBORN =
      "trap '' TERM; setsid sleep 4711 & (setsid sleep 4712 &); ";

  @TempDir Path directory;
  private TestDaemon daemon;
  private Bench bench;

  @BeforeEach
  void open() {
    daemon = TestDaemon.shared();
    bench = new Bench(directory, daemon.config().build());
  }

  @AfterEach
  void close() {
    bench.close();
    assertThat(daemon.containers()).filteredOn(name -> name.contains(bench.engineId())).isEmpty();
  }

  private AttemptSpec inside(String script) {
    return inside(script, more -> more);
  }

  private AttemptSpec inside(String script, UnaryOperator<AttemptSpec.Builder> more) {
    return bench.shell(script, builder -> more.apply(builder.node(NODE)));
  }

  private AttemptSpec waiting(int code) {
    return inside("echo >running; while [ ! -e gate ]; do sleep 0.02; done; exit " + code);
  }

  private String processes() {
    return daemon.docker("exec", bench.nodeContainer(NODE), "ps", "-o", "args");
  }

  private List<String> runs() {
    try (var entries =
        Files.list(
            directory.resolve(bench.engineId()).resolve("executor/nodes/" + NODE + "/shared"))) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.startsWith("job-"))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  // ---- outcomes ----

  @Test
  void anAttemptRunsInsideTheNodeAndEndsWithItsOwnCode() {
    bench.startNode(NODE);
    AttemptSpec spec =
        inside(
            "hostname; echo err >&2; echo \"$ODD\" >here; exit 3",
            more -> more.environment(Map.of("ODD", "a 'b' \"c\" $d")));
    assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(3));
    assertThat(Bench.text(spec.stdout()).strip())
        .isEqualTo(
            daemon.docker("inspect", "-f", "{{.Config.Hostname}}", bench.nodeContainer(NODE)));
    assertThat(Bench.text(spec.stderr())).isEqualTo("err\n");
    assertThat(spec.workDirectory().resolve("here")).hasContent("a 'b' \"c\" $d");
    assertThat(bench.end(spec).usage().wall()).isPresent();
    assertThat(daemon.containers()).doesNotContain(bench.container(spec));
    bench.release(spec);
    await("nothing of the run").until(() -> runs().isEmpty());
  }

  @Test
  void anExitWith137IsNoMoreThanThatAndNeitherIsASignalOfTheProgramItself() {
    bench.startNode(NODE);
    assertThat(bench.run(inside("exit 137"))).isEqualTo(new Outcome.Exited(137));
    assertThat(bench.run(inside("kill -9 $$"))).isEqualTo(new Outcome.Exited(137));
    assertThat(bench.run(inside("exit 127"))).isEqualTo(new Outcome.Exited(127));
  }

  @Test
  void aProgramThatIsNotThereIsRefusedForGood() {
    bench.startNode(NODE);
    for (String program : List.of("no-such-program", "/data.txt", "./missing")) {
      Outcome outcome = bench.run(bench.spec(List.of(program), more -> more.node(NODE)));
      assertThat(outcome).isInstanceOf(Outcome.Refused.class);
      assertThat(outcome.isRetryable()).as(outcome.describe()).isFalse();
    }
  }

  @Test
  void namesThatAShellDoesNotHandOnReachTheProgram() {
    bench.startNode(NODE);
    AttemptSpec spec =
        bench.spec(
            List.of("env"),
            more -> more.node(NODE).environment(Map.of("A.B", "c d", "IFS", "x", "PLAIN", "y")));
    assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(0));
    assertThat(Bench.text(spec.stdout())).contains("A.B=c d\n", "IFS=x\n", "PLAIN=y\n");
    AttemptSpec missing =
        bench.spec(List.of("no-such"), more -> more.node(NODE).environment(Map.of("A.B", "c d")));
    assertThat(bench.run(missing)).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void whoUsesUpTheMemoryOfANodeAloneIsOutOfMemoryAndInCompanyThatIsNotProven() {
    bench.startNode(NODE);
    assertThat(bench.run(inside("exec tail /dev/zero"))).isInstanceOf(Outcome.OutOfMemory.class);
    AttemptSpec other = bench.launch(waiting(5));
    bench.awaitFile(other, "running");
    assertThat(bench.run(inside("exec tail /dev/zero"))).isEqualTo(new Outcome.Exited(137));
    bench.openGate(other);
    assertThat(bench.outcome(other)).isEqualTo(new Outcome.Exited(5));
  }

  // ---- ends ----

  @Test
  void cancelEndsTheWholeTreeAndNobodyElse() {
    bench.startNode(NODE);
    AttemptSpec other = bench.launch(waiting(7));
    AttemptSpec spec = bench.launch(inside(STUBBORN + "echo >running; while :; do sleep 1; done"));
    bench.awaitFile(spec, "running");
    bench.awaitFile(other, "running");
    assertThat(processes()).contains("sleep 4711", "sleep 4712");
    bench.executor().cancel(spec.id(), Duration.ofMillis(100));
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Cancelled());
    assertThat(processes()).doesNotContain("sleep 471");
    bench.openGate(other);
    assertThat(bench.outcome(other)).isEqualTo(new Outcome.Exited(7));
  }

  @Test
  void aProgramMayEndWellWhenItIsAskedTo() {
    bench.startNode(NODE);
    AttemptSpec spec =
        bench.launch(inside("trap 'exit 0' TERM; echo >running; while :; do sleep 0.05; done"));
    bench.awaitFile(spec, "running");
    bench.executor().cancel(spec.id(), Bench.PATIENCE);
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
  }

  @Test
  void whatAProgramLeavesBehindEndsWithIt() {
    bench.startNode(NODE);
    assertThat(bench.run(inside(STUBBORN + "exit 4"))).isEqualTo(new Outcome.Exited(4));
    assertThat(processes()).doesNotContain("sleep 471");
  }

  @Test
  void aNodeMayHaveAnotherUser() {
    try (Bench other = new Bench(directory, daemon.config().user("65534:65534").build())) {
      NodeSpec node = other.node(NODE, Optional.of("test $(id -u) = 65534"));
      other.startNode(node);
      other.awaitReport(new NodeReport.Up(NODE));
      AttemptSpec spec = other.shell("id -u; exit 3", more -> more.node(NODE));
      assertThat(other.run(spec)).isEqualTo(new Outcome.Exited(3));
      assertThat(Bench.text(spec.stdout())).isEqualTo("65534\n");
    }
  }

  /** Its supervisor is its parent; with that gone nobody can say how it ends. */
  @Test
  void aProgramThatKillsItsSupervisorIsLostAndEnded() {
    bench.startNode(NODE);
    AttemptSpec spec = bench.launch(inside("setsid sleep 4711 & kill -9 $PPID; sleep 4712"));
    assertThat(bench.outcome(spec)).isInstanceOf(Outcome.Lost.class);
    assertThat(processes()).doesNotContain("sleep 471");
  }

  @Test
  void whatBelongsToANodeThatIsTakenAwayIsLost() {
    for (List<String> command : List.of(List.of("rm", "-f"), List.of("kill"), List.of("stop"))) {
      bench.forgetNodeReports();
      String name = "taken-by-" + command.get(0);
      bench.startNode(name);
      AttemptSpec spec =
          bench.launch(
              bench.shell(
                  "trap 'exit 0' TERM; echo >running; while :; do sleep 0.05; done",
                  more -> more.node(name)));
      bench.awaitFile(spec, "running");
      String[] words =
          Stream.concat(command.stream(), Stream.of(bench.nodeContainer(name)))
              .toArray(String[]::new);
      daemon.docker(words);
      assertThat(bench.loss(name)).contains("container");
      assertThat(bench.outcome(spec)).isInstanceOf(Outcome.Lost.class);
      assertThat(bench.run(bench.shell("exit 0", more -> more.node(name))).isSuccess()).isFalse();
    }
  }

  // ---- lives of the host ----

  /** Sooner than the patrol would see it: by the event. */
  @Test
  @Timeout(25)
  void anotherLifeOfTheHostFindsWhatRunsAndHowTheRestEnded() {
    bench.startNode(NODE);
    AttemptSpec first = bench.launch(waiting(11));
    AttemptSpec second = bench.launch(waiting(12));
    bench.awaitFile(first, "running");
    bench.awaitFile(second, "running");
    bench.executor().close();
    bench.openGate(first);
    await("the end of the first")
        .atMost(Bench.PATIENCE)
        .until(() -> processes().lines().filter(line -> line.contains("exit 11")).count() == 0);
    Collection<AttemptReport> found = bench.restart();
    assertThat(found)
        .filteredOn(report -> report.id().equals(first.id()))
        .singleElement()
        .isInstanceOfSatisfying(
            AttemptReport.Ended.class,
            end -> assertThat(end.outcome()).isEqualTo(new Outcome.Exited(11)));
    assertThat(found)
        .filteredOn(report -> report.id().equals(second.id()))
        .singleElement()
        .isInstanceOf(AttemptReport.Started.class);
    bench.executor().launch(second);
    bench.forgetNodeReports();
    bench.startNode(NODE);
    bench.openGate(second);
    assertThat(bench.outcome(second)).isEqualTo(new Outcome.Exited(12));
    AttemptSpec third = bench.launch(inside("exit 13"));
    assertThat(bench.outcome(third)).isEqualTo(new Outcome.Exited(13));
  }

  @Test
  void theDockerEngineMayForgetWhatItRunsInside() throws IOException {
    try (TestDaemon own = TestDaemon.begin("--live-restore");
        Bench there = new Bench(directory, own.config().build())) {
      there.startNode(NODE);
      AttemptSpec ended = there.launch(there.shell(gate(21), more -> more.node(NODE)));
      AttemptSpec runs = there.launch(there.shell(gate(22), more -> more.node(NODE)));
      there.awaitFile(ended, "running");
      there.awaitFile(runs, "running");
      own.kill();
      there.openGate(ended);
      own.start();
      assertThat(there.outcome(ended)).isEqualTo(new Outcome.Exited(21));
      assertThat(there.hasEnded(runs)).isFalse();
      there.executor().cancel(runs.id(), Duration.ZERO);
      assertThat(there.outcome(runs)).isEqualTo(new Outcome.Cancelled());
    }
  }

  /** Nothing follows from a node that does not answer: what runs in it is neither over nor lost. */
  @Test
  void aPausedNodeIsWaitedFor() {
    bench.startNode(NODE);
    AttemptSpec spec = bench.launch(waiting(8));
    bench.awaitFile(spec, "running");
    daemon.docker("pause", bench.nodeContainer(NODE));
    bench.restart();
    bench.openGate(spec);
    daemon.docker("unpause", bench.nodeContainer(NODE));
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(8));
  }

  private static String gate(int code) {
    return "echo >running; while [ ! -e gate ]; do sleep 0.02; done; exit " + code;
  }

  // ---- nodes ----

  @Test
  void theBootstrapCommandHasTheVariablesOfTheClusterAndTheProgramsFindWhatItMade() {
    NodeSpec node =
        bench.node(NODE, Optional.of("echo \"$FROM_CLUSTER\" >/tmp/made; sleep 4713 &"));
    bench.startNode(node);
    bench.awaitReport(new NodeReport.Up(NODE));
    AttemptSpec spec = inside("cat /tmp/made; echo \"[$FROM_CLUSTER]\"");
    assertThat(bench.run(spec).isSuccess()).isTrue();
    assertThat(Bench.text(spec.stdout())).isEqualTo("yes\n[]\n");
    assertThat(processes()).as("what the bootstrap command left to run").contains("sleep 4713");
  }

  @Test
  void aFailedBootstrapCommandIsToldWithWhatItSaid() {
    bench.startNode(bench.node(NODE, Optional.of("echo no licence >&2; exit 9")));
    assertThat(bench.loss(NODE)).contains("exited with 9", "no licence");
    assertThat(daemon.containers()).doesNotContain(bench.nodeContainer(NODE));
  }

  @Test
  void aBootstrapCommandRunsOnceAlsoIfTheHostIsRestartedMeanwhile() {
    String counted =
        "echo x >>/tmp/count; echo >"
            + directory
            + "/"
            + bench.engineId()
            + "/booting;"
            + " while [ ! -e "
            + directory
            + "/"
            + bench.engineId()
            + "/boot-gate ];"
            + " do sleep 0.02; done";
    NodeSpec node = bench.node(NODE, Optional.of(counted));
    bench.startNode(node);
    Path root = directory.resolve(bench.engineId());
    await("the bootstrap command")
        .atMost(Bench.PATIENCE)
        .until(() -> Files.exists(root.resolve("booting")));
    bench.restart();
    bench.startNode(node);
    bench.startNode(node);
    AttemptSpec spec = inside("cat /tmp/count");
    try {
      Files.writeString(root.resolve("boot-gate"), "");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    bench.awaitReport(new NodeReport.Up(NODE));
    assertThat(bench.run(spec).isSuccess()).isTrue();
    assertThat(Bench.text(spec.stdout())).isEqualTo("x\n");
  }

  @Test
  void aNodeIsAsSafeAsAnyContainerAndHasItsResourcesAsLimits() {
    bench.startNode(NODE);
    assertThat(
            daemon.docker(
                "inspect",
                "-f",
                "{{.HostConfig.Privileged}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}"
                    + " {{.HostConfig.Init}} {{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}",
                bench.nodeContainer(NODE)))
        .isEqualTo("false [ALL] [no-new-privileges] true " + (64 << 20) + " 1000000000");
    AttemptSpec spec = inside("grep -E 'NoNewPrivs|CapEff' /proc/self/status");
    assertThat(bench.run(spec).isSuccess()).isTrue();
    assertThat(Bench.text(spec.stdout())).contains("0000000000000000").contains("NoNewPrivs:\t1");
  }

  @Test
  void twoEnginesHaveNodesOfOneNameAndDoNotTouchEachOthers() {
    bench.startNode(NODE);
    AttemptSpec mine = bench.launch(waiting(1));
    bench.awaitFile(mine, "running");
    try (Bench theirs = new Bench(directory, daemon.config().build())) {
      theirs.startNode(NODE);
      theirs.endNode(NODE);
      theirs.endNode(NODE);
    }
    bench.openGate(mine);
    assertThat(bench.outcome(mine)).isEqualTo(new Outcome.Exited(1));
  }

  // ---- what cannot be had ----

  @Test
  void whatAContainerThatRunsCannotGiveIsRefusedForGood() throws IOException {
    bench.startNode(NODE);
    Path data = Files.createDirectories(directory.resolve("data"));
    assertRefused(
        "another:1", m -> m.image(Optional.of(new ContainerImage("another:1", Optional.empty()))));
    assertRefused("sealed", more -> more.isolation(Isolation.SEALED));
    assertRefused("/data", more -> more.bindings(List.of(new PathBinding(data, "/data", true))));
    assertRefused("mount", more -> more.bindings(List.of(new PathBinding(data, "data", false))));
    assertRefused(
        "A.B", more -> more.environment(Map.of("A.B", "secret")).secretVariables(Set.of("A.B")));
  }

  private void assertRefused(String part, UnaryOperator<AttemptSpec.Builder> more) {
    AttemptSpec spec = inside("exit 0", more);
    assertThatThrownBy(() -> bench.executor().launch(spec))
        .isInstanceOfSatisfying(
            ExecutorException.class,
            thrown -> assertThat(thrown.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining(part);
  }

  @Test
  void inputsThatWouldBeBoundAreCopied() throws IOException {
    bench.startNode(NODE);
    Path data = Files.createDirectories(directory.resolve("data/deep"));
    Files.writeString(data.resolve("file"), "content");
    Path one = Files.writeString(directory.resolve("one"), "1");
    AttemptSpec spec =
        inside(
            "cat in/deep/file sub/one; echo changed >in/deep/file",
            more ->
                more.bindings(
                    List.of(
                        new PathBinding(directory.resolve("data"), "in", true),
                        new PathBinding(one, "sub/one", true))));
    assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(0));
    assertThat(Bench.text(spec.stdout())).isEqualTo("content1");
    assertThat(data.resolve("file")).hasContent("content");
  }
}
