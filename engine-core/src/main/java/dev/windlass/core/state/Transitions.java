package dev.windlass.core.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A table of transitions: the states, the events that lead from one to another, and the final
 * states.
 *
 * <p>The table checks itself when it is built: no event leads to two states, every state can be
 * reached, and from every state a final one can be. {@link #diagram} draws it; a test compares the
 * drawing with the page in {@code docs/}.
 *
 * @param <S> the states
 * @param <E> the events
 */
public final class Transitions<S extends Enum<S>, E extends Enum<E>> {
  private final String name;
  private final S start;
  private final Set<S> finalStates;
  private final Map<S, Map<E, S>> table;

  private Transitions(Builder<S, E> builder, Set<S> finalStates) {
    this.name = builder.name;
    this.start = builder.start;
    this.finalStates = finalStates;
    this.table = builder.table;
    check();
  }

  /** Begins a table. */
  public static <S extends Enum<S>, E extends Enum<E>> Builder<S, E> named(
      String name, S start, Class<E> events) {
    return new Builder<>(name, start, events);
  }

  /**
   * The state to which an event leads.
   *
   * @throws AssertionError if the event does not fit the state: a defect of the engine
   */
  public S next(S from, E event) {
    S to = table.getOrDefault(from, Map.of()).get(event);
    if (to == null) {
      throw new AssertionError(name + ": " + event + " does not fit " + from);
    }
    return to;
  }

  /** Says whether an event fits a state. */
  public boolean allows(S from, E event) {
    return table.getOrDefault(from, Map.of()).containsKey(event);
  }

  /** The table as a Mermaid state diagram; always the same text for the same table. */
  public String diagram() {
    StringJoiner lines = new StringJoiner("\n", "stateDiagram-v2\n", "\n");
    lines.add("  [*] --> " + start);
    for (Map.Entry<S, Map<E, S>> row : table.entrySet()) {
      row.getValue()
          .forEach(
              (event, to) -> lines.add("  " + row.getKey() + " --> " + to + ": " + words(event)));
    }
    for (S state : finalStates) {
      lines.add("  " + state + " --> [*]");
    }
    return lines.toString();
  }

  private static String words(Enum<?> event) {
    return event.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }

  private void check() {
    Set<S> all = EnumSet.allOf(start.getDeclaringClass());
    if (!reachable(start).equals(all)) {
      throw new AssertionError(name + ": not every state can be reached from " + start);
    }
    for (S state : all) {
      Set<S> ends = EnumSet.copyOf(reachable(state));
      ends.retainAll(finalStates);
      if (ends.isEmpty()) {
        throw new AssertionError(name + ": no final state can be reached from " + state);
      }
    }
  }

  private Set<S> reachable(S from) {
    Set<S> seen = EnumSet.of(from);
    Deque<S> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (S to : table.getOrDefault(open.remove(), Map.of()).values()) {
        if (seen.add(to)) {
          open.add(to);
        }
      }
    }
    return seen;
  }

  /** Collects the rows of a table. */
  public static final class Builder<S extends Enum<S>, E extends Enum<E>> {
    private final String name;
    private final S start;
    private final Class<E> events;
    private final Map<S, Map<E, S>> table;

    private Builder(String name, S start, Class<E> events) {
      this.name = name;
      this.start = start;
      this.events = events;
      this.table = new EnumMap<>(start.getDeclaringClass());
    }

    /** Adds a transition. */
    public Builder<S, E> on(S from, E event, S to) {
      Map<E, S> row = table.computeIfAbsent(from, key -> new EnumMap<>(events));
      if (row.putIfAbsent(event, to) != null) {
        throw new AssertionError(name + ": two rows for " + event + " in " + from);
      }
      return this;
    }

    /** Adds the same transition from several states. */
    public Builder<S, E> onAnyOf(Set<S> from, E event, S to) {
      from.forEach(state -> on(state, event, to));
      return this;
    }

    /** Ends the table. */
    public Transitions<S, E> endingIn(Set<S> finalStates) {
      return new Transitions<>(this, EnumSet.copyOf(finalStates));
    }
  }
}
