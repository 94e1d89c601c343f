package dev.windlass.testkit.simulation.check;

import dev.windlass.AttemptStatus;
import dev.windlass.Engine;
import dev.windlass.LogKind;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.TaskDescription;
import dev.windlass.testkit.machine.RandomPrograms;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What programs wrote can be read of each attempt, and nothing secret in it. */
final class LogChecker {
  private final Engine engine;
  private final Violations violations;

  LogChecker(Engine engine, Violations violations) {
    this.engine = engine;
    this.violations = violations;
  }

  /**
   * Checks the log of an attempt that is over and whose program has begun.
   *
   * @param all of its instance, in their order
   */
  void check(AttemptStatus attempt, List<AttemptStatus> all, TaskDescription task) {
    boolean isLast = attempt.equals(all.get(all.size() - 1));
    String log;
    try {
      log = read(attempt.id());
    } catch (EngineException e) {
      boolean gaveWay =
          e.code() == ErrorCode.NOT_FOUND
              && !isLast
              && attempt.outcome().map(Outcome::isSuccess).orElse(false);
      violations.unless(gaveWay, "logs stay readable", () -> attempt + ": " + e.getMessage());
      return;
    }
    String begin = RandomPrograms.firstWords(!task.secrets().isEmpty());
    violations.unless(
        log.startsWith(begin.replace(RandomPrograms.SECRET, "*".repeat(begin.length()))),
        "logs stay readable",
        () -> attempt + " reads '" + log + "'");
    violations.unless(
        !log.contains(RandomPrograms.SECRET),
        "what is secret is shown to nobody",
        () -> attempt + " reads '" + log + "'");
  }

  private String read(AttemptId attempt) {
    try (InputStream in = engine.openLog(attempt, LogKind.STDOUT, 0, false)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
