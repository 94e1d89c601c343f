package dev.windlass.executor.local;

import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads from the evidence of an attempt, all of whose processes are gone, how it ended.
 *
 * <p>Nothing is guessed: a code or a signal is what the launcher wrote down; out of memory is the
 * kernel's count, and only if the program died of it; what has no proof is lost, or never started
 * if its program cannot have begun.
 */
final class Verdict {

  /** Why a fence took the claim; written by {@link Evidence#recordFence}. */
  static final String FENCED = "fenced";

  static final String CANCELLED = "cancelled";

  private static final int KILL = 9;

  /** By which a shell passes on that its child was killed. */
  private static final int SHELLS_CODE_FOR_KILL = 128 + KILL;

  /**
   * What fork(2), mount(2) and unshare(2) say when the host is short of something for the moment.
   */
  private static final Pattern TEMPORARY =
      Pattern.compile(
          "temporarily unavailable|Cannot allocate memory|Cannot fork|No space left"
              + "|Too many open files");

  private static final Map<String, String> STEPS =
      Map.of(
          "not-found", "there is no such program",
          "not-executable", "the program is not an executable file",
          "exec", "the kernel cannot execute the program",
          "bindings", "the bindings cannot be made",
          "control-group", "the attempt's control group cannot be entered",
          "setup", "the attempt cannot be set up",
          "command", "the command cannot be set up");

  private static final Pattern TIMES = Pattern.compile("(\\d+)m(\\d+)[.,](\\d+)s");

  private Verdict() {}

  /**
   * How it ended.
   *
   * @param evidence the evidence
   * @param group its control group, still there
   * @param outlivedLauncher true if the program was seen running after its launcher had ended, so
   *     that what the launcher wrote is about something else
   */
  static Outcome outcome(
      Evidence evidence, Optional<ControlGroup> group, boolean outlivedLauncher) {
    if (evidence.isFencedBy(CANCELLED)) {
      return new Outcome.Cancelled();
    }
    if (evidence.isFencedBy(FENCED)) {
      return new Outcome.Refused("never started; the claim was taken by the engine", true);
    }
    if (!evidence.isFromThisBoot()) {
      return new Outcome.Lost("the host was restarted, and what was not yet on disk is gone");
    }
    if (outlivedLauncher) {
      return new Outcome.Lost("the launcher was ended from outside before its program");
    }
    Optional<Outcome> shortage = outOfMemory(evidence, group);
    if (shortage.isPresent()) {
      return shortage.get();
    }
    return evidence.program().isPresent() ? ofBegun(evidence) : ofNotBegun(evidence);
  }

  private static Outcome ofBegun(Evidence evidence) {
    Optional<Integer> code = evidence.exitCode();
    if (code.isPresent()) {
      boolean endedByItself = code.get() == 0 || !evidence.isCancelled();
      return endedByItself ? new Outcome.Exited(code.get()) : new Outcome.Cancelled();
    }
    if (evidence.isCancelled()) {
      return new Outcome.Cancelled();
    }
    return evidence
        .exitSignal()
        .<Outcome>map(Outcome.Signalled::new)
        .orElseGet(() -> new Outcome.Lost("the launcher was ended before it could write a record"));
  }

  private static Outcome ofNotBegun(Evidence evidence) {
    if (evidence.isCancelled()) {
      return new Outcome.Cancelled();
    }
    String complaints = evidence.complaints();
    String detail = complaints.isEmpty() ? "" : ": " + complaints;
    boolean temporary = TEMPORARY.matcher(complaints).find();
    return evidence
        .refusal()
        .map(
            step ->
                new Outcome.Refused(
                    STEPS.getOrDefault(step, "failed at " + step) + detail, temporary))
        .orElseGet(
            () -> {
              // With a record of its end the setup failed by itself; without, it was cut off.
              boolean cutOff = evidence.exitCode().isEmpty();
              return new Outcome.Refused("the program did not begin" + detail, cutOff || temporary);
            });
  }

  private static Optional<Outcome> outOfMemory(Evidence evidence, Optional<ControlGroup> group) {
    boolean killed =
        evidence.exitSignal().filter(signal -> signal == KILL).isPresent()
            || evidence.exitCode().filter(code -> code == SHELLS_CODE_FOR_KILL).isPresent();
    long count =
        killed && !evidence.isCancelled() ? group.map(ControlGroup::oomKills).orElse(0L) : 0;
    if (count == 0) {
      return Optional.empty();
    }
    OptionalLong limit = group.orElseThrow().memoryLimit();
    return Optional.of(
        new Outcome.OutOfMemory(
            "killed by the kernel, which counts "
                + count
                + " such kills in the attempt's control group"
                + (limit.isPresent() ? " of " + limit.getAsLong() + " bytes" : "")));
  }

  /** What it used, as far as the control group or the launcher's {@code times} tell. */
  static Usage usage(Evidence evidence, Optional<ControlGroup> group) {
    Optional<Duration> wall =
        evidence
            .startedAt()
            .flatMap(
                start ->
                    evidence
                        .endedAt()
                        .map(end -> Duration.between(start, end))
                        .filter(duration -> !duration.isNegative()));
    if (evidence.program().isEmpty()) {
      return Usage.unknown();
    }
    Optional<Duration> cpu =
        group.flatMap(ControlGroup::cpuTime).or(() -> childTimes(evidence.read("times")));
    return new Usage(
        wall, cpu, group.map(ControlGroup::peakMemoryBytes).orElse(OptionalLong.empty()));
  }

  /** The second line of the output of {@code times}: user and system time of the children. */
  static Optional<Duration> childTimes(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length < 2) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    Matcher matcher = TIMES.matcher(lines[1]);
    while (matcher.find()) {
      String fraction = (matcher.group(3) + "000000000").substring(0, 9);
      sum =
          sum.plusMinutes(Long.parseLong(matcher.group(1)))
              .plusSeconds(Long.parseLong(matcher.group(2)))
              .plusNanos(Long.parseLong(fraction));
    }
    return Optional.of(sum);
  }
}
