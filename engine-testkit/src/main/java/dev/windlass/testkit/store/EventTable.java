package dev.windlass.testkit.store;

import dev.windlass.core.job.Change;
import dev.windlass.core.store.EventSpan;
import dev.windlass.event.Event;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.event.RecordedEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The journal and the positions of its consumers. */
final class EventTable {
  private static final int MOST_LOOKED_AT = 10_000;

  private final NavigableMap<Long, Event> events = new TreeMap<>();
  private final Map<String, Long> consumers = new TreeMap<>();
  private long last;

  /** Carries out a change; false if it is about something else. */
  boolean apply(Change change) {
    if (change instanceof Change.EventRecorded recorded) {
      last++;
      events.put(last, stored(recorded.event()));
    } else if (change instanceof Change.EventsPurged purged) {
      events.headMap(purged.last(), true).clear();
      if (events.isEmpty() && last > 0) {
        throw new AssertionError("the newest event was purged, and with it where it stood");
      }
    } else if (change instanceof Change.ConsumerAdded added) {
      consumers.putIfAbsent(added.name(), last);
    } else if (change instanceof Change.ConsumerMoved moved) {
      consumers.computeIfPresent(
          moved.name(), (name, position) -> Math.max(position, moved.position()));
    } else if (change instanceof Change.ConsumerForgotten forgotten) {
      consumers.remove(forgotten.name());
    } else {
      return false;
    }
    return true;
  }

  private static Event stored(Event event) {
    Instant at = SimulatedTables.stored(Optional.of(event.at())).orElseThrow();
    return switch (event.kind()) {
      case JOB_CHANGED -> {
        Event.JobChanged changed = (Event.JobChanged) event;
        yield new Event.JobChanged(changed.job(), at, changed.state(), changed.message());
      }
      case JOB_DELETED -> new Event.JobDeleted(((Event.JobDeleted) event).job(), at);
      case JOB_OPERATED -> {
        Event.JobOperated operated = (Event.JobOperated) event;
        yield new Event.JobOperated(operated.job(), at, operated.operation(), operated.reason());
      }
      case TASK_CHANGED -> {
        Event.TaskChanged changed = (Event.TaskChanged) event;
        yield new Event.TaskChanged(changed.job(), at, changed.task(), changed.state());
      }
      case INSTANCE_CHANGED -> {
        Event.InstanceChanged changed = (Event.InstanceChanged) event;
        yield new Event.InstanceChanged(changed.instance(), at, changed.state(), changed.outcome());
      }
      case ATTEMPT_STARTED -> {
        Event.AttemptStarted started = (Event.AttemptStarted) event;
        yield new Event.AttemptStarted(started.attempt(), at, started.node());
      }
      case ATTEMPT_ENDED -> {
        Event.AttemptEnded ended = (Event.AttemptEnded) event;
        yield new Event.AttemptEnded(ended.attempt(), at, ended.outcome());
      }
      case CLUSTER_CHANGED -> {
        Event.ClusterChanged changed = (Event.ClusterChanged) event;
        yield new Event.ClusterChanged(changed.cluster(), at, changed.state());
      }
      case NODE_CHANGED -> {
        Event.NodeChanged changed = (Event.NodeChanged) event;
        yield new Event.NodeChanged(
            changed.cluster(), at, changed.node(), changed.state(), changed.message());
      }
    };
  }

  EventSpan span() {
    return new EventSpan(events.isEmpty() ? last + 1 : events.firstKey(), last);
  }

  OptionalLong consumer(String name) {
    Long position = consumers.get(name);
    return position == null ? OptionalLong.empty() : OptionalLong.of(position);
  }

  EventPage page(EventQuery query) {
    EventSpan span = span();
    long after = query.after().orElse(span.oldest() - 1);
    span.check(after);
    long end = query.filter().job().isPresent() ? last : Math.min(last, after + MOST_LOOKED_AT);
    List<RecordedEvent> found =
        events.subMap(after, false, end, true).entrySet().stream()
            .filter(entry -> query.filter().passes(entry.getValue()))
            .limit(query.limit())
            .map(entry -> new RecordedEvent(entry.getKey(), entry.getValue()))
            .toList();
    if (found.size() == query.limit()) {
      end = found.get(found.size() - 1).position();
    }
    return new EventPage(found, end, end < last);
  }
}
