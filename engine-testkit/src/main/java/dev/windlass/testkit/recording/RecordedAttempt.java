package dev.windlass.testkit.recording;

import dev.windlass.event.Event;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import dev.windlass.testkit.script.ProgramEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a recording tells of one attempt. */
final class RecordedAttempt {
  private @Nullable Instant started;
  private @Nullable Instant ended;
  private @Nullable Outcome outcome;

  /** The engine had decided that it must end. */
  private boolean endedByEngine;

  private RecordedAttempt() {}

  /** All attempts of a recording. */
  static Map<AttemptId, RecordedAttempt> all(List<Event.JobEvent> events) {
    Map<AttemptId, RecordedAttempt> attempts = new HashMap<>();
    Map<InstanceId, State> states = new HashMap<>();
    for (Event.JobEvent event : events) {
      if (event instanceof Event.InstanceChanged changed) {
        states.put(changed.instance(), changed.state());
      } else if (event instanceof Event.AttemptStarted begun) {
        of(begun.attempt(), attempts).started = begun.at();
      } else if (event instanceof Event.AttemptEnded over) {
        RecordedAttempt attempt = of(over.attempt(), attempts);
        attempt.ended = over.at();
        attempt.outcome = over.outcome();
        attempt.endedByEngine = states.get(over.attempt().instance()) == State.STOPPED;
      }
    }
    return attempts;
  }

  private static RecordedAttempt of(AttemptId id, Map<AttemptId, RecordedAttempt> attempts) {
    return attempts.computeIfAbsent(id, key -> new RecordedAttempt());
  }

  /**
   * How it ends in a replay.
   *
   * @param now when its program begins there, by the clock of the recording
   */
  ProgramEnd end(Instant now) {
    if (ended == null || outcome == null || isTheEngines(outcome)) {
      return ProgramEnd.never();
    }
    Instant begun = Optional.ofNullable(started).orElse(ended);
    boolean late = now.isAfter(begun);
    Duration left = late ? Duration.between(begun, ended) : Duration.between(now, ended);
    // The clock on the wall of the recorded host may have been set back.
    return ProgramEnd.of(outcome).after(left.isNegative() ? Duration.ZERO : left);
  }

  /** The engine ends it once more, at the time at which it decides so. */
  private boolean isTheEngines(Outcome how) {
    return switch (how.kind()) {
      case TIMED_OUT -> true;
      case CANCELLED -> endedByEngine;
      case EXITED, SIGNALLED, OUT_OF_MEMORY, LOST, REFUSED, STAGE_IN_FAILED, STAGE_OUT_FAILED ->
          false;
    };
  }
}
