package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.windlass.executor.AttemptReport;
import dev.windlass.job.Command;
import dev.windlass.job.Outcome;
import dev.windlass.job.TaskDescription;
import dev.windlass.testkit.contract.Sentence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The contract's parts "Identity and repetition" and "Reports", and the end of the executor. */
abstract class ReportContract extends RiggedContract {

  /** Where launchers, shells and signals have their own meanings. */
  private static final List<Integer> TELLING_CODES =
      List.of(0, 1, 2, 124, 125, 126, 127, 128, 129, 130, 137, 139, 143, 255);

  private static final int AT_ONCE = 4;

  @Test
  @Sentence("May be called at any time, also before open.")
  void theInfoIsThereBeforeOpen() {
    try (var other = create()) {
      assertThat(other.info().name()).isNotEmpty();
    }
  }

  @Test
  @Sentence("Asked at submission, possibly before open.")
  void anOrdinaryTaskMeetsNoObjectionBeforeOpen() {
    List<String> words = command(Script.of(Script.exit(0)));
    String[] arguments = words.subList(1, words.size()).toArray(String[]::new);
    TaskDescription task = TaskDescription.builder(Command.of(words.get(0), arguments)).build();
    try (var other = create()) {
      assertThat(other.refuse(task)).isEmpty();
    }
  }

  /** Waits on a thread of its own, since a launch that does not return would not end this test. */
  @Test
  @Sentence("Starts an attempt; returns soon and reports to the context what becomes of it.")
  void launchReturnsWhileTheProgramRuns() {
    Attempt attempt = rig().attempt(waiting(3));
    assertTimeoutPreemptively(patience(), () -> rig().launch(attempt));
    attempt.awaitStart();
    assertThat(rig().hasEnded(attempt)).as("ended before its program").isFalse();
    attempt.openGate();
    assertExited(attempt, 3);
  }

  @Test
  @Sentence("Ends an attempt; returns soon.")
  void cancelReturnsDuringTheGracePeriod() {
    Attempt attempt = rig().launch(waiting(3));
    attempt.awaitStart();
    assertTimeoutPreemptively(patience(), () -> rig().cancel(attempt, patience().multipliedBy(4)));
  }

  @Test
  @Sentence("always equal")
  void theInfoIsAlwaysEqual() {
    try (var other = create()) {
      assertThat(other.info()).isEqualTo(rig().executor().info());
    }
  }

  @Test
  @Sentence(Sentences.ONE_END)
  void anAttemptEndsInExactlyOneEnded() {
    Attempt attempt = rig().launch(Script.of());
    rig().outcome(attempt);
    rig().letPass();
    assertThat(rig().told(attempt).stream().filter(History.Entry::isEnd)).hasSize(1);
  }

  @Test
  @Sentence(Sentences.STARTED_FIRST)
  void startedPrecedesEnded() {
    Attempt attempt = rig().launch(waiting(0));
    attempt.awaitStart();
    attempt.openGate();
    rig().outcome(attempt);
    rig().letPass();
    assertThat(rig().told(attempt))
        .extracting(entry -> entry.report().kind())
        .containsExactly(AttemptReport.Kind.STARTED, AttemptReport.Kind.ENDED);
  }

  @Test
  @Sentence("When it happened, by the clock of the machine on which it happened.")
  void aReportSaysWhenItHappened() {
    Attempt attempt = rig().launch(Script.of());
    rig().outcome(attempt);
    List<History.Entry> told = rig().told(attempt);
    assertThat(told.get(1).report().at()).isAfterOrEqualTo(told.get(0).report().at());
  }

  @Test
  @Sentence(Sentences.OWN_CODE)
  void theExitCodeIsTheProgramsOwn() {
    Set<Integer> codes = new TreeSet<>(TELLING_CODES);
    IntStream.range(0, breadth()).forEach(i -> codes.add(i * 256 / breadth()));
    for (int code : codes) {
      Attempt attempt = rig().launch(Script.of(Script.exit(code)));
      Outcome outcome = rig().outcome(attempt);
      if (knowsSignals() || code <= 128 || code > 192) {
        assertThat(outcome).isEqualTo(new Outcome.Exited(code));
      } else {
        assertThat(outcome).isIn(new Outcome.Exited(code), new Outcome.Signalled(code - 128));
      }
    }
  }

