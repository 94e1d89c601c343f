package dev.windlass.core.execution;

import dev.windlass.Manifest;
import dev.windlass.core.job.Data;
import dev.windlass.core.job.TaskPlan;
import dev.windlass.core.staging.Mask;
import dev.windlass.core.staging.RunFiles;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on its way through an executor, from its launch or its recovery to its release. Safe
 * for use by several threads: all fields are guarded by the drive itself.
 */
final class Drive {

  /** What is known of how the program ended. */
  record End(Instant at, Outcome outcome, Usage usage) {}

  final AttemptId id;
  final String executor;

  /** Where it was placed; empty if an earlier life of the host did not say. */
  final Optional<RunFiles.Note> place;

  /** Held during a call of the executor about this attempt, so that there is one at a time. */
  final Object calls = new Object();

  private @Nullable TaskPlan plan;
  private boolean handedOver;
  private @Nullable Duration cancelGrace;
  private @Nullable Instant started;
  private long startedNanos;
  private @Nullable End end;
  private boolean concluding;
  private @Nullable End concluded;
  private boolean published;
  private long bytesStaged;
  private Manifest outputs = Manifest.empty();

  /** Variable to value; empty after a restart. */
  private Map<String, String> secrets = Map.of();

  private Mask mask = Mask.NONE;

  Drive(AttemptId id, String executor, Optional<RunFiles.Note> place) {
    this.id = id;
    this.executor = executor;
    this.place = place;
  }

  /** Notes what is given to the program and nobody else is to see. */
  synchronized void secrets(Map<String, String> values) {
    secrets = values;
    mask = Mask.of(values.values());
  }

  synchronized Map<String, String> secrets() {
    return secrets;
  }

  /** A mask over the secrets, as far as they are known in this life of the host. */
  synchronized Mask mask() {
    return mask;
  }

  /** Notes how much was copied in. */
  synchronized void staged(long bytes) {
    bytesStaged = bytes;
  }

  /** Notes what was published as outputs. */
  synchronized void published(Manifest all) {
    outputs = all;
  }

  synchronized Data data() {
    return new Data(bytesStaged, outputs);
  }

  synchronized void plan(TaskPlan known) {
    plan = known;
  }

  synchronized Optional<TaskPlan> plan() {
    return Optional.ofNullable(plan);
  }

  /** Asks for the end; true if the executor has the attempt and must be told. */
  synchronized boolean cancel(Duration grace) {
    cancelGrace = grace;
    return handedOver && end == null;
  }

  synchronized boolean isCancelled() {
    return cancelGrace != null;
  }

  synchronized Optional<Duration> cancelGrace() {
    return Optional.ofNullable(cancelGrace);
  }

  /**
   * From now on the executor has the attempt; false if it was cancelled before, and is not to be
   * given.
   */
  synchronized boolean handOver() {
    if (cancelGrace != null) {
      return false;
    }
    handedOver = true;
    return true;
  }

  /** The executor has the attempt from an earlier life of the host. */
  synchronized void wasHandedOver() {
    handedOver = true;
  }

  /**
   * Notes the start; false if it is not news.
   *
   * @param sinceNanos when it was, by the clock that never jumps
   */
  synchronized boolean started(Instant at, long sinceNanos) {
    if (started != null || end != null) {
      return false;
    }
    started = at;
    startedNanos = sinceNanos;
    return true;
  }

  /** How long its program has run; empty if it does not run. */
  synchronized Optional<Duration> running(long nowNanos) {
    return started == null || end != null
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(nowNanos - startedNanos));
  }

  synchronized Optional<Instant> started() {
    return Optional.ofNullable(started);
  }

  /** Notes the end; false if it is not news. */
  synchronized boolean ended(End how) {
    if (end != null) {
      return false;
    }
    end = new End(how.at(), MaskedOutcome.of(how.outcome(), mask), how.usage());
    return true;
  }

  /** How it ended, if it has and nobody has begun to conclude it. */
  synchronized Optional<End> unconcluded() {
    return concluding ? Optional.empty() : Optional.ofNullable(end);
  }

  /**
   * Begins to conclude; empty if the attempt has not ended or somebody concludes it already. May be
   * concluded again if its outputs were held back: a core made anew may accept what the one before
   * it did not.
   */
  synchronized Optional<End> beginConcluding() {
    boolean heldBack = concluded != null && !published;
    if (end == null || (concluding && !heldBack)) {
      return Optional.empty();
    }
    concluding = true;
    concluded = null;
    return Optional.of(end);
  }

  /**
   * Notes that all there is to publish was published, or could not be.
   *
   * @param all whether that includes the outputs
   */
  synchronized void concluded(End how, boolean all) {
    concluded = how;
    published = all;
  }

  /** Whether the outputs were published too, or tried to be. */
  synchronized boolean isPublished() {
    return published;
  }

  synchronized Optional<End> concluded() {
    return Optional.ofNullable(concluded);
  }
}
