package dev.windlass.testkit.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.windlass.core.description.JobJson;
import dev.windlass.event.Event;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;

/** From events to the lines of a recording. */
final class Lines {
  static final int VERSION = 1;

  private static final JsonFactory FACTORY = new JsonFactory();

  private Lines() {}

  @FunctionalInterface
  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static String line(Body body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new AssertionError("a string cannot fail to be written", impossible);
    }
    return text.toString();
  }

  /** The first line. */
  static String header() {
    return line(json -> json.writeNumberField("windlassRecording", VERSION));
  }

  /** A job that was accepted. */
  static String of(JobId job, Instant at, JobDescription description) {
    return line(
        json -> {
          begin(json, "submitted", at);
          json.writeStringField("job", job.value());
          json.writeFieldName("description");
          json.writeRawValue(JobJson.writeCompact(description));
        });
  }

  private static void begin(JsonGenerator json, String kind, Instant at) throws IOException {
    json.writeStringField("kind", kind);
    json.writeStringField("at", at.toString());
  }

  /** An event. */
  static String of(Event.JobEvent event) {
    return line(
        json -> {
          begin(json, event.kind().name(), event.at());
          switch (event.kind()) {
            case JOB_CHANGED -> job((Event.JobChanged) event, json);
            case PRIORITY_CHANGED -> {
              json.writeStringField("job", event.job().value());
              json.writeNumberField("priority", ((Event.PriorityChanged) event).priority());
            }
            case JOB_DELETED -> json.writeStringField("job", event.job().value());
            case TASK_CHANGED -> task((Event.TaskChanged) event, json);
            case INSTANCE_CHANGED -> instance((Event.InstanceChanged) event, json);
            case ATTEMPT_STARTED -> started((Event.AttemptStarted) event, json);
            case ATTEMPT_ENDED -> ended((Event.AttemptEnded) event, json);
            case CLUSTER_CHANGED, NODE_CHANGED ->
                throw new AssertionError("not an event of a job: " + event);
          }
        });
  }

  private static void job(Event.JobChanged event, JsonGenerator json) throws IOException {
    json.writeStringField("job", event.job().value());
    json.writeStringField("state", event.state().name());
    json.writeStringField("message", event.message());
  }

  private static void task(Event.TaskChanged event, JsonGenerator json) throws IOException {
    json.writeStringField("job", event.job().value());
    json.writeStringField("task", event.task().value());
    json.writeStringField("state", event.state().name());
  }

  private static void instance(Event.InstanceChanged event, JsonGenerator json) throws IOException {
    json.writeStringField("job", event.job().value());
    json.writeStringField("task", event.instance().task().value());
    json.writeNumberField("index", event.instance().index());
    json.writeStringField("state", event.state().name());
    if (event.outcome().isPresent()) {
      outcome(event.outcome().get(), json);
    }
  }

  private static void started(Event.AttemptStarted event, JsonGenerator json) throws IOException {
    json.writeStringField("attempt", event.attempt().toString());
    json.writeStringField("node", event.node());
  }

  private static void ended(Event.AttemptEnded event, JsonGenerator json) throws IOException {
    json.writeStringField("attempt", event.attempt().toString());
    outcome(event.outcome(), json);
  }

  private static void outcome(Outcome outcome, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("outcome");
    json.writeStringField("kind", outcome.kind().name());
    if (outcome instanceof Outcome.Exited exited) {
      json.writeNumberField("code", exited.code());
    } else if (outcome instanceof Outcome.Signalled signalled) {
      json.writeNumberField("signal", signalled.signal());
    } else if (outcome instanceof Outcome.TimedOut timedOut) {
      json.writeStringField("limit", timedOut.limit().toString());
    } else if (outcome instanceof Outcome.OutOfMemory memory) {
      json.writeStringField("reason", memory.evidence());
    } else if (outcome instanceof Outcome.Lost lost) {
      json.writeStringField("reason", lost.reason());
    } else if (outcome instanceof Outcome.Refused refused) {
      failed(refused.reason(), refused.retryable(), json);
    } else if (outcome instanceof Outcome.StageInFailed failed) {
      failed(failed.reason(), failed.retryable(), json);
    } else if (outcome instanceof Outcome.StageOutFailed failed) {
      failed(failed.reason(), failed.retryable(), json);
    }
    json.writeEndObject();
  }

  private static void failed(String reason, boolean retryable, JsonGenerator json)
      throws IOException {
    json.writeStringField("reason", reason);
    json.writeBooleanField("retryable", retryable);
  }
}