  @Test
  @Sentence(Sentences.NOT_MIXED_UP)
  void concurrentLaunchesDoNotMixUpReports() throws Exception {
    List<Attempt> attempts =
        IntStream.range(0, Math.min(64, breadth()))
            .mapToObj(i -> rig().attempt(Script.of(Script.exit(i), Script.print("", 0))))
            .toList();
    List<Runnable> launches = new ArrayList<>();
    attempts.forEach(attempt -> launches.add(() -> rig().launch(attempt)));
    concurrently(launches);
    for (int i = 0; i < attempts.size(); i++) {
      assertExited(attempts.get(i), i);
    }
  }

  @Test
  @Sentence(Sentences.SECOND_LAUNCH)
  void aSecondLaunchWithTheSameIdChangesNothing() {
    Attempt attempt = rig().launch(waiting(5));
    rig().launch(attempt);
    attempt.awaitStart();
    rig().launch(attempt);
    rig().letPass();
    assertThat(attempt.starts()).as("starts while it runs").isEqualTo(1);
    attempt.openGate();
    assertExited(attempt, 5);
    rig().launch(attempt);
    rig().letPass();
    assertThat(attempt.starts()).as("starts after it ended").isEqualTo(1);
  }

  @Test
  @Sentence(Sentences.STARTED_ONCE)
  void simultaneousLaunchesWithTheSameIdStartOneProgram() throws Exception {
    for (int round = 0; round < 10; round++) {
      Attempt attempt = rig().attempt(Script.of(Script.exit(6)));
      concurrently(Collections.nCopies(AT_ONCE, () -> rig().launch(attempt)));
      assertExited(attempt, 6);
    }
    rig().letPass();
  }

  /** Calls about one attempt come one after the other, those about different ones at once. */
  @Property(tries = TRIES)
  @Sentence(Sentences.NOT_MIXED_UP)
  void launchesInAnyOrderDoNotMixUpReports(
      @ForAll @Size(max = 24) List<@IntRange(max = 9) Integer> launches) throws Exception {
    List<Attempt> attempts =
        IntStream.rangeClosed(0, 9)
            .mapToObj(code -> rig().attempt(Script.of(Script.exit(code))))
            .toList();
    concurrently(
        IntStream.range(0, AT_ONCE)
            .<Runnable>mapToObj(
                thread ->
                    () ->
                        launches.stream()
                            .filter(code -> code % AT_ONCE == thread)
                            .forEach(code -> rig().launch(attempts.get(code))))
            .toList());
    launches.forEach(code -> assertExited(attempts.get(code), code));
  }

  private static void concurrently(List<Runnable> calls)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      for (Future<Object> call :
          threads.invokeAll(calls.stream().map(Executors::callable).toList())) {
        call.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  @Sentence(Sentences.SILENT_AFTER_CLOSE)
  void nothingIsReportedAfterClose() {
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < AT_ONCE; i++) {
        rig().launch(Script.of());
      }
      // Closes while they begin and end; the rig tells what comes after.
      rig().restart();
    }
  }

  @Test
  @Sentence("Idempotent.")
  void closeIsIdempotent() {
    Attempt attempt = rig().launch(Script.of());
    rig().outcome(attempt);
    rig().executor().close();
    rig().executor().close();
    rig().restart();
  }

  @Test
  @Sentence("Ends work for the engine and lets go of threads.")
  void closeLetsGoOfThreads() {
    Set<Thread> before = new HashSet<>(threads());
    rig().restart();
    Attempt attempt = rig().launch(Script.of());
    rig().outcome(attempt);
    rig().release(attempt);
    rig().executor().close();
    await("the executor's threads to end")
        .atMost(patience())
        .untilAsserted(() -> assertThat(threads()).allMatch(before::contains));
    rig().restart();
  }

  /** Those that the JDK and the tools of this suite keep for themselves are left out. */
  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.getName().matches("process reaper.*|awaitility.*|ForkJoinPool.*"))
        .toList();
  }
}
