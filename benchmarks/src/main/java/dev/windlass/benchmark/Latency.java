package dev.windlass.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;

/** How long calls of one kind take. Not for use by several threads at once. */
final class Latency {
  private static final double MILLIS = 1e6;
  private static final double NEARLY_ALL = 0.99;

  private final String name;
  private final IntConsumer call;
  private final List<Long> nanos = new ArrayList<>();

  /**
   * Of calls that were not made yet.
   *
   * @param call takes the number of the call
   */
  Latency(String name, IntConsumer call) {
    this.name = name;
    this.call = call;
  }

  void call(int number) {
    time(() -> call.accept(number));
  }

  void time(Runnable one) {
    long begunNanos = System.nanoTime();
    one.run();
    nanos.add(System.nanoTime() - begunNanos);
  }

  static String heading(String when) {
    return String.format(Locale.ROOT, "%-34s %6s  %9s  %9s", when, "calls", "median ms", "99% ms");
  }

  @Override
  public String toString() {
    Collections.sort(nanos);
    return String.format(
        Locale.ROOT, "%-34s %6d  %9.2f  %9.2f", name, nanos.size(), at(0.5), at(NEARLY_ALL));
  }

  private double at(double part) {
    return nanos.get((int) (part * (nanos.size() - 1))) / MILLIS;
  }
}
