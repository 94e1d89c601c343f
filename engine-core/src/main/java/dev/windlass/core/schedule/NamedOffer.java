package dev.windlass.core.schedule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The named resources that the tasks of one cluster can book: what the cluster has itself, and of
 * other names what the engine has.
 */
public final class NamedOffer {
  private final NamedPool own;
  private final NamedPool engine;

  /** What a cluster has, and what all clusters share. */
  public NamedOffer(NamedPool own, NamedPool engine) {
    this.own = own;
    this.engine = engine;
  }

  private NamedPool poolOf(String name) {
    return own.knows(name) ? own : engine;
  }

  /** What all clusters share. */
  NamedPool engine() {
    return engine;
  }

  /** Says whether a name is one of those that all clusters share. */
  public boolean isOfEngine(String name) {
    return !own.knows(name);
  }

  /** Sets how many there are of a name that all clusters share. */
  public void setTotalOfEngine(String name, int total) {
    engine.setTotal(name, total);
  }

  /** How many of a name there are, booked or not. */
  public int total(String name) {
    return poolOf(name).total(name);
  }

  /** How many of its name a task could book now; see {@link NamedPool#left}. */
  public long left(String name, ReadyTask task) {
    return poolOf(name).left(name, task);
  }

  /** What the cluster has itself. */
  Map<String, Integer> offeredByCluster() {
    return own.offered();
  }

  /** Says whether all that a task wants could be booked now; see {@link NamedPool#left}. */
  boolean covers(Map<String, Integer> wanted, ReadyTask task) {
    return wanted.entrySet().stream()
        .allMatch(each -> each.getValue() <= poolOf(each.getKey()).left(each.getKey(), task));
  }

  /** Says whether a task could not begin either if it wanted only one of each of its names. */
  boolean isShort(Map<String, Integer> wanted, ReadyTask task) {
    return wanted.keySet().stream().anyMatch(name -> poolOf(name).left(name, task) < 1);
  }

  /** Says whether there is as much as is wanted, if nothing of it were booked. */
  boolean everCovers(Map<String, Integer> wanted) {
    return wanted.entrySet().stream()
        .allMatch(each -> each.getValue() <= poolOf(each.getKey()).total(each.getKey()));
  }

  /** Books, whether there is enough or not. */
  Held book(Map<String, Integer> wanted) {
    List<Part> parts =
        wanted.entrySet().stream()
            .map(each -> new Part(poolOf(each.getKey()), each.getKey(), each.getValue()))
            .toList();
    parts.forEach(part -> part.pool().book(part.name(), part.count()));
    return new Held(parts);
  }

  /** Keeps what a task wants, until it is let go. */
  void keep(ReadyTask holder) {
    Map<NamedPool, Map<String, Integer>> wanted = new LinkedHashMap<>();
    holder
        .request()
        .named()
        .forEach(
            (name, count) ->
                wanted
                    .computeIfAbsent(poolOf(name), any -> new LinkedHashMap<>())
                    .put(name, count));
    wanted.forEach((pool, part) -> pool.keep(holder, part));
  }

  /** Keeps it no longer. */
  void letGo(ReadyTask holder) {
    own.letGo(holder);
    engine.letGo(holder);
  }

  /** Some of a name, and where it was booked. */
  private record Part(NamedPool pool, String name, int count) {}

  /** What was booked together. It goes back to where it came from, also if that has changed. */
  static final class Held {
    private final List<Part> parts;

    private Held(List<Part> parts) {
      this.parts = parts;
    }

    /** Gives back in a copy what is booked in the original. */
    void giveBackIn(NamedOffer original, NamedOffer copy) {
      for (Part part : parts) {
        if (part.pool() == original.own) {
          copy.own.giveBack(part.name(), part.count());
        } else if (part.pool() == original.engine) {
          copy.engine.giveBack(part.name(), part.count());
        }
      }
    }

    void giveBack() {
      parts.forEach(part -> part.pool().giveBack(part.name(), part.count()));
    }
  }
}
