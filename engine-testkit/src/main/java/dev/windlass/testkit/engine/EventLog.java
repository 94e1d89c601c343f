package dev.windlass.testkit.engine;

import dev.windlass.core.store.StateStore;
import dev.windlass.event.Event;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** All that is in the journal of a test engine, over all lives of the host. */
final class EventLog {
  private final Instant beginning;
  private final List<Event> events = new ArrayList<>();
  private long position;

  EventLog(Instant beginning) {
    this.beginning = beginning;
  }

  /** Takes what is new in a journal. */
  void take(StateStore store) {
    EventPage page;
    do {
      position = Math.max(position, store.eventSpan().oldest() - 1);
      page = store.events(EventQuery.all().after(position));
      page.events().forEach(recorded -> events.add(recorded.event()));
      position = page.end();
    } while (page.more());
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  /** A line for each. */
  List<String> lines() {
    boolean one = events.stream().map(EventLog::job).distinct().count() <= 1;
    return events.stream().map(event -> line(event, one)).toList();
  }

  private String line(Event event, boolean oneJob) {
    String job = oneJob ? "" : job(event);
    return time(Duration.between(beginning, event.at())) + " " + job + EventText.of(event);
  }

  /** Which job it is about, for the beginning of a line; empty if it is about a cluster. */
  private static String job(Event event) {
    return event instanceof Event.JobEvent of ? of.job() + " " : "";
  }

  private static String time(Duration since) {
    return String.format(
        "%d:%02d:%02d.%03d",
        since.toHours(), since.toMinutesPart(), since.toSecondsPart(), since.toMillisPart());
  }
}
