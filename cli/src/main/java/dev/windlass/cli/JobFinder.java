package dev.windlass.cli;

import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.Page;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds jobs in an engine. */
final class JobFinder {

  private static final String PREFIX = "job-";
  private static final int WHOLE_LENGTH = PREFIX.length() + 32;

  private JobFinder() {}

  /** The job that is meant by an id or by the beginning of one, with or without {@code job-}. */
  static JobId find(Engine engine, String given) {
    String beginning = given.startsWith(PREFIX) ? given : PREFIX + given;
    if (beginning.length() == WHOLE_LENGTH) {
      return whole(beginning, given);
    }
    List<JobId> found = new ArrayList<>();
    forEach(
        engine,
        JobQuery.all(),
        job -> {
          if (job.id().value().startsWith(beginning)) {
            found.add(job.id());
          }
        });
    if (found.size() == 1) {
      return found.get(0);
    }
    if (found.isEmpty()) {
      throw notFound(given);
    }
    throw new UsageException(
        found.size() + " jobs begin with '" + given + "'; the newest is " + found.get(0));
  }

  private static JobId whole(String text, String given) {
    try {
      return new JobId(text);
    } catch (IllegalArgumentException e) {
      throw notFound(given);
    }
  }

  private static EngineException notFound(String given) {
    return new EngineException(
        ErrorCode.NOT_FOUND, given, "there is no job '" + given + "'; see 'windlass jobs'");
  }

  /** Shows all jobs of a query to somebody, newest first. */
  static void forEach(Engine engine, JobQuery query, Consumer<JobStatus> action) {
    Optional<String> next = Optional.empty();
    JobQuery wide = query.limit(JobQuery.MAX_LIMIT);
    do {
      Page<JobStatus> page = engine.jobs(next.map(wide::after).orElse(wide));
      page.items().forEach(action);
      next = page.next();
    } while (next.isPresent());
  }

  /** All jobs of which something waits or runs, oldest first. */
  static List<JobStatus> notOver(Engine engine) {
    List<JobStatus> found = new ArrayList<>();
    forEach(
        engine,
        JobQuery.all(),
        job -> {
          if (!job.isOver()) {
            found.add(0, job);
          }
        });
    return found;
  }
}
