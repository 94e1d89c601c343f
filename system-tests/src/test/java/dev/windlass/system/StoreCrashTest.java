package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windlass.AttemptStatus;
import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.testkit.crash.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promises 1, 2 and 11 against a store whose system calls are killed, or fail, one after another.
 */
@Tag("slow")
@Timeout(600)
final class StoreCrashTest {
  private static final Duration CLOSING = Duration.ofSeconds(60);
  private static final String SYNCS = "fsync,fdatasync";
  private static final int JOBS = 4;

  /** A host that waits for its store has something left to do when the store is back. */
  private static final int PATIENT_JOBS = 3 * JOBS;

  /**
   * Calls are counted for each thread. The one that opens the engine makes a few syncs then, and a
   * few more when it closes it; the one that commits makes all others.
   */
  private static final int OPENING_SYNCS = 4;

  /** More than the opening thread makes in all. */
  private static final int FIRST_COMMIT = 8;

  /** More than the host makes; a kill that never comes ends the search. */
  private static final int MOST_CALLS = 2_000;

  @TempDir Path directory;

  @BeforeEach
  void findStrace() throws Exception {
    // Not everybody who has it may trace.
    assumeTrue(
        HostCommand.succeeds("strace", "-f", "-o", "/dev/null", "true"),
        "faults of system calls need strace and the right to trace");
  }

  /** What a host printed before its end. */
  private record Told(List<String> lines, int exitValue) {
    List<String> ids(String word) {
      return lines.stream()
          .filter(line -> line.startsWith(word + " "))
          .map(line -> line.split(" ", -1)[2])
          .toList();
    }
  }

  private Told run(Path engine, String patience, String calls, String injection) throws Exception {
    List<String> strace = new ArrayList<>(List.of("strace", "-f", "-o", "/dev/null"));
    for (String file : List.of("state.db", "state.db-wal", "state.db-journal")) {
      strace.addAll(List.of("-P", engine.resolve(file).toString()));
    }
    strace.addAll(List.of("-e", "trace=" + calls, "-e", "inject=" + calls + ":" + injection));
    int jobs = patience.equals("patient") ? PATIENT_JOBS : JOBS;
    List<String> lines = new ArrayList<>();
    try (ChildJvm host = ChildJvm.start(strace, StoreHost.class, engine, jobs, patience)) {
      for (String line = host.line(); line != null; line = host.line()) {
        lines.add(line);
      }
      assertThat(host.endsWithin(CLOSING)).isTrue();
      return new Told(lines, host.exitValue());
    }
  }

  @Test
  void killedAtEverySyncNothingThatWasToldIsLost() throws Exception {
    int kills = 0;
    for (int call = 1; call < MOST_CALLS; call++) {
      if (!killed(SYNCS, call)) {
        System.out.println("killed at each of " + kills + " syncs of the store");
        assertThat(kills).isGreaterThan(JOBS);
        return;
      }
      kills++;
    }
    throw new AssertionError("it never came to its end");
  }

  @Test
  void killedAtAnyWriteNothingThatWasToldIsLost() throws Exception {
    long seed = Long.getLong("windlass.tests.seed", System.nanoTime());
    System.out.println("seed of the writes: -Dwindlass.tests.seed=" + seed);
    Random random = new Random(seed);
    int kills = 0;
    // Some of some hundred, spread over all.
    for (int call = 1; call < MOST_CALLS; call += 1 + random.nextInt(100)) {
      if (!killed("pwrite64,ftruncate", call)) {
        break;
      }
      kills++;
    }
    System.out.println("killed at " + kills + " writes of the store");
    assertThat(kills).isGreaterThan(1);
  }

  /** Kills a host at one call; false if it came to its end before that. */
  private boolean killed(String calls, int call) throws Exception {
    Path engine = directory.resolve(calls + call);
    Told told = run(engine, "once", calls, "signal=SIGKILL:when=" + call);
    check(engine, told);
    return told.exitValue() != 0;
  }

  @Test
  void aSyncThatFailsAtTheOpeningIsToldAndTheNextOpeningGoesOn() throws Exception {
    for (int call = 1; call <= OPENING_SYNCS; call++) {
      Path engine = directory.resolve("opening" + call);
      Told told = run(engine, "once", SYNCS, "error=EIO:when=" + call);
      assertThat(told.lines()).containsExactly("unopened engine STORE_UNAVAILABLE");
      check(engine, told);
    }
  }

  @Test
  void aSyncThatFailsOnceIsNeverTakenForASuccess() throws Exception {
    int atCommits = 0;
    for (int call = FIRST_COMMIT; atCommits < 3; call++) {
      Path engine = directory.resolve("once" + call);
      Told told = run(engine, "patient", SYNCS, "error=EIO:when=" + call);
      assertThat(told.exitValue()).isZero();
      if (atCommits == 0 && told.lines().equals(List.of("unopened engine STORE_UNAVAILABLE"))) {
        continue; // it was one of the last syncs of the opening
      }
      atCommits++;
      assertThat(told.lines())
          .as("it goes on")
          .last()
          .asString()
          .startsWith("finished job" + (PATIENT_JOBS - 1));
      check(engine, told);
    }
  }

  @Test
  void aDiskThatHasFailedForGoodIsSaidSoAndNothingIsLost() throws Exception {
    for (int call = FIRST_COMMIT; call < FIRST_COMMIT + 2; call++) {
      failForGood(SYNCS, call);
      // There are about ten writes to a sync.
      failForGood("pwrite64", 10 * call);
    }
  }

  private void failForGood(String calls, int call) throws Exception {
    Path engine = directory.resolve(calls + "-from-" + call);
    Told told = run(engine, "once", calls, "error=EIO:when=" + call + "+");
    assertThat(told.exitValue()).isZero();
    assertThat(told.lines()).last().asString().endsWith(" STORE_UNAVAILABLE");
    check(engine, told);
  }

  /** What was told is so; what was refused is not there; the file is sound and goes on. */
  private static void check(Path engine, Told told) throws Exception {
    try (Engine again = StoreHost.open(engine)) {
      List<JobStatus> jobs = again.jobs(JobQuery.all()).items();
      List<String> names = jobs.stream().map(JobStatus::name).toList();
      assertThat(names).doesNotHaveDuplicates();
      assertThat(jobs.stream().map(job -> job.id().value())).containsAll(told.ids("accepted"));
      for (String finished : told.ids("finished")) {
        assertThat(again.job(new JobId(finished)).state()).isEqualTo(State.FINISHED);
      }
      for (JobStatus job : jobs) {
        assertThat(again.await(job.id()).state()).isEqualTo(State.FINISHED);
      }
      for (String finished : told.ids("finished")) {
        List<AttemptStatus> attempts =
            again.attempts(Trial.instance(new JobId(finished), "only", 0));
        assertThat(attempts.get(attempts.size() - 1).outcome()).isPresent();
      }
    }
    assertThat(integrity(engine.resolve("state.db"))).isEqualTo("ok");
  }

  private static String integrity(Path file) throws Exception {
    assertThat(Files.size(file)).isPositive();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA integrity_check")) {
      return result.getString(1);
    }
  }
}
