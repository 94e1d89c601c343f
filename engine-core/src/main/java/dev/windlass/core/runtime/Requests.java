package dev.windlass.core.runtime;

import dev.windlass.core.job.Input;
import dev.windlass.error.EngineException;
import dev.windlass.job.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** The callers that wait until what they asked for is durable, or refused. Safe for any thread. */
final class Requests {

  /**
   * One caller.
   *
   * @param submitted the job that it submits, if it does
   */
  private record Waiting(CompletableFuture<Void> promise, Optional<JobId> submitted) {}

  /**
   * A request that was made.
   *
   * @param input for the core
   * @param promise kept when it is durable, broken with an {@link EngineException} when it is
   *     refused
   */
  record Request(long number, Input input, CompletableFuture<Void> promise) {}

  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Waiting> waiting = new ConcurrentSkipListMap<>();

  /** Jobs whose submitters were told that they were not accepted. */
  private final Set<JobId> disowned = ConcurrentHashMap.newKeySet();

  /**
   * Makes a request.
   *
   * @param operation makes the input from the request's number
   */
  Request make(LongFunction<Input> operation) {
    long number = numbers.incrementAndGet();
    Input input = operation.apply(number);
    CompletableFuture<Void> promise = new CompletableFuture<>();
    Optional<JobId> submitted =
        input instanceof Input.Submit submit ? Optional.of(submit.job()) : Optional.empty();
    waiting.put(number, new Waiting(promise, submitted));
    return new Request(number, input, promise);
  }

  /** Tells a caller that it is done. */
  void done(long number) {
    Waiting one = waiting.remove(number);
    if (one != null) {
      one.promise().complete(null);
    }
  }

  /** Tells a caller that it is refused. */
  void refuse(long number, EngineException cause) {
    Waiting one = waiting.remove(number);
    if (one != null) {
      one.promise().completeExceptionally(cause);
    }
  }

  /**
   * Tells all callers that the store has failed. It is not known whether what they asked for is
   * durable, and what they are told stays true: jobs submitted by them are disowned.
   */
  void fail(EngineException cause) {
    for (Long number : List.copyOf(waiting.keySet())) {
      Waiting one = waiting.get(number);
      if (one != null) {
        one.submitted().ifPresent(disowned::add);
        refuse(number, EngineLoop.copyOf(cause));
      }
    }
  }

  /** Tells all callers that no answer will come. */
  void breakAll(EngineException cause) {
    List.copyOf(waiting.keySet()).forEach(number -> refuse(number, EngineLoop.copyOf(cause)));
  }

  /** Takes the jobs that must not be there, in the order of their ids. */
  List<JobId> takeDisowned() {
    List<JobId> jobs = new ArrayList<>(disowned);
    jobs.sort(java.util.Comparator.comparing(JobId::value));
    disowned.removeAll(jobs);
    return jobs;
  }
}
