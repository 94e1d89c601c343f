package dev.windlass.core.graph;

import dev.windlass.job.TaskName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The edges of a graph as compressed rows: the successors of node i are {@code
 * followers[starts[i]]} up to {@code followers[starts[i + 1] - 1]}.
 */
final class EdgeRows {

  private final int[] starts;
  private final int[] followers;

  private EdgeRows(int[] starts, int[] followers) {
    this.starts = starts;
    this.followers = followers;
  }

  static Map<TaskName, Integer> number(List<TaskName> names) {
    Map<TaskName, Integer> numbers = new HashMap<>();
    names.forEach(name -> numbers.put(name, numbers.size()));
    return numbers;
  }

  static EdgeRows of(
      List<TaskName> names,
      Map<TaskName, Integer> numbers,
      Map<TaskName, Set<TaskName>> dependencies) {
    dependencies.keySet().forEach(before -> numberOf(before, numbers));
    int[] starts = new int[names.size() + 1];
    for (int node = 0; node < names.size(); node++) {
      starts[node + 1] = starts[node] + dependencies.getOrDefault(names.get(node), Set.of()).size();
    }
    int[] followers = new int[starts[names.size()]];
    int next = 0;
    for (TaskName name : names) {
      for (TaskName after : dependencies.getOrDefault(name, Set.of())) {
        followers[next++] = numberOf(after, numbers);
      }
    }
    return new EdgeRows(starts, followers);
  }

  private static int numberOf(TaskName name, Map<TaskName, Integer> numbers) {
    Integer number = numbers.get(name);
    if (number == null) {
      throw new IllegalArgumentException("there is no task " + name);
    }
    return number;
  }

  int[] successors(int node) {
    return Arrays.copyOfRange(followers, starts[node], starts[node + 1]);
  }

  int[] predecessorCounts() {
    int[] counts = new int[starts.length - 1];
    for (int follower : followers) {
      counts[follower]++;
    }
    return counts;
  }

  /** The largest of the successors' values, 0 if there is no successor. */
  long maxOfSuccessors(int node, long[] values) {
    long max = 0;
    for (int edge = starts[node]; edge < starts[node + 1]; edge++) {
      max = Math.max(max, values[followers[edge]]);
    }
    return max;
  }

  /**
   * The nodes, each after all its predecessors; where there is a choice, the least number first.
   *
   * @throws IllegalArgumentException if there is a cycle
   */
  List<Integer> topologicalOrder() {
    int[] waitsFor = predecessorCounts();
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int node = 0; node < waitsFor.length; node++) {
      if (waitsFor[node] == 0) {
        ready.add(node);
      }
    }
    List<Integer> order = new ArrayList<>(waitsFor.length);
    while (!ready.isEmpty()) {
      int node = ready.remove();
      order.add(node);
      for (int edge = starts[node]; edge < starts[node + 1]; edge++) {
        if (--waitsFor[followers[edge]] == 0) {
          ready.add(followers[edge]);
        }
      }
    }
    if (order.size() < waitsFor.length) {
      throw new IllegalArgumentException("the dependencies form a cycle");
    }
    return order;
  }
}
