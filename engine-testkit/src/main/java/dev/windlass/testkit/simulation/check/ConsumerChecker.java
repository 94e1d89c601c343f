package dev.windlass.testkit.simulation.check;

import dev.windlass.event.EventListener;
import dev.windlass.event.RecordedEvent;

/**
 * A consumer whose position the engine keeps, over all lives of a host. It must be told every event
 * in order; what it took just before a crash it may be told once more.
 */
public final class ConsumerChecker implements EventListener {
  private final Violations violations;
  private final Records records;

  /** The last position that it has taken; 0 until it was told something. */
  private long taken;

  /** The last position that it was told in this life; 0 at its beginning. */
  private long told;

  public ConsumerChecker(Violations violations, Records records) {
    this.violations = violations;
    this.records = records;
  }

  /** Another host begins. */
  public void hostBegins() {
    told = 0;
  }

  @Override
  public void onEvent(RecordedEvent recorded) {
    long position = recorded.position();
    boolean inOrder = told == 0 ? taken == 0 || position <= taken + 1 : position == told + 1;
    violations.unless(
        inOrder,
        "a consumer is told everything",
        () -> taken + " and " + told + " before " + recorded);
    told = position;
    taken = Math.max(taken, position);
  }

  @Override
  public void onMissed(long first, long last) {
    violations.unless(last <= records.purged(), "nothing is missed", () -> first + " to " + last);
    told = last;
    taken = Math.max(taken, last);
  }

  /** Nothing happens any more. */
  public void checkComplete() {
    violations.unless(
        taken == records.lastPosition(),
        "a consumer is told everything",
        () -> taken + " of " + records.lastPosition());
  }
}
