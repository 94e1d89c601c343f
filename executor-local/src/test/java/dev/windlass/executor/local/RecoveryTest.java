package dev.windlass.executor.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After a crash or restart of the host every attempt is told as it is, and none runs twice. */
@Tag("slow")
class RecoveryTest {

  @TempDir Path root;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = Bench.unprivileged(root);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Path evidence(AttemptId id) {
    return bench.directory().resolve("attempts").resolve(Evidence.directoryName(id));
  }

  private AttemptReport only(Collection<AttemptReport> reports) {
    assertThat(reports).hasSize(1);
    return reports.iterator().next();
  }

  private Outcome recovered(AttemptId id) {
    return ((AttemptReport.Ended) only(bench.recover(id))).outcome();
  }

  /** A program that runs until its file appears. */
  private AttemptSpec waiting() {
    return bench.shell("echo run >>ledger; while [ ! -e go ]; do sleep 0.02; done; exit 6");
  }

  private AttemptSpec launched(AttemptSpec spec) {
    bench.executor().launch(spec);
    bench.awaitStart(spec.id());
    return spec;
  }

  @Test
  void whatRunsIsAdoptedAndItsEndReported() throws Exception {
    AttemptSpec spec = launched(waiting());
    bench.restart();
    assertThat(only(bench.recover(spec.id())).kind()).isEqualTo(AttemptReport.Kind.STARTED);
    Files.createFile(spec.workDirectory().resolve("go"));
    assertThat(bench.awaitEnd(spec.id()).outcome()).isEqualTo(new Outcome.Exited(6));
    assertThat(bench.awaitEnd(spec.id()).usage().wall()).isPresent();
    assertThat(spec.workDirectory().resolve("ledger")).hasContent("run\n");
  }

  @Test
  void whatRunsIsFoundAlsoIfTheEngineDoesNotExpectIt() {
    AttemptSpec spec = launched(waiting());
    bench.restart();
    assertThat(only(bench.recover()).id()).isEqualTo(spec.id());
  }

  @Test
  void whatEndedMeanwhileHasItsTrueOutcome() throws Exception {
    AttemptSpec exits = launched(waiting());
    AttemptSpec dies = launched(bench.shell("while [ ! -e go ]; do sleep 0.02; done; kill -9 $$"));
    bench.executor().close();
    Files.createFile(exits.workDirectory().resolve("go"));
    Files.createFile(dies.workDirectory().resolve("go"));
    Bench.await(() -> bench.leftovers().isEmpty());
    bench.restart();
    Map<AttemptId, AttemptReport> reports =
        bench.recover(exits.id(), dies.id()).stream()
            .collect(Collectors.toMap(AttemptReport::id, Function.identity()));
    assertThat(((AttemptReport.Ended) reports.get(exits.id())).outcome())
        .isEqualTo(new Outcome.Exited(6));
    assertThat(((AttemptReport.Ended) reports.get(dies.id())).outcome())
        .isEqualTo(new Outcome.Signalled(9));
  }

