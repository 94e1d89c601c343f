package dev.windlass.core.graph;

import dev.windlass.job.JobDescription;
import dev.windlass.job.TaskName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;

/**
 * The tasks of a job and the order between them, in arrays: four bytes a dependency, about a
 * hundred a task.
 *
 * <p>Tasks are numbered from 0 so that each comes after all that it waits for; where the
 * dependencies leave a choice, in the order of the description. Immutable, safe for all threads.
 */
public final class TaskGraph {

  private final List<TaskName> names;
  private final Map<TaskName, Integer> numbers;
  private final EdgeRows edges;
  private final int[] predecessorCounts;
  private final int[] remaining;

  private TaskGraph(List<TaskName> names, Map<TaskName, Set<TaskName>> dependencies) {
    this.names = names;
    this.numbers = EdgeRows.number(names);
    this.edges = EdgeRows.of(names, numbers, dependencies);
    this.predecessorCounts = edges.predecessorCounts();
    this.remaining =
        Arrays.stream(longestRemainingPaths(task -> 1)).mapToInt(Math::toIntExact).toArray();
  }

  /**
   * Makes the graph of a job in which {@link JobCheck} found no fault.
   *
   * @param job the job
   * @return its graph
   * @throws IllegalArgumentException if a dependency names no task or the dependencies form a cycle
   */
  public static TaskGraph of(JobDescription job) {
    List<TaskName> given = List.copyOf(job.tasks().keySet());
    EdgeRows edges = EdgeRows.of(given, EdgeRows.number(given), job.dependencies());
    List<TaskName> ordered = edges.topologicalOrder().stream().map(given::get).toList();
    return new TaskGraph(ordered, job.dependencies());
  }

  /**
   * How many tasks there are.
   *
   * @return the number of tasks
   */
  public int size() {
    return names.size();
  }

  /**
   * The name of a task.
   *
   * @param task its number
   * @return its name
   */
  public TaskName name(int task) {
    return names.get(task);
  }

  /**
   * The number of a task.
   *
   * @param name its name
   * @return its number
   * @throws IllegalArgumentException if there is no such task
   */
  public int number(TaskName name) {
    Integer number = numbers.get(name);
    if (number == null) {
      throw new IllegalArgumentException("there is no task " + name);
    }
    return number;
  }

  /**
   * The tasks that wait for a task.
   *
   * @param task its number
   * @return their numbers, in the order in which the description lists them; the caller's own array
   */
  public int[] successors(int task) {
    return edges.successors(task);
  }

  /**
   * How many tasks a task waits for.
   *
   * @param task its number
   * @return the number of its predecessors; 0 if it may start at once
   */
  public int predecessorCount(int task) {
    return predecessorCounts[task];
  }

  /**
   * How far the end of the job is: the length of the longest chain that begins with a task.
   *
   * @param task its number
   * @return how many tasks the chain has, the task itself included; at least 1
   */
  public int longestRemainingPath(int task) {
    return remaining[task];
  }

  /**
   * As {@link #longestRemainingPath}, for all tasks and with weights, such as expected durations.
   *
   * @param weight the weight of a task by its number; not negative
   * @return for each task the weight of the heaviest chain that begins with it
   * @throws ArithmeticException if a sum overflows
   */
  public long[] longestRemainingPaths(IntToLongFunction weight) {
    long[] longest = new long[size()];
    for (int task = size() - 1; task >= 0; task--) {
      long after = edges.maxOfSuccessors(task, longest);
      longest[task] = Math.addExact(after, weight.applyAsLong(task));
    }
    return longest;
  }
}
