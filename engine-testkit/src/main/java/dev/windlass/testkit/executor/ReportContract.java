package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.executor.AttemptReport;
import dev.windlass.job.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract's parts "Identity and repetition" and "Reports", and the end of the executor. */
abstract class ReportContract extends RiggedContract {

  /** Where launchers, shells and signals have their own meanings. */
  private static final List<Integer> TELLING_CODES =
      List.of(0, 1, 2, 124, 125, 126, 127, 128, 129, 130, 137, 139, 143, 255);

  private static final int AT_ONCE = 4;

  @Test
  void theInfoIsAlwaysEqual() {
    try (var other = create()) {
      assertThat(other.info()).isEqualTo(rig().executor().info());
    }
  }

  @Test
  void anAttemptEndsInExactlyOneEnded() {
    Attempt attempt = rig().launch(Script.of());
    rig().outcome(attempt);
    rig().letPass();
    assertThat(rig().told(attempt).stream().filter(History.Entry::isEnd)).hasSize(1);
  }

  @Test
  void startedPrecedesEnded() {
    Attempt attempt = rig().launch(waiting(0));
    attempt.awaitStart();
    attempt.openGate();
    rig().outcome(attempt);
    assertThat(rig().told(attempt))
        .extracting(entry -> entry.report().kind())
        .containsExactly(AttemptReport.Kind.STARTED, AttemptReport.Kind.ENDED);
  }

  @Test
  void aReportSaysWhenItHappened() {
    Attempt attempt = rig().launch(Script.of());
    rig().outcome(attempt);
    List<History.Entry> told = rig().told(attempt);
    assertThat(told.get(1).report().at()).isAfterOrEqualTo(told.get(0).report().at());
  }

  @Test
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
  void concurrentLaunchesDoNotMixUpReports() throws Exception {
    List<Attempt> attempts =
        IntStream.range(0, Math.min(64, breadth()))
            .mapToObj(i -> rig().attempt(Script.of(Script.exit(i), Script.print("", 0))))
            .toList();
    List<Callable<Attempt>> launches = new ArrayList<>();
    attempts.forEach(attempt -> launches.add(() -> rig().launch(attempt)));
    concurrently(launches);
    for (int i = 0; i < attempts.size(); i++) {
      assertExited(attempts.get(i), i);
    }
  }

  @Test
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
  void simultaneousLaunchesWithTheSameIdStartOneProgram() throws Exception {
    for (int round = 0; round < 10; round++) {
      Attempt attempt = rig().attempt(Script.of(Script.exit(6)));
      concurrently(Collections.nCopies(AT_ONCE, () -> rig().launch(attempt)));
      assertExited(attempt, 6);
    }
    rig().letPass();
  }

  private static void concurrently(List<Callable<Attempt>> calls)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      for (Future<Attempt> call : threads.invokeAll(calls)) {
        call.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
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
  void closeIsIdempotent() {
    Attempt attempt = rig().launch(Script.of());
    rig().outcome(attempt);
    rig().executor().close();
    rig().executor().close();
    rig().restart();
  }

  @Test
  void closeLetsGoOfThreads() {
    Set<Thread> before = new HashSet<>(threads());
    rig().restart();
    Attempt attempt = rig().launch(Script.of());
    rig().outcome(attempt);
    rig().release(attempt);
    rig().executor().close();
    await("the executor's threads to end")
        .atMost(Duration.ofSeconds(10))
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
