package dev.windlass.executor.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  static ContainerState of(InspectContainerResponse answer) {
    var state = answer.getState();
    Map<String, String> labels = answer.getConfig().getLabels();
    Long code = state.getExitCodeLong();
    String error = state.getError();
    return new ContainerState(
        String.valueOf(answer.getId()),
        phase(state),
        time(state.getStartedAt()),
        time(state.getFinishedAt()),
        code == null ? 0 : code.intValue() & 0xff,
        Boolean.TRUE.equals(state.getOOMKilled()),
        error == null ? "" : error,
        labels == null ? Map.of() : Map.copyOf(labels));
  }

  private static Phase phase(InspectContainerResponse.ContainerState state) {
    String status = state.getStatus();
    return switch (status == null ? "" : status) {
      case "created" -> Phase.CREATED;
      case "exited", "dead" -> Phase.ENDED;
      case "removing" -> Phase.REMOVING;
      default -> Phase.RUNNING;
    };
  }

  /** The engine writes the year 1 for what has not happened. */
  private static Optional<Instant> time(@Nullable String text) {
    if (text == null || text.isEmpty() || text.startsWith("0001-")) {
      return Optional.empty();
    }
    return Optional.of(Instant.parse(text));
  }
}
