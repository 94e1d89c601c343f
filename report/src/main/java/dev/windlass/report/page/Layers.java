package dev.windlass.report.page;

import dev.windlass.job.TaskName;
import dev.windlass.report.Dependency;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the tasks of a job are drawn: in layers, each task in the first one after all that it waits
 * for, so that all arrows point the same way. An arrow over several layers passes each of them in a
 * lane of its own, and within the layers tasks and lanes are ordered by the middle of their
 * neighbours, which keeps most arrows from crossing (Sugiyama, Tagawa, Toda: Methods for visual
 * understanding of hierarchical system structures, 1981).
 */
final class Layers {

  /** From here on arrows get no lanes: so many would not be told apart anyway. */
  private static final int MOST_LANES = 20_000;

  /** So often the order is improved from each side. */
  private static final int SWEEPS = 6;

  /** A task, or an arrow on its way through a layer. */
  private static final class Spot {
    final int layer;
    final List<Spot> before = new ArrayList<>();
    final List<Spot> after = new ArrayList<>();
    double row;

    Spot(int layer) {
      this.layer = layer;
    }
  }

  /**
   * A point of the drawing.
   *
   * @param layer the layer, from 0
   * @param row the row within it, from 0; not always whole
   */
  record Point(int layer, double row) {}

  private final Map<TaskName, Spot> spots = new HashMap<>();
  private final List<List<Spot>> layers = new ArrayList<>();
  private final Map<Dependency, List<Spot>> ways = new HashMap<>();

  /**
   * Lays out a graph without cycles, which a job that was accepted is.
   *
   * @param tasks all of them, in an order that is kept where nothing speaks against it
   * @param dependencies between them
   * @param last a task that is drawn behind all others
   */
  Layers(List<TaskName> tasks, List<Dependency> dependencies, Optional<TaskName> last) {
    Map<TaskName, Integer> depths = depths(tasks, dependencies);
    last.ifPresent(
        task -> {
          int deepest = depths.values().stream().mapToInt(Integer::intValue).max().orElse(0);
          depths.put(task, tasks.size() == 1 ? 0 : deepest + 1);
        });
    tasks.forEach(task -> spots.put(task, spot(depths.getOrDefault(task, 0))));
    long lanes =
        dependencies.stream()
            .mapToLong(one -> layerOf(one.after()) - layerOf(one.before()) - 1L)
            .sum();
    dependencies.forEach(one -> ways.put(one, way(one, lanes <= MOST_LANES)));
    order();
  }

  private static Map<TaskName, Integer> depths(
      List<TaskName> tasks, List<Dependency> dependencies) {
    Map<TaskName, List<TaskName>> successors = new HashMap<>();
    Map<TaskName, Integer> waitsFor = new HashMap<>();
    for (Dependency one : dependencies) {
      successors.computeIfAbsent(one.before(), task -> new ArrayList<>()).add(one.after());
      waitsFor.merge(one.after(), 1, Integer::sum);
    }
    Map<TaskName, Integer> depths = new HashMap<>();
    ArrayDeque<TaskName> ready = new ArrayDeque<>();
    for (TaskName task : tasks) {
      if (!waitsFor.containsKey(task)) {
        depths.put(task, 0);
        ready.add(task);
      }
    }
    while (!ready.isEmpty()) {
      TaskName task = ready.remove();
      int next = depths.getOrDefault(task, 0) + 1;
      for (TaskName after : successors.getOrDefault(task, List.of())) {
        depths.merge(after, next, Math::max);
        if (waitsFor.merge(after, -1, Integer::sum) == 0) {
          ready.add(after);
        }
      }
    }
    return depths;
  }

  private Spot spot(int layer) {
    while (layers.size() <= layer) {
      layers.add(new ArrayList<>());
    }
    Spot spot = new Spot(layer);
    layers.get(layer).add(spot);
    return spot;
  }

  private List<Spot> way(Dependency dependency, boolean withLanes) {
    List<Spot> way = new ArrayList<>();
    Spot from = spotOf(dependency.before());
    Spot to = spotOf(dependency.after());
    way.add(from);
    for (int layer = from.layer + 1; withLanes && layer < to.layer; layer++) {
      way.add(spot(layer));
    }
    way.add(to);
    for (int i = 1; i < way.size(); i++) {
      way.get(i - 1).after.add(way.get(i));
      way.get(i).before.add(way.get(i - 1));
    }
    return way;
  }

  private void order() {
    layers.forEach(Layers::number);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int layer = 1; layer < layers.size(); layer++) {
        sort(layers.get(layer), true);
      }
      for (int layer = layers.size() - 2; layer >= 0; layer--) {
        sort(layers.get(layer), false);
      }
    }
    int tallest = layers.stream().mapToInt(List::size).max().orElse(0);
    for (List<Spot> layer : layers) {
      double margin = (tallest - layer.size()) / 2.0;
      layer.forEach(spot -> spot.row += margin);
    }
  }

  private static void sort(List<Spot> layer, boolean byThoseBefore) {
    Map<Spot, Double> middles = new HashMap<>();
    for (Spot spot : layer) {
      List<Spot> neighbours = byThoseBefore ? spot.before : spot.after;
      middles.put(
          spot, neighbours.stream().mapToDouble(other -> other.row).average().orElse(spot.row));
    }
    layer.sort(Comparator.comparingDouble(spot -> middles.getOrDefault(spot, spot.row)));
    number(layer);
  }

  private static void number(List<Spot> layer) {
    for (int i = 0; i < layer.size(); i++) {
      layer.get(i).row = i;
    }
  }

  private Spot spotOf(TaskName task) {
    return Objects.requireNonNull(spots.get(task), "task");
  }

  private int layerOf(TaskName task) {
    return spotOf(task).layer;
  }

  /** How many layers there are. */
  int count() {
    return layers.size();
  }

  /** How many rows the tallest layer has. */
  int rows() {
    return layers.stream().mapToInt(List::size).max().orElse(0);
  }

  /** Where a task is drawn. */
  Point at(TaskName task) {
    Spot spot = spotOf(task);
    return new Point(spot.layer, spot.row);
  }

  /** Where an arrow goes: from its task over its lanes to the other task. */
  List<Point> way(Dependency dependency) {
    return Objects.requireNonNull(ways.get(dependency), "dependency").stream()
        .map(spot -> new Point(spot.layer, spot.row))
        .toList();
  }
}
