package dev.windlass.cli;

import dev.windlass.JobQuery;
import dev.windlass.Page;

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
}
