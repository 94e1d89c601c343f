package dev.windlass.testkit.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.windlass.core.description.JobJson;
import dev.windlass.event.Event;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One line of a recording, read. Nested objects are kept as their text. */
final class LineReader {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Map<String, String> fields = new HashMap<>();

  private LineReader() {}

  /**
   * Reads the fields of an object.
   *
   * @throws IOException if it is not JSON
   * @throws IllegalArgumentException if it is not an object
   */
  static LineReader of(String line) throws IOException {
    LineReader reader = new LineReader();
    try (JsonParser parser = FACTORY.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("must be an object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        reader.fields.put(name, value.isStructStart() ? whole(line, parser) : parser.getText());
      }
    }
    return reader;
  }

  /** A nested object as it was written. */
  private static String whole(String line, JsonParser parser) throws IOException {
    int begin = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    return line.substring(begin, (int) parser.currentLocation().getCharOffset());
  }

  private String text(String field) {
    String value = fields.get(field);
    if (value == null) {
      throw new IllegalArgumentException("has no field '" + field + "'");
    }
    return value;
  }

  void checkHeader() {
    int version = Integer.parseInt(text("windlassRecording"));
    if (version != Lines.VERSION) {
      throw new IllegalArgumentException(
          "is of version " + version + "; this can be read: " + Lines.VERSION);
    }
  }

  boolean isSubmission() {
    return text("kind").equals("submitted");
  }

  Recording.Submission submission() {
    return new Recording.Submission(job(), at(), JobJson.read(text("description")));
  }

  Event.JobEvent event() {
    return switch (Event.Kind.valueOf(text("kind"))) {
      case JOB_CHANGED -> new Event.JobChanged(job(), at(), state(), text("message"));
      case JOB_DELETED -> new Event.JobDeleted(job(), at());
      case PRIORITY_CHANGED ->
          new Event.PriorityChanged(job(), at(), Integer.parseInt(text("priority")));
      case TASK_CHANGED -> new Event.TaskChanged(job(), at(), task(), state());
      case INSTANCE_CHANGED ->
          new Event.InstanceChanged(
              new InstanceId(job(), task(), Integer.parseInt(text("index"))),
              at(),
              state(),
              outcome());
      case ATTEMPT_STARTED -> new Event.AttemptStarted(attempt(), at(), text("node"));
      case ATTEMPT_ENDED ->
          new Event.AttemptEnded(
              attempt(),
              at(),
              outcome().orElseThrow(() -> new IllegalArgumentException("has no field 'outcome'")));
      case CLUSTER_CHANGED, NODE_CHANGED ->
          throw new IllegalArgumentException("is not about a job");
    };
  }

  private JobId job() {
    return new JobId(text("job"));
  }

  private TaskName task() {
    return new TaskName(text("task"));
  }

  private AttemptId attempt() {
    return AttemptId.parse(text("attempt"));
  }

  private Instant at() {
    return Instant.parse(text("at"));
  }

  private State state() {
    return State.valueOf(text("state"));
  }

  private Optional<Outcome> outcome() {
    if (!fields.containsKey("outcome")) {
      return Optional.empty();
    }
    try {
      return Optional.of(of(text("outcome")).asOutcome());
    } catch (IOException e) {
      throw new IllegalArgumentException("has an outcome that is not JSON", e);
    }
  }

  private Outcome asOutcome() {
    return switch (Outcome.Kind.valueOf(text("kind"))) {
      case EXITED -> new Outcome.Exited(Integer.parseInt(text("code")));
      case SIGNALLED -> new Outcome.Signalled(Integer.parseInt(text("signal")));
      case TIMED_OUT -> new Outcome.TimedOut(Duration.parse(text("limit")));
      case OUT_OF_MEMORY -> new Outcome.OutOfMemory(text("reason"));
      case LOST -> new Outcome.Lost(text("reason"));
      case REFUSED -> new Outcome.Refused(text("reason"), isRetryable());
      case STAGE_IN_FAILED -> new Outcome.StageInFailed(text("reason"), isRetryable());
      case STAGE_OUT_FAILED -> new Outcome.StageOutFailed(text("reason"), isRetryable());
      case CANCELLED -> new Outcome.Cancelled();
    };
  }

  private boolean isRetryable() {
    return Boolean.parseBoolean(text("retryable"));
  }
}
