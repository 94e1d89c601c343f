package dev.windlass.executor.docker;

import com.github.dockerjava.api.exception.DockerException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives every call of the Docker engine a deadline of ours.
 *
 * <p>The client has none on unix sockets: a call that is never answered would hang for ever. So
 * each runs on a thread of its own, which is abandoned at the deadline. Only a few may hang so at a
 * time; until one of them returns further calls fail at once, so that an engine that is silent for
 * hours costs no more threads than that.
 */
final class Calls implements AutoCloseable {

  private static final int MOST_HANGING = 16;

  /** How long a call that is not wanted any more is waited for at most. */
  private static final Duration LOOK = Duration.ofMillis(200);

  private final ExecutorService threads;
  private final Duration limit;
  private final AtomicInteger hanging = new AtomicInteger();

  Calls(String name, Duration limit) {
    this.limit = limit;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, name + "-call-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Makes a call within the usual limit.
   *
   * @throws DockerException if the engine answers with an error
   * @throws DaemonSilentException if it does not answer in time, or the connection breaks
   */
  <T> T within(Callable<T> call) {
    return within(limit, call);
  }

  /** The same with a limit of its own. */
  <T> T within(Duration most, Callable<T> call) {
    return within(most, () -> false, call);
  }

  /**
   * The same, given up when that is asked for.
   *
   * @param stop asked a few times a second, if the call takes so long
   * @throws DaemonSilentException also if it was given up
   */
  <T> T within(Duration most, BooleanSupplier stop, Callable<T> call) {
    if (hanging.get() >= MOST_HANGING) {
      throw new DaemonSilentException("the Docker engine has not answered earlier calls", null);
    }
    Call<T> tracked = new Call<>(call);
    Future<T> future = threads.submit(tracked);
    try {
      return get(future, most, stop);
    } catch (TimeoutException e) {
      tracked.abandon();
      future.cancel(true);
      throw new DaemonSilentException(
          stop.getAsBoolean()
              ? "the answer of the Docker engine is not wanted any more"
              : "the Docker engine has not answered within " + most.toSeconds() + " s",
          e);
    } catch (InterruptedException e) {
      tracked.abandon();
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new DaemonSilentException("interrupted while waiting for the Docker engine", e);
    } catch (ExecutionException e) {
      throw translate(e.getCause());
    }
  }

  private static <T> T get(Future<T> future, Duration most, BooleanSupplier stop)
      throws InterruptedException, ExecutionException, TimeoutException {
    long deadline = System.nanoTime() + most.toNanos();
    while (true) {
      long left = deadline - System.nanoTime();
      try {
        return future.get(Math.min(left, LOOK.toNanos()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (left <= LOOK.toNanos() || stop.getAsBoolean()) {
          throw e;
        }
      }
    }
  }

  private static RuntimeException translate(@Nullable Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof DockerException answer) {
      return answer;
    }
    if (thrown instanceof DaemonSilentException told) {
      return told;
    }
    // A broken connection comes as a plain RuntimeException, or as the IOException itself.
    return new DaemonSilentException("the Docker engine does not answer: " + thrown, thrown);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** A call that knows whether anybody still waits for it. */
  private final class Call<T> implements Callable<T> {
    private final Callable<T> call;
    private boolean over;
    private boolean abandoned;

    Call(Callable<T> call) {
      this.call = call;
    }

    @Override
    public T call() throws Exception {
      try {
        return call.call();
      } finally {
        end();
      }
    }

    private synchronized void end() {
      over = true;
      if (abandoned) {
        hanging.decrementAndGet();
      }
    }

    synchronized void abandon() {
      if (!over) {
        abandoned = true;
        hanging.incrementAndGet();
      }
    }
  }
}
