package dev.windlass.core.runtime;

import dev.windlass.core.job.Input;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.JobId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** The callers that wait until what they asked for is durable, or refused. Safe for any thread. */
final class Requests {

  /** One caller, and what it asks for. */
  private record Waiting(CompletableFuture<Void> promise, Input input) {}

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

  /**
   * Jobs whose submitters were told that they were not accepted, until it is durable that they are
   * not there.
   */
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
    waiting.put(number, new Waiting(promise, input));
    return new Request(number, input, promise);
  }

  /** Tells a caller that it is done. */
  void done(long number) {
    Waiting one = waiting.remove(number);
    if (one != null) {
      settled(one.input());
      one.promise().complete(null);
    }
  }

  /** Tells a caller that it is refused. */
  void refuse(long number, EngineException cause) {
    Waiting one = waiting.remove(number);
    if (one != null) {
      if (cause.code() == ErrorCode.NOT_FOUND) {
        settled(one.input());
      }
      one.promise().completeExceptionally(cause);
    }
  }

  /** It is durable, or was so before: a job that was withdrawn is not there. */
  private void settled(Input input) {
    if (input instanceof Input.Withdraw withdraw) {
      disowned.remove(withdraw.job());
    }
  }

  /**
   * Tells all callers that the store has failed. It is not known whether what they asked for is
   * durable, and what they are told stays true: jobs submitted by them are disowned.
   */
  void fail(EngineException cause) {
    List.copyOf(waiting.keySet()).forEach(number -> disown(number, EngineLoop.copyOf(cause)));
  }

  /** Tells one caller that the store has failed, as {@link #fail} does. */
  void disown(long number, EngineException cause) {
    Waiting one = waiting.remove(number);
    if (one != null) {
      if (one.input() instanceof Input.Submit submit) {
        disowned.add(submit.job());
      }
      one.promise().completeExceptionally(cause);
    }
  }

  /** Tells all callers that no answer will come. */
  void breakAll(EngineException cause) {
    List.copyOf(waiting.keySet()).forEach(number -> refuse(number, EngineLoop.copyOf(cause)));
  }

  /** The jobs that must not be there, in the order of their ids. */
  List<JobId> disowned() {
    List<JobId> jobs = new ArrayList<>(disowned);
    jobs.sort(Comparator.comparing(JobId::value));
    return jobs;
  }

  /** Says whether a job must not be there, and that is not durable yet. */
  boolean isDisowned(JobId job) {
    return disowned.contains(job);
  }
}
