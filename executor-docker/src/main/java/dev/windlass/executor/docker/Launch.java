package dev.windlass.executor.docker;

import dev.windlass.job.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The way of an attempt up to the point from where it can be started. */
interface Launch {

  /**
   * Brings what has to be there first, which may take long.
   *
   * @return gives a step that makes everything else, may be taken again, and answers why the
   *     attempt cannot be started, or with nothing; fails as {@link Images#prepare} does
   */
  CompletableFuture<Supplier<Optional<Outcome>>> prepare();
}
