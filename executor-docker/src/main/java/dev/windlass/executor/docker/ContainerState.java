package dev.windlass.executor.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the Docker engine says of a container.
 *
 * @param id the Docker engine's own id of it; empty if there is none
 * @param phase where it stands
 * @param startedAt when it began; empty if it never did, whatever its exit code says
 * @param finishedAt when it ended; empty if it has not
 * @param exitCode 128 + n for an end by signal n too
 * @param oomKilled true if the kernel killed any process of it for want of memory
 * @param error why it could not be started; empty if it could
 * @param labels all of its labels
 */
record ContainerState(
    String id,
    Phase phase,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    int exitCode,
    boolean oomKilled,
    String error,
    Map<String, String> labels) {

  /** Where a container stands. */
  enum Phase {
    /** There is none of that name. */
    ABSENT,
    /** Made, and never started; or a start has failed. */
    CREATED,
    /** Started and not over; it may be paused. */
    RUNNING,
    /** Over. */
    ENDED,
    /** Somebody is removing it. */
    REMOVING
  }

  static final ContainerState ABSENT =
      new ContainerState(
          "", Phase.ABSENT, Optional.empty(), Optional.empty(), 0, false, "", Map.of());

  /** The same, without the kernel's word about memory. */
  ContainerState withoutOomKill() {
    return new ContainerState(id, phase, startedAt, finishedAt, exitCode, false, error, labels);
  }

  /**
   * Reads the answer to {@code GET /containers/ID/json}, of which this is a small part. By hand:
   * the whole, as objects, costs more than the call.
   */
  static ContainerState of(JsonNode answer) {
    JsonNode state = answer.path("State");
    Map<String, String> labels = new HashMap<>();
    answer
        .path("Config")
        .path("Labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText("")));
    return new ContainerState(
        answer.path("Id").asText(""),
        phase(state.path("Status").asText("")),
        time(state.path("StartedAt").asText("")),
        time(state.path("FinishedAt").asText("")),
        state.path("ExitCode").asInt() & 0xff,
        state.path("OOMKilled").asBoolean(),
        state.path("Error").asText(""),
        Map.copyOf(labels));
  }

  private static Phase phase(String status) {
    return switch (status) {
      case "created" -> Phase.CREATED;
      case "exited", "dead" -> Phase.ENDED;
      case "removing" -> Phase.REMOVING;
      default -> Phase.RUNNING;
    };
  }

  /** The engine writes the year 1 for what has not happened. */
  private static Optional<Instant> time(String text) {
    if (text.isEmpty() || text.startsWith("0001-")) {
      return Optional.empty();
    }
    return Optional.of(Instant.parse(text));
  }
}
