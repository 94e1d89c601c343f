package dev.windlass.executor.docker;

import dev.windlass.job.Outcome;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * From what is known of a container that is over to the outcome of its attempt.
 *
 * <p>The Docker engine answers 137 for a program that exited with 137, one that was killed from
 * outside, one whose memory was used up and one that the engine itself ended when it stopped. What
 * tells them apart is the flag of the kernel's kill and the event stream. Where the end came
 * unseen, a code that an end from outside would have left proves nothing.
 */
final class Verdict {

  private static final int KILLED = 128 + 9;
  private static final int TERMINATED = 128 + 15;

  /** What the Docker engine and the kernel say if the same may succeed later. */
  private static final Pattern TEMPORARY =
      Pattern.compile(
          "(?i)temporarily unavailable|cannot allocate memory|no space left|too many open files"
              + "|device or resource busy|timeout|deadline exceeded");

  private Verdict() {}

  /**
   * What else is known of an end.
   *
   * @param cancelled the engine asked for it
   * @param seen the event stream told of it, so that a signal from outside would have been told too
   * @param outsideSignal the signal that somebody else sent before
   * @param rebooted the host was restarted since the attempt was launched
   * @param oomWitness who told of a kill for want of memory
   */
  record Circumstances(
      boolean cancelled,
      boolean seen,
      Optional<String> outsideSignal,
      boolean rebooted,
      String oomWitness) {}

  /** The outcome of a container that has ended, or was never started and never will be. */
  static Outcome of(ContainerState state, Circumstances known) {
    if (state.startedAt().isEmpty()) {
      return known.cancelled() ? new Outcome.Cancelled() : notStarted(state.error());
    }
    if (known.rebooted()) {
      return new Outcome.Lost("the host was restarted, and what was not yet on disk is gone");
    }
    int code = state.exitCode();
    if (known.cancelled()) {
      return code == 0 ? new Outcome.Exited(0) : new Outcome.Cancelled();
    }
    if (code == KILLED && state.oomKilled()) {
      return new Outcome.OutOfMemory(
          "the kernel killed it for want of memory, as " + known.oomWitness() + " says");
    }
    if (known.outsideSignal().isPresent()) {
      return new Outcome.Lost(
          "the container was ended from outside, by signal " + known.outsideSignal().get());
    }
    if (!known.seen() && (code == KILLED || code == TERMINATED)) {
      return new Outcome.Lost(
          "the container ended unseen with "
              + code
              + ", as the Docker engine leaves it when it stops, or anybody who kills");
    }
    return new Outcome.Exited(code);
  }

  /** The refusal of a container that could not be made or started. */
  static Outcome notStarted(String error) {
    String why = error.isEmpty() ? "the container was not started" : error;
    return new Outcome.Refused(why, error.isEmpty() || TEMPORARY.matcher(error).find());
  }
}