  @Test
  void anExpectedAttemptWithoutEvidenceIsFencedAndNeverRuns() {
    AttemptSpec spec = bench.shell("echo run >>ledger");
    assertThat(recovered(spec.id()))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.retryable()).isTrue());
    bench.executor().launch(spec);
    bench.restart();
    bench.executor().launch(spec);
    assertThat(recovered(spec.id())).isInstanceOf(Outcome.Refused.class);
    assertThat(spec.workDirectory().resolve("ledger")).doesNotExist();
  }

  @Test
  void evidenceWithoutALauncherIsFenced() throws Exception {
    AttemptSpec spec = bench.shell("exit 0");
    assertThat(new Evidence(bench.directory().resolve("attempts"), spec.id()).create()).isTrue();
    assertThat(recovered(spec.id())).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void recoveringAgainWhileAttemptsRunChangesNothing() throws Exception {
    AttemptSpec running = launched(waiting());
    AttemptSpec ended = bench.shell("exit 3");
    AttemptReport.Ended end = bench.run(ended);
    for (int i = 0; i < 3; i++) {
      assertThat(bench.recover(running.id(), ended.id()))
          .hasSize(2)
          .contains(end)
          .anyMatch(report -> report.kind() == AttemptReport.Kind.STARTED);
    }
    Files.createFile(running.workDirectory().resolve("go"));
    assertThat(bench.awaitEnd(running.id()).outcome()).isEqualTo(new Outcome.Exited(6));
  }

  @Test
  void aKilledLauncherMeansLostAndNothingLeft() {
    AttemptSpec spec = launched(bench.shell("setsid sleep 999 & sleep 999"));
    long launcher =
        new Evidence(bench.directory().resolve("attempts"), spec.id())
            .launcher()
            .orElseThrow()
            .pid();
    ProcessHandle.of(launcher).orElseThrow().destroyForcibly();
    assertThat(bench.awaitEnd(spec.id()).outcome()).isInstanceOf(Outcome.Lost.class);
    assertThat(bench.leftovers()).isEmpty();
  }

  @Test
  void aKilledHelperMeansLostAndNothingLeft() {
    AttemptSpec spec = launched(bench.shell("sleep 999"));
    long launcher =
        new Evidence(bench.directory().resolve("attempts"), spec.id())
            .launcher()
            .orElseThrow()
            .pid();
    ProcessHandle.of(launcher).orElseThrow().children().forEach(ProcessHandle::destroyForcibly);
    assertThat(bench.awaitEnd(spec.id()).outcome()).isInstanceOf(Outcome.Lost.class);
    assertThat(bench.leftovers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "exit", "exit 0", "exit 0\n", "\0\0\0\0"})
  void aCutRecordIsNeverASuccess(String content) throws Exception {
    AttemptSpec spec = bench.shell("exit 0");
    bench.run(spec);
    bench.executor().close();
    Files.writeString(evidence(spec.id()).resolve("exit"), content);
    bench.restart();
    assertThat(recovered(spec.id())).isInstanceOf(Outcome.Lost.class);
  }

  @Test
  void anotherBootMeansLost() throws Exception {
    AttemptSpec running = launched(waiting());
    bench.executor().close();
    bench
        .leftovers()
        .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    Bench.await(() -> bench.leftovers().isEmpty());
    replace(running.id(), "launcher", text -> text.replace(ProcFs.bootId(), "0".repeat(36)));
    bench.restart();
    assertThat(recovered(running.id())).isInstanceOf(Outcome.Lost.class);
  }

  @Test
  void aStrangerWithARecordedPidIsNeitherAdoptedNorSignalled() throws Exception {
    Process stranger = new ProcessBuilder("setsid", "sleep", "999").start();
    long started = System.nanoTime();
    // The kernel counts in hundredths of a second.
    Bench.await(() -> System.nanoTime() - started > 50_000_000);
    try {
      AttemptSpec spec = launched(waiting());
      bench.executor().close();
      bench
          .leftovers()
          .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      Bench.await(() -> bench.leftovers().isEmpty());
      for (String record : List.of("launcher", "program")) {
        replace(
            spec.id(),
            record,
            text -> {
              String[] words = text.split(" ", -1);
              words[1] = Long.toString(stranger.pid());
              return String.join(" ", words);
            });
      }
      bench.restart();
      assertThat(recovered(spec.id())).isInstanceOf(Outcome.Lost.class);
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  private void replace(AttemptId id, String record, Function<String, String> change)
      throws IOException {
    Path file = evidence(id).resolve(record);
    String text = change.apply(Files.readString(file).stripTrailing());
    Files.writeString(file, text + " ".repeat(Evidence.RECORD_LENGTH - 1 - text.length()) + "\n");
  }

  @Test
  void aCancellationSurvivesTheHost() throws Exception {
    AttemptSpec spec =
        launched(bench.shell("trap '' TERM; echo ready; while :; do sleep 0.02; done"));
    // It has begun before it has set its trap.
    Bench.await(() -> Bench.stdout(spec).equals("ready\n"));
    bench.executor().cancel(spec.id(), Duration.ofHours(1));
    Bench.await(() -> Files.exists(evidence(spec.id()).resolve("cancel")));
    bench.restart();
    assertThat(only(bench.recover(spec.id())).kind()).isEqualTo(AttemptReport.Kind.STARTED);
    bench.executor().cancel(spec.id(), Duration.ZERO);
    assertThat(bench.awaitEnd(spec.id()).outcome()).isEqualTo(new Outcome.Cancelled());
  }

  @Test
  void afterCloseProgramsGoOnAndNothingIsReported() throws Exception {
    AttemptSpec spec = launched(waiting());
    bench.executor().close();
    bench.executor().close();
    Files.createFile(spec.workDirectory().resolve("go"));
    Bench.await(() -> bench.leftovers().isEmpty());
    assertThat(bench.reportsOf(spec.id())).hasSize(1);
    bench.restart();
  }

  @ParameterizedTest
  @ValueSource(strings = {"privileged", "bare"})
  void aHostKilledAtAnyMomentLosesNothingAndStartsNothingTwice(String kind) throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 6; round++) {
      Path place = Files.createDirectories(root.resolve(kind + round));
      Files.createDirectories(place.resolve("executor"));
      Bench survivor = new Bench(place, CrashingHost.config(kind));
      try {
        crash(place, survivor, kind, random.nextInt(400));
        checkAll(place, survivor, "seed " + seed + " round " + round);
      } finally {
        survivor.close();
      }
    }
  }

  /** Runs a host until it has launched something and a random time has passed; then kills it. */
  private static void crash(Path place, Bench survivor, String kind, int millis) throws Exception {
    survivor.executor().close();
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingHost.class.getName(),
                place.toString(),
                survivor.engineId(),
                "60",
                kind)
            .redirectErrorStream(true)
            .redirectOutput(place.resolve("host.log").toFile())
            .start();
    Bench.await(() -> Files.exists(place.resolve("intent-0")) || !host.isAlive());
    host.waitFor(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
    host.destroyForcibly().waitFor();
  }

  private static void checkAll(Path place, Bench survivor, String when) throws IOException {
    survivor.restart();
    List<AttemptId> intended = new ArrayList<>();
    for (int n = 0; n < 60 && Files.exists(place.resolve("intent-" + n)); n++) {
      intended.add(Bench.id(n));
    }
    assertThat(intended).as(when + ": " + Bench.text(place.resolve("host.log"))).isNotEmpty();
    Map<AttemptId, AttemptReport> reports =
        survivor.recover(intended.toArray(AttemptId[]::new)).stream()
            .collect(Collectors.toMap(AttemptReport::id, Function.identity()));
    assertThat(reports.keySet()).as(when).containsExactlyInAnyOrderElementsOf(intended);
    List<String> ran = new ArrayList<>();
    for (AttemptId id : intended) {
      int n = id.instance().index();
      AttemptReport report = reports.get(id);
      Outcome outcome =
          report instanceof AttemptReport.Ended ended
              ? ended.outcome()
              : survivor.awaitEnd(id).outcome();
      if (outcome.kind() != Outcome.Kind.REFUSED) {
        assertThat(outcome).as(when).isEqualTo(new Outcome.Exited(n % 100));
        ran.add(Integer.toString(n));
      }
    }
    Path ledger = place.resolve("ledger");
    try (Stream<String> lines = Files.exists(ledger) ? Files.lines(ledger) : Stream.empty()) {
      assertThat(lines.toList()).as(when).containsExactlyInAnyOrderElementsOf(ran);
    }
    assertThat(survivor.leftovers()).as(when).isEmpty();
    reports.keySet().forEach(survivor.executor()::release);
    survivor.executor().close();
    assertThat(groupsOf(survivor.engineId())).as(when).isEmpty();
    survivor.restart();
  }

  private static List<Path> groupsOf(String engineId) {
    CgroupLayout layout = CgroupLayout.discover();
    return Stream.concat(layout.unified().stream(), layout.controllers().values().stream())
        .map(own -> own.resolve("windlass-" + engineId))
        .filter(Files::exists)
        .toList();
  }
}
