package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attempts in a node are handed to shells that wait there, and nobody can tell by anything. */
@Tag("slow")
final class RunnersTest {

  private static final String NODE = "warm-1";

  /** Prints the process ids of the runners: shells with the word of their mode as an argument. */
  private static final String RUNNERS =
      "for p in /proc/[0-9]*; do tr '\\0' '\\n' <$p/cmdline | grep -qx serve"
          + " && echo ${p#/proc/}; done 2>/dev/null; true";

  @TempDir Path directory;
  private TestDaemon daemon;
  private Bench bench;

  @BeforeEach
  void open() {
    daemon = TestDaemon.shared();
    bench = new Bench(directory, daemon.config().build());
    bench.startNode(NODE);
    awaitWaiting();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Set<String> runners() {
    String text = daemon.docker("exec", bench.nodeContainer(NODE), "/bin/sh", "-c", RUNNERS);
    return new HashSet<>(text.lines().toList());
  }

  /** Until the node has runners, and all of them wait. */
  private void awaitWaiting() {
    await("a runner that waits")
        .atMost(Bench.PATIENCE)
        .until(
            () -> {
              List<String> states = states();
              return !states.isEmpty() && states.stream().allMatch(state -> state.equals("idle"));
            });
  }

  /** What the runners write of themselves. */
  private List<String> states() throws IOException {
    List<String> states = new ArrayList<>();
    try (Stream<Path> entries = Files.list(shared())) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        if (entry.getFileName().toString().startsWith("runner.")) {
          states.add(Files.readString(entry.resolve("state")).strip());
        }
      }
    }
    return states;
  }

  private Path shared() {
    return directory.resolve(bench.engineId() + "/executor/nodes/" + NODE + "/shared");
  }

  private AttemptSpec inside(String script) {
    return inside(script, more -> more);
  }

  private AttemptSpec inside(String script, UnaryOperator<AttemptSpec.Builder> more) {
    return bench.shell(script, builder -> more.apply(builder.node(NODE)));
  }

  private AttemptSpec waiting(int code) {
    return inside(
        "echo $PPID >ppid; echo >running; while [ ! -e gate ]; do sleep 0.02; done; exit " + code);
  }

  private void signal(String signal, String process) {
    daemon.docker("exec", bench.nodeContainer(NODE), "kill", "-" + signal, process);
  }

  @Test
  void attemptsOneAfterTheOtherAreRunByTheSameRunner() {
    Set<String> before = runners();
    assertThat(before).hasSize(1);
    for (int code = 0; code < 5; code++) {
      assertThat(bench.run(inside("exit " + code))).isEqualTo(new Outcome.Exited(code));
      awaitWaiting();
    }
    assertThat(runners()).isEqualTo(before);
  }

  @Test
  void attemptsAtOnceHaveAsManyRunnersOfWhichTheFirstGoesOnWaiting() {
    Set<String> first = runners();
    List<AttemptSpec> several = new ArrayList<>();
    for (int code = 1; code <= 3; code++) {
      several.add(bench.launch(waiting(code)));
    }
    several.forEach(spec -> bench.awaitFile(spec, "running"));
    assertThat(runners()).hasSize(3);
    several.forEach(bench::openGate);
    for (int i = 0; i < several.size(); i++) {
      assertThat(bench.outcome(several.get(i))).isEqualTo(new Outcome.Exited(i + 1));
    }
    await("the end of those too many").atMost(Bench.PATIENCE).until(() -> runners().equals(first));
    assertThat(bench.run(inside("exit 4"))).isEqualTo(new Outcome.Exited(4));
    awaitWaiting();
    assertThat(runners()).isEqualTo(first);
  }

  /**
   * In a container of its own, in one that a runner was begun for, and in one that it was handed.
   */
  @Test
  void aProgramFindsNoTraceOfItsRunner() {
    String look =
        "grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status; ls /proc/self/fd; umask; ulimit -a";
    AttemptSpec own = bench.shell(look);
    assertThat(bench.run(own)).isEqualTo(new Outcome.Exited(0));
    for (int i = 0; i < 2; i++) {
      AttemptSpec handed = inside(look);
      assertThat(bench.run(handed)).isEqualTo(new Outcome.Exited(0));
      assertThat(Bench.text(handed.stdout())).isEqualTo(Bench.text(own.stdout()));
    }
    AttemptSpec first = inside("env; cd ..; pwd", more -> more.environment(Map.of("ONLY", "once")));
    AttemptSpec then = inside("env");
    assertThat(bench.run(first).isSuccess() && bench.run(then).isSuccess()).isTrue();
    assertThat(Bench.text(first.stdout())).contains("ONLY=once\n");
    assertThat(Bench.text(then.stdout())).doesNotContain("ONLY", "windlass_", "OLDPWD");
  }

  @Test
  void wordsAndVariablesArriveByteForByte() {
    String odd = "'a' \"b\" $c `d` \\ !\n\t*é…\u0081\u0088\uD83C\uDFAC";
    AttemptSpec spec =
        bench.spec(
            List.of("/bin/sh", "-c", "printf '%s|%s|%s' \"$ODD\" \"$1\" \"$2\"", odd, odd, ""),
            more -> more.node(NODE).environment(Map.of("ODD", odd)));
    assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(0));
    assertThat(Bench.text(spec.stdout())).isEqualTo(odd + "|" + odd + "|");
  }

  @Test
  void secretsAreWrittenToNoFile() throws IOException {
    AttemptSpec spec =
        inside(
            "[ \"$TOKEN\" = plain-as-day ] || exit 1;"
                + " echo >running; while [ ! -e gate ]; do sleep 0.02; done",
            more ->
                more.environment(Map.of("TOKEN", "plain-as-day", "OTHER", "for-all"))
                    .secretVariables(Set.of("TOKEN")));
    // The script compares, so the specification itself tells; what matters is what is exported.
    bench.launch(spec);
    bench.awaitFile(spec, "running");
    assertThat(exported()).contains("OTHER=").doesNotContain("TOKEN=");
    bench.openGate(spec);
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
    AttemptSpec then = inside("env");
    assertThat(bench.run(then).isSuccess()).isTrue();
    assertThat(Bench.text(then.stdout())).doesNotContain("TOKEN");
  }

  private String exported() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(shared())) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void whoSignalsItsWholeGroupReachesNobodyElse() {
    AttemptSpec other = bench.launch(waiting(3));
    bench.awaitFile(other, "running");
    Set<String> before = runners();
    AttemptSpec spec =
        inside("trap '' TERM; kill -TERM 0; trap 'exit 5' INT; kill -INT $$; exit 1");
    assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(5));
    assertThat(runners()).containsAll(before);
    bench.openGate(other);
    assertThat(bench.outcome(other)).isEqualTo(new Outcome.Exited(3));
  }

  @Test
  void aRunnerThatIsKilledTakesNothingWithIt() {
    AttemptSpec spec = bench.launch(waiting(6));
    bench.awaitFile(spec, "running");
    runners().forEach(runner -> signal("KILL", runner));
    await("the end of all runners").atMost(Bench.PATIENCE).until(() -> runners().isEmpty());
    assertThat(bench.run(inside("exit 7"))).isEqualTo(new Outcome.Exited(7));
    bench.openGate(spec);
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(6));
  }

  /** It was handed an attempt that it will never see. */
  @Test
  void whatAStoppedRunnerWasHandedIsHandedOverAgain() {
    String runner = runners().iterator().next();
    signal("STOP", runner);
    AttemptSpec spec = bench.launch(inside("echo once >>ledger; exit 8"));
    await("the order").atMost(Bench.PATIENCE).until(() -> exported().contains("ledger"));
    signal("KILL", runner);
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(8));
    assertThat(spec.workDirectory().resolve("ledger")).hasContent("once\n");
  }

  @Test
  void whateverANodeWritesAsNewsIsNoNews() {
    String junk =
        "i=0; while [ $i -lt 200 ]; do echo \"$PWD $i\" >>NEWS; i=$((i + 1)); done;"
            + " head -c 100000 /dev/zero >>NEWS; echo >>NEWS";
    AttemptSpec spec = inside(junk.replace("NEWS", shared().resolve("news").toString()));
    assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(0));
    assertThat(bench.run(inside("exit 9"))).isEqualTo(new Outcome.Exited(9));
  }

  @Test
  void runnersOfAnEarlierLifeEndWithWhatTheyHave() {
    AttemptSpec spec = bench.launch(waiting(4));
    bench.awaitFile(spec, "running");
    Set<String> earlier = runners();
    bench.restart();
    bench.forgetNodeReports();
    bench.startNode(NODE);
    assertThat(bench.run(inside("exit 2"))).isEqualTo(new Outcome.Exited(2));
    bench.openGate(spec);
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(4));
    await("the end of the earlier runners")
        .atMost(Bench.PATIENCE)
        .until(() -> runners().stream().noneMatch(earlier::contains));
  }

  /** The runner finds its claim taken. */
  @Test
  void whatWasHandedOverInAnEarlierLifeAndHadNotBegunNeverDoes() {
    String runner = runners().iterator().next();
    signal("STOP", runner);
    AttemptSpec spec = bench.launch(inside("echo begun >ledger"));
    await("the order").atMost(Bench.PATIENCE).until(() -> exported().contains("ledger"));
    bench.restart();
    assertThat(bench.outcome(spec)).isInstanceOf(Outcome.Refused.class);
    signal("CONT", runner);
    bench.forgetNodeReports();
    bench.startNode(NODE);
    assertThat(bench.run(inside("exit 2"))).isEqualTo(new Outcome.Exited(2));
    await("its end").atMost(Bench.PATIENCE).until(() -> !runners().contains(runner));
    assertThat(spec.workDirectory().resolve("ledger")).doesNotExist();
  }

  /** Where a life of the host may end while it begins a runner, or lets one go. */
  enum HalfMade {
    PIPE,
    HIDDEN,
    SHOWN,
    PIPE_LEFT
  }

  @ParameterizedTest
  @EnumSource
  void whatIsLeftOfARunnerThatNeverWasHindersNobody(HalfMade left) {
    String name = "runner.half-made";
    Path files = shared().getParent();
    bench.restart(() -> leave(left, name, files));
    bench.forgetNodeReports();
    bench.startNode(NODE);
    assertThat(bench.run(inside("exit 2"))).isEqualTo(new Outcome.Exited(2));
    awaitWaiting();
    for (String where : List.of("shared", "orders", "hidden")) {
      assertThat(files.resolve(where).resolve(name)).doesNotExist();
    }
  }

  private static void leave(HalfMade left, String name, Path files) {
    try {
      Path orders = files.resolve("orders").resolve(name);
      Pipe.make(orders);
      if (left != HalfMade.PIPE) {
        Path directory = files.resolve(left == HalfMade.HIDDEN ? "hidden" : "shared").resolve(name);
        Files.createDirectory(directory);
        Files.writeString(directory.resolve("exec"), "0123456789abcdef");
        if (left == HalfMade.SHOWN) {
          Records.create(directory.resolve("state"), 256);
          Files.createLink(directory.resolve("orders"), orders);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
