package dev.windlass.testkit.assertion;

import dev.windlass.event.Event;
import dev.windlass.job.JobId;
import dev.windlass.testkit.engine.EventText;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Assertions about events, which are named by the lines of {@link EventText}. */
public final class EventsAssert extends AbstractAssert<EventsAssert, List<Event>> {

  EventsAssert(List<Event> events) {
    super(List.copyOf(events), EventsAssert.class);
  }

  /**
   * Looks at the events of one job only.
   *
   * @param job its id
   * @return assertions about its events
   */
  public EventsAssert ofJob(JobId job) {
    return new EventsAssert(
        actual.stream()
            .filter(event -> event instanceof Event.JobEvent of && of.job().equals(job))
            .toList());
  }

  /**
   * These events came in this order; others may stand before, between and after them.
   *
   * @param lines such as {@code align/3 attempt 1 ended: exited with 0} or {@code task align
   *     FINISHED}
   * @return this
   */
  public EventsAssert cameInOrder(String... lines) {
    List<String> all = actual.stream().map(EventText::of).toList();
    int from = 0;
    for (String line : lines) {
      int at = all.subList(from, all.size()).indexOf(line);
      if (at < 0) {
        throw missing(line, from, all);
      }
      from += at + 1;
    }
    return this;
  }

  private AssertionError missing(String line, int from, List<String> all) {
    String where = from == 0 ? "" : " after '" + all.get(from - 1) + "'";
    return failure(
        "%s",
        "the event '"
            + line
            + "' should have come"
            + where
            + "; there were:\n  "
            + String.join("\n  ", all));
  }

  /**
   * No such event came.
   *
   * @param line as {@link #cameInOrder}
   * @return this
   */
  public EventsAssert didNotCome(String line) {
    if (actual.stream().map(EventText::of).anyMatch(line::equals)) {
      throw failure("%s", "the event '" + line + "' should not have come");
    }
    return this;
  }
}
