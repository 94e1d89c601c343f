package dev.windlass.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.windlass.JobOperation;
import dev.windlass.event.Event;
import dev.windlass.event.Notification;
import dev.windlass.event.RecordedEvent;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * Events as JSON, as a {@link Webhook} sends them and {@code windlass events} prints them. States
 * and notifications are written as the service writes them. Fields may be added; none is renamed.
 */
public final class EventJson {

  /** What people are told may be long; a receiver that wants all of it asks the host. */
  private static final int MOST_TEXT = 4_000;

  private static final JsonFactory FACTORY = new JsonFactory();

  private EventJson() {}

  @FunctionalInterface
  private interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] object(Members members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new AssertionError("bytes in memory cannot fail to be written", impossible);
    }
    return bytes.toByteArray();
  }

  /** Events were purged before they could be sent. */
  static byte[] missed(long first, long last) {
    return object(
        json -> {
          json.writeStringField("kind", "EVENTS_MISSED");
          json.writeNumberField("first", first);
          json.writeNumberField("last", last);
        });
  }

  /**
   * Writes an event. May be called from any thread.
   *
   * @param recorded the event and its place in the journal
   * @return one JSON object in UTF-8, without line feeds; texts for people are cut after 4000
   *     characters
   */
  public static byte[] of(RecordedEvent recorded) {
    Event event = recorded.event();
    return object(
        json -> {
          json.writeNumberField("position", recorded.position());
          json.writeStringField("at", event.at().toString());
          json.writeStringField("kind", event.kind().name());
          Optional<Notification> name = Notification.of(event);
          if (name.isPresent()) {
            json.writeStringField("notification", name.get().serviceName());
          }
          if (event instanceof Event.JobEvent of) {
            json.writeStringField("job", of.job().value());
          } else if (event instanceof Event.ClusterEvent of) {
            json.writeStringField("cluster", of.cluster().value());
          }
          details(event, json);
        });
  }

  private static void details(Event event, JsonGenerator json) throws IOException {
    switch (event.kind()) {
      case JOB_CHANGED -> {
        Event.JobChanged changed = (Event.JobChanged) event;
        json.writeStringField("state", changed.state().serviceName());
        text(json, "message", changed.message());
      }
      case JOB_DELETED -> {}
      case JOB_OPERATED -> {
        Event.JobOperated operated = (Event.JobOperated) event;
        json.writeStringField("operation", operated.operation().kind().name());
        if (operated.operation() instanceof JobOperation.SetPriority to) {
          json.writeNumberField("priority", to.priority());
        } else if (operated.operation() instanceof JobOperation.RestartFrom from) {
          json.writeStringField("task", from.task().value());
        }
        text(json, "reason", operated.reason());
      }
      case TASK_CHANGED -> {
        Event.TaskChanged changed = (Event.TaskChanged) event;
        json.writeStringField("task", changed.task().value());
        json.writeStringField("state", changed.state().serviceName());
      }
      case INSTANCE_CHANGED -> {
        Event.InstanceChanged changed = (Event.InstanceChanged) event;
        instance(json, changed.instance());
        json.writeStringField("state", changed.state().serviceName());
        if (changed.outcome().isPresent()) {
          outcome(json, changed.outcome().get());
        }
      }
      case ATTEMPT_STARTED -> {
        Event.AttemptStarted started = (Event.AttemptStarted) event;
        attempt(json, started.attempt());
        json.writeStringField("node", started.node());
      }
      case ATTEMPT_ENDED -> {
        Event.AttemptEnded ended = (Event.AttemptEnded) event;
        attempt(json, ended.attempt());
        outcome(json, ended.outcome());
      }
      case CLUSTER_CHANGED ->
          json.writeStringField("state", ((Event.ClusterChanged) event).state().serviceName());
      case NODE_CHANGED -> {
        Event.NodeChanged changed = (Event.NodeChanged) event;
        json.writeStringField("node", changed.node());
        json.writeStringField("state", changed.state().serviceName());
        text(json, "message", changed.message());
      }
    }
  }

  private static void instance(JsonGenerator json, InstanceId instance) throws IOException {
    json.writeStringField("task", instance.task().value());
    json.writeNumberField("instance", instance.index());
  }

  private static void attempt(JsonGenerator json, AttemptId attempt) throws IOException {
    instance(json, attempt.instance());
    json.writeNumberField("attempt", attempt.number());
  }

  private static void outcome(JsonGenerator json, Outcome outcome) throws IOException {
    json.writeObjectFieldStart("outcome");
    json.writeStringField("kind", outcome.kind().name());
    json.writeBooleanField("success", outcome.isSuccess());
    text(json, "text", outcome.describe());
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, String text) throws IOException {
    json.writeStringField(
        name, text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "...");
  }
}
