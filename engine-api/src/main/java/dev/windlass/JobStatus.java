package dev.windlass;

import dev.windlass.job.JobId;
import dev.windlass.job.State;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a job stands, as of the last durable moment.
 *
 * @param id the job
 * @param name its label
 * @param state where it stands
 * @param message why it failed or was stopped, or is about to, for people; otherwise empty, except
 *     while its final task runs
 * @param paused why nothing of it begins, if a user has paused it: the reason that was given, which
 *     may be blank. Empty if it is not paused
 * @param owner whose job it is, if that was said
 * @param labels its labels, by name in alphabetical order; immutable
 * @param priority 0 to 1000
 * @param maxRunning how many of its instances run at once at most; empty for no bound
 * @param created when it was accepted
 * @param started when its first instance began to run, since its submission or last restart
 * @param ended when it entered its present final state
 * @param tasks how many tasks stand in which state
 * @param instances how many instances stand in which state, over all tasks
 * @param activeAttempts attempts of the job that are not yet proven over; more than 0 in a final
 *     state only for as long as what was cancelled takes to end
 */
public record JobStatus(
    JobId id,
    String name,
    State state,
    String message,
    Optional<String> paused,
    Optional<String> owner,
    SortedMap<String, String> labels,
    int priority,
    OptionalInt maxRunning,
    Instant created,
    Optional<Instant> started,
    Optional<Instant> ended,
    Counts tasks,
    Counts instances,
    int activeAttempts) {

  /** Copies the labels. */
  public JobStatus {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /**
   * Says whether a user has paused it, so that nothing of it begins.
   *
   * @return true if it is paused
   */
  public boolean isPaused() {
    return paused.isPresent();
  }

  /**
   * Says whether the job is over and nothing of it runs any more.
   *
   * @return true if the state is final and no attempt is active
   */
  public boolean isOver() {
    return state.isEnded() && activeAttempts == 0;
  }
}
