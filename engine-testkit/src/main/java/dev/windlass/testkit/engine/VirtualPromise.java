package dev.windlass.testkit.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A promise whose waits let virtual time pass. */
final class VirtualPromise<T> extends CompletableFuture<T> {
  private final VirtualTime time;

  VirtualPromise(VirtualTime time) {
    this.time = time;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new VirtualPromise<>(time);
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    letPass();
    return super.get();
  }

  @Override
  public T join() {
    letPass();
    return super.join();
  }

  private void letPass() {
    time.checkThread();
    boolean kept = time.call(() -> time.runUntil(this::isDone));
    if (!kept) {
      throw new IllegalStateException("nothing is left to happen, and the promise is not settled");
    }
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    time.checkThread();
    boolean[] late = new boolean[1];
    Runnable alarm =
        time.timeline().after(Duration.of(timeout, unit.toChronoUnit()), () -> late[0] = true);
    time.call(() -> time.runUntil(() -> isDone() || late[0]));
    alarm.run();
    return super.get(0, TimeUnit.NANOSECONDS);
  }
}
