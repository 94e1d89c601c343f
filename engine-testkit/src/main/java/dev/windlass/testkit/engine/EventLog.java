package dev.windlass.testkit.engine;

import dev.windlass.event.Event;
import dev.windlass.event.EventListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** All that a test engine told its listeners, over all lives of the host. */
final class EventLog implements EventListener {
  private final Instant beginning;
  private final List<Event> events = new ArrayList<>();

  EventLog(Instant beginning) {
    this.beginning = beginning;
  }

  @Override
  public void onEvent(Event event) {
    events.add(event);
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
