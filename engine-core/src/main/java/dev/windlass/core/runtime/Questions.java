package dev.windlass.core.runtime;

import dev.windlass.core.job.Core;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What callers want to know of the core. Put by any thread, answered by the loop. */
final class Questions {

  /** A question, and whom to tell. */
  private record Asked<T>(Function<Core, T> question, CompletableFuture<T> answer) {

    /** A question that fails is a defect of its own; the core goes on. */
    void answer(Core core) {
      try {
        answer.complete(question.apply(core));
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(
            new EngineException(
                ErrorCode.INTERNAL, "", "a question could not be answered: " + e, e));
      }
    }
  }

  private final Queue<Asked<?>> asked = new ConcurrentLinkedQueue<>();

  <T> CompletableFuture<T> put(Function<Core, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    asked.add(new Asked<>(question, answer));
    return answer;
  }

  /**
   * Answers all questions.
   *
   * @param core null while the store has failed
   */
  void answer(@Nullable Core core) {
    if (core == null) {
      breakAll(new EngineException(ErrorCode.STORE_UNAVAILABLE, "", "the state store has failed"));
      return;
    }
    for (Asked<?> next = asked.poll(); next != null; next = asked.poll()) {
      next.answer(core);
    }
  }

  /** Tells all callers that there is no answer. */
  void breakAll(EngineException cause) {
    for (Asked<?> next = asked.poll(); next != null; next = asked.poll()) {
      next.answer().completeExceptionally(cause);
    }
  }
}
