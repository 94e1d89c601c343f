package dev.windlass.testkit.recording;

import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.Event;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.testkit.engine.TestEngine;
import dev.windlass.testkit.script.ProgramEnd;
import dev.windlass.testkit.script.ScriptedAttempt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One replay of a recording on a test engine. Used once. */
final class Replay {

  /** A job that takes so much longer than it took will not come to the same end. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final Recording recording;
  private final TestEngine test;
  private final Engine engine;
  private final Map<JobId, JobDescription> descriptions;
  private final Map<AttemptId, RecordedAttempt> attempts;
  private final Map<JobId, JobId> recordedOf = new HashMap<>();
  private final Map<JobId, JobId> replayedOf = new HashMap<>();
  private final Instant beginning;
  private final Duration elapsedBefore;

  /** The job that is just being submitted: its attempts may begin before its new id is known. */
  private @Nullable JobId submitting;

  Replay(Recording recording, TestEngine test) {
    this.recording = recording;
    this.test = test;
    this.engine = test.engine();
    this.descriptions =
        recording.submissions().stream()
            .collect(
                Collectors.toMap(Recording.Submission::job, Recording.Submission::description));
    this.attempts = RecordedAttempt.all(recording.events());
    this.beginning =
        recording.events().stream().findFirst().map(Event::at).orElse(test.clock().instant());
    this.elapsedBefore = test.elapsed();
  }

  Recording run() {
    if (!engine.jobs(JobQuery.all()).items().isEmpty()) {
      throw new IllegalStateException("a replay needs a test engine without jobs");
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    test.script().attempts(this::attempt);
    try {
      Recorder recorder = Recorder.start(engine, lines);
      Set<JobId> seen = new HashSet<>();
      for (Event.JobEvent event : recording.events()) {
        advanceTo(event.at());
        repeat(event, seen.add(event.job()));
      }
      waitForTheEnd();
      recorder.close(); // all of it is to be read
      return Recording.parse(lines.toString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void advanceTo(Instant at) {
    Duration left = Duration.between(now(), at);
    if (!left.isNegative() && !left.isZero()) {
      test.advance(left);
    }
  }

  /** By the clock of the recording. */
  private Instant now() {
    return beginning.plus(test.elapsed()).minus(elapsedBefore);
  }

  // ---- what users did ----

  private void repeat(Event.JobEvent event, boolean first) {
    if (first) {
      submit(event.job());
    } else if (event instanceof Event.JobOperated operated) {
      unlessRefused(
          event.job(), job -> engine.manage(job, operated.operation(), operated.reason()));
    }
  }

  private void submit(JobId job) {
    JobDescription description = description(job);
    description.tasks().values().forEach(task -> Surroundings.putInputs(task, test));
    submitting = job;
    JobId replayed = engine.submit(description);
    submitting = null;
    recordedOf.put(replayed, job);
    replayedOf.put(job, replayed);
  }

  private JobDescription description(JobId job) {
    return Objects.requireNonNull(descriptions.get(job), "description");
  }

  /** What the engine refuses now it has decided otherwise before, and that shows. */
  private void unlessRefused(JobId job, Consumer<JobId> operation) {
    try {
      operation.accept(replayed(job));
    } catch (EngineException e) {
      if (e.code() != ErrorCode.STATE_CONFLICT && e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
    }
  }

  private JobId replayed(JobId job) {
    return Objects.requireNonNull(replayedOf.get(job), "replayed job");
  }

  /** Pauses before retries may be a little longer than they were. */
  private void waitForTheEnd() {
    Instant last = now().plus(PATIENCE);
    for (JobId job : Decisions.over(recording)) {
      Duration left = Duration.between(now(), last);
      unlessRefused(job, id -> await(id, left.isNegative() ? Duration.ZERO : left));
    }
  }

  private void await(JobId job, Duration atMost) {
    try {
      var unused = engine.await(job, atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a recording was replayed", e);
    }
  }

  // ---- what programs did ----

  private Optional<ScriptedAttempt> attempt(AttemptId id) {
    JobId job = recordedOf.getOrDefault(id.job(), submitting);
    if (job == null) {
      return Optional.empty(); // not of the recording
    }
    AttemptId recorded =
        new InstanceId(job, id.instance().task(), id.instance().index()).attempt(id.number());
    RecordedAttempt attempt = attempts.get(recorded);
    return Optional.of(run -> attempt == null ? ProgramEnd.never() : attempt.end(now()));
  }
}
