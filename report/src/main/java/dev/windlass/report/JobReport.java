package dev.windlass.report;

import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.UsageTotals;
import dev.windlass.event.Event;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * What became of a job, as of one moment.
 *
 * <p>{@link ReportJson} writes it for machines, {@link dev.windlass.report.page.ReportPage} for
 * people. The job may still run, and need not have begun. Immutable; may be used by all threads.
 *
 * <p>{@value #MAX_ATTEMPTS} attempts at most are told one by one, so that a report of a job of many
 * million instances stays one that can be opened; what is counted from attempts is counted from
 * those. Those of instances that failed for good come first, then those that run, and the other
 * ones in the order of tasks and indexes. States, counts and sums of usage are always of all.
 *
 * @param at the moment
 * @param job where the job stands
 * @param description what was submitted
 * @param usage what the attempts that are over used together
 * @param history what was done to the job and which states it entered, as far as the journal keeps
 *     it: {@link Event.JobOperated} and {@link Event.JobChanged}, oldest first
 * @param tasks all of them, in the order of the description
 * @param dependencies which task comes after which, in the order of the description
 * @param nodes those on which attempts of the report were, by name
 * @param attempts in the order of the tasks, then by index and number
 * @param attemptsLeftOut how many attempts that are over are not among them
 */
public record JobReport(
    Instant at,
    JobStatus job,
    JobDescription description,
    UsageTotals usage,
    List<Event.JobEvent> history,
    List<TaskReport> tasks,
    List<Dependency> dependencies,
    List<NodeReport> nodes,
    List<AttemptReport> attempts,
    long attemptsLeftOut) {

  /** So many attempts are told one by one at most. */
  public static final int MAX_ATTEMPTS = 100_000;

  /** Copies the lists. */
  public JobReport {
    history = List.copyOf(history);
    tasks = List.copyOf(tasks);
    dependencies = List.copyOf(dependencies);
    nodes = List.copyOf(nodes);
    attempts = List.copyOf(attempts);
  }

  /**
   * Asks an engine all that a report needs. Blocks while it is read: about a second for 10,000
   * instances. A job that runs meanwhile goes on, so that what was asked last may be a little
   * newer.
   *
   * @param engine the engine; one that was opened to be looked at will do
   * @param job the job
   * @param now the present moment, by the clock of the engine; attempts that are not over last
   *     until then
   * @return the report
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}, also if the job is deleted
   *     meanwhile
   */
  public static JobReport of(Engine engine, JobId job, Instant now) {
    return new Gathering(engine, job, now, MAX_ATTEMPTS).report();
  }

  /**
   * The attempts whose programs ran longest.
   *
   * @param most how many at most
   * @return the longest first; those that never ran are not among them
   */
  public List<AttemptReport> slowest(int most) {
    return attempts.stream()
        .filter(attempt -> attempt.phases().running().isPresent())
        .sorted(Comparator.comparing(AttemptReport::runningTime).reversed())
        .limit(most)
        .toList();
  }

  /**
   * The attempts that failed, also those that were tried again with success.
   *
   * @return first those of instances that failed for good; in the order of the tasks, then by index
   *     and number
   */
  public List<AttemptReport> failures() {
    return attempts.stream()
        .filter(AttemptReport::hasFailed)
        .sorted(Comparator.comparing(attempt -> attempt.instance() != State.FAILED))
        .toList();
  }

  /**
   * The same, put together by task and by how they failed.
   *
   * @return the largest group first
   */
  public List<FailureGroup> failureGroups() {
    return FailureGroup.of(failures());
  }
}
