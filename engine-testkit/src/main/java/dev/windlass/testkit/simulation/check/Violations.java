package dev.windlass.testkit.simulation.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The promises that a run has broken. Written down, not thrown: the engine would catch it. */
public final class Violations {

  /**
   * One of them.
   *
   * @param promise which, in a few words that stay the same
   * @param what what happened
   */
  public record Violation(String promise, String what) {
    @Override
    public String toString() {
      return promise + ": " + what;
    }
  }

  private final Journal journal;
  private final List<Violation> all = new ArrayList<>();

  public Violations(Journal journal) {
    this.journal = journal;
  }

  public void add(String promise, String what) {
    Violation violation = new Violation(promise, what);
    journal.write("VIOLATION " + violation);
    all.add(violation);
  }

  /** Adds one unless something holds; what happened is put into words only then. */
  public void unless(boolean holds, String promise, Supplier<String> what) {
    if (!holds) {
      add(promise, what.get());
    }
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  public List<Violation> all() {
    return List.copyOf(all);
  }
}
