package dev.windlass.executor.local;

import dev.windlass.executor.AttemptReport;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt as this JVM knows it. What must survive the JVM is in its {@link Evidence} and not
 * here.
 *
 * <p>Once handed to the {@link Watcher}, all but {@link #latest} is used by the watcher's thread
 * only.
 */
final class Attempt {

  /**
   * Where an attempt stands; each leads to the next, and CLEANING may be entered from the first
   * two.
   */
  enum Phase {
    /** The launcher is on its way; the program has not been seen to begin. */
    STARTING,
    /** The program has begun. */
    RUNNING,
    /** The launcher is gone; what it left behind is being ended. */
    CLEANING,
    /** Nothing of it runs; the outcome is known. Final. */
    ENDED
  }

  /** As good as for ever, and small enough for arithmetic in nanoseconds. */
  private static final Duration LONGEST_GRACE = Duration.ofDays(10_000);

  private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

  private final Evidence evidence;
  private final String cookie;
  private Optional<ControlGroup> group;
  private @Nullable Process launcher;
  private Phase phase = Phase.STARTING;
  private boolean outlivedLauncher;
  private Optional<Outcome> decided = Optional.empty();
  private int emptySweeps;

  private boolean cancelling;
  private boolean termSent;
  private long killAtNanos;

  /** What was last reported; null before the first report. */
  private volatile @Nullable AttemptReport latest;

  private Attempt(Evidence evidence, String engineId, Optional<ControlGroup> group) {
    this.evidence = evidence;
    this.cookie = engineId + "/" + evidence.id();
    this.group = group;
  }

  /** One that is about to be launched, unless there is evidence of it. */
  static Attempt fresh(Evidence evidence, String engineId) {
    return new Attempt(evidence, engineId, Optional.empty());
  }

  /** One of an earlier life of the host. */
  static Attempt ofEarlierLife(Evidence evidence, String engineId) {
    return new Attempt(evidence, engineId, ControlGroup.parse(evidence.read("groups")));
  }

  AttemptId id() {
    return evidence.id();
  }

  Evidence evidence() {
    return evidence;
  }

  String cookie() {
    return cookie;
  }

  Optional<ControlGroup> group() {
    return group;
  }

  Phase phase() {
    return phase;
  }

  @Nullable AttemptReport latest() {
    return latest;
  }

  boolean isCancelling() {
    return cancelling;
  }

  /** True if the end of the launcher has to be looked for, because this JVM is not its parent. */
  boolean isAdopted() {
    return launcher == null;
  }

  void belongsTo(ControlGroup ownGroup) {
    group = Optional.of(ownGroup);
  }

  void launchedBy(Process process) {
    launcher = process;
  }

  /** Says that the launcher was certainly not started, and why. */
  void neverLaunched(Outcome outcome) {
    decided = Optional.of(outcome);
    phase = Phase.CLEANING;
  }

  /** Says that the claim was taken from outside, so that a launcher on its way will turn back. */
  void fenced() {
    phase = Phase.CLEANING;
  }

  /**
   * Looks at the evidence and moves on; CLEANING is left by {@link #swept}.
   *
   * @return the report of its start, once
   * @throws java.io.UncheckedIOException if it cannot be seen now; nothing has changed then
   */
  Optional<AttemptReport> look() {
    // In this order: what the launcher wrote before it ended is then seen.
    boolean gone = phase != Phase.CLEANING && isLauncherGone();
    Optional<ProcessIdentity> program =
        gone || phase == Phase.STARTING ? evidence.program() : Optional.empty();
    Optional<AttemptReport> start =
        program
            .filter(begun -> phase == Phase.STARTING)
            .map(begun -> evidence.startedAt().orElseGet(Instant::now))
            .map(at -> new AttemptReport.Started(id(), at));
    boolean runs = gone && program.filter(ProcessIdentity::isAlive).isPresent();
    if (start.isPresent()) {
      phase = Phase.RUNNING;
      latest = start.get();
    }
    if (gone) {
      outlivedLauncher = runs;
      phase = Phase.CLEANING;
    }
    return start;
  }

  private boolean isLauncherGone() {
    return launcher != null
        ? !launcher.isAlive()
        : evidence.launcher().filter(ProcessIdentity::isAlive).isEmpty();
  }

  /** Whom to look for in {@code /proc}, if that is how it must be done. */
  Optional<Sweep.Quarry> quarry() {
    boolean ended = phase == Phase.CLEANING;
    // A launcher that could not write its record may have left its waiting helper, which is in no
    // group.
    boolean bare = group.isEmpty() || (ended && evidence.endedAt().isEmpty());
    return bare && decided.isEmpty()
        ? Optional.of(new Sweep.Quarry(cookie, evidence.launcher(), evidence.program(), !ended))
        : Optional.empty();
  }

  /**
   * Takes the result of a sweep while CLEANING.
   *
   * @param found what still runs; it is killed
   * @return the final report, once two sweeps in a row have found nothing
   * @throws java.io.UncheckedIOException if it cannot be seen now; to be asked again
   */
  Optional<AttemptReport> swept(List<ProcFs.Stat> found) {
    boolean empty = found.isEmpty() && group.map(ControlGroup::isEmpty).orElse(true);
    emptySweeps = empty ? emptySweeps + 1 : 0;
    if (!empty) {
      kill(found);
    }
    // A group forgets nobody; the walk over /proc may, hence the second look.
    if (emptySweeps < (quarry().isPresent() ? 2 : 1)) {
      return Optional.empty();
    }
    Outcome outcome = decided.orElseGet(() -> Verdict.outcome(evidence, group, outlivedLauncher));
    Usage usage = decided.isPresent() ? Usage.unknown() : usage();
    Instant at = evidence.endedAt().orElseGet(Instant::now);
    AttemptReport end = new AttemptReport.Ended(id(), at, outcome, usage);
    phase = Phase.ENDED;
    latest = end;
    return Optional.of(end);
  }

  /** What cannot be read of it is not worth that the end waits. */
  private Usage usage() {
    try {
      return Verdict.usage(evidence, group);
    } catch (UncheckedIOException e) {
      LOG.debug("attempt {}: what it used is not known", id(), e);
      return Usage.unknown();
    }
  }

  /** Asks for the end; a later call can only shorten the grace period. */
  void cancel(Duration grace, long nowNanos) {
    if (phase == Phase.CLEANING || phase == Phase.ENDED) {
      return;
    }
    Duration bounded = grace.compareTo(LONGEST_GRACE) > 0 ? LONGEST_GRACE : grace;
    long deadline = nowNanos + bounded.toNanos();
    killAtNanos = cancelling && killAtNanos - deadline < 0 ? killAtNanos : deadline;
    if (cancelling) {
      return;
    }
    cancelling = true;
    try {
      evidence.markCancelled();
      if (evidence.takeClaim()) {
        evidence.recordFence(Verdict.CANCELLED);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("attempt {}: its cancellation cannot be written down: {}", id(), e.toString());
    }
  }

  /**
   * While cancelling: TERM once there is somebody to get it, KILL when the grace period is over.
   */
  void press(List<ProcFs.Stat> found, long nowNanos) {
    if (killAtNanos - nowNanos <= 0) {
      kill(found);
      return;
    }
    if (!termSent) {
      List<ProcFs.Stat> members = new ArrayList<>(found);
      group.ifPresent(own -> members.addAll(own.members()));
      members.forEach(process -> ProcessIdentity.signal(process, false));
      termSent = !members.isEmpty() && evidence.program().isPresent();
    }
  }

  /** True if {@link #press} has something to do now. */
  boolean isPressing(long nowNanos) {
    boolean live = phase == Phase.STARTING || phase == Phase.RUNNING;
    return cancelling && live && (!termSent || killAtNanos - nowNanos <= 0);
  }

  private void kill(List<ProcFs.Stat> found) {
    group.filter(own -> !own.isEmpty()).ifPresent(ControlGroup::kill);
    found.forEach(process -> ProcessIdentity.signal(process, true));
  }
}
