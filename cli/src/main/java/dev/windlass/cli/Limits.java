package dev.windlass.cli;

import dev.windlass.JobQuery;
import dev.windlass.Page;
import dev.windlass.job.JobDescription;

/** How much of a listing is shown. */
final class Limits {

  private Limits() {}

  static int checked(int limit) {
    if (limit < 1 || limit > JobQuery.MAX_LIMIT) {
      throw new UsageException("--limit is 1 to " + JobQuery.MAX_LIMIT + ", was " + limit);
    }
    return limit;
  }

  static void sayIfMore(Page<?> page) {
    if (page.next().isPresent()) {
      System.err.println("windlass: there are more; see --limit");
    }
  }

  /** Refuses a priority that is none. */
  static int priority(int given) {
    if (given < 0 || given > JobDescription.MAX_PRIORITY) {
      throw new UsageException(
          "a priority is 0 to " + JobDescription.MAX_PRIORITY + ", was " + given);
    }
    return given;
  }
}
