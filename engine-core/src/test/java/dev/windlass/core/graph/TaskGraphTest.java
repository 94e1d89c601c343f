package dev.windlass.core.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TaskGraphTest {

  private static JobDescription.Builder job(String... tasks) {
    JobDescription.Builder job = JobDescription.builder("j");
    for (String task : tasks) {
      job.task(task, TaskDescription.builder(Command.shell("true")).build());
    }
    return job;
  }

  private static Iterable<String> names(TaskGraph graph) {
    return IntStream.range(0, graph.size()).mapToObj(task -> graph.name(task).value()).toList();
  }

  @Test
  void aDiamondIsNumberedFromItsBeginning() {
    TaskGraph graph =
        TaskGraph.of(
            job("merge", "right", "left", "split")
                .dependency("split", "left")
                .dependency("split", "right")
                .dependency("left", "merge")
                .dependency("right", "merge")
                .build());
    assertThat(names(graph)).containsExactly("split", "right", "left", "merge");
    assertThat(graph.successors(0)).containsExactly(2, 1);
    assertThat(graph.successors(3)).isEmpty();
    assertThat(graph.predecessorCount(0)).isZero();
    assertThat(graph.predecessorCount(3)).isEqualTo(2);
    assertThat(graph.longestRemainingPath(0)).isEqualTo(3);
    assertThat(graph.longestRemainingPath(3)).isEqualTo(1);
    assertThat(graph.number(new TaskName("left"))).isEqualTo(2);
  }

  @Test
  void tasksThatDoNotWaitKeepTheOrderOfTheDescription() {
    assertThat(names(TaskGraph.of(job("c", "a", "b").build()))).containsExactly("c", "a", "b");
  }

  @Test
  void thePathCanBeWeighed() {
    TaskGraph graph =
        TaskGraph.of(
            job("a", "b", "c", "d")
                .dependency("a", "b")
                .dependency("b", "d")
                .dependency("a", "c")
                .dependency("c", "d")
                .build());
    long[] weights = {1, 2, 30, 4};
    assertThat(graph.longestRemainingPaths(task -> weights[task])).containsExactly(35, 6, 34, 4);
    assertThatThrownBy(() -> graph.longestRemainingPaths(task -> Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void theCallersArrayIsItsOwn() {
    TaskGraph graph = TaskGraph.of(job("a", "b").dependency("a", "b").build());
    graph.successors(0)[0] = 7;
    assertThat(graph.successors(0)).containsExactly(1);
  }

  @Test
  void whatWasNotCheckedIsRefused() {
    JobDescription cycle = job("a", "b").dependency("a", "b").dependency("b", "a").build();
    JobDescription unknown = job("a").dependency("a", "b").build();
    assertThatThrownBy(() -> TaskGraph.of(cycle)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TaskGraph.of(unknown)).isInstanceOf(IllegalArgumentException.class);
    TaskGraph graph = TaskGraph.of(job("a").build());
    assertThatThrownBy(() -> graph.number(new TaskName("b")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Edges go from lower to higher numbers of a random order, so that there is no cycle. */
  @Property(tries = 300)
  void everyEdgeLeadsForwardAndNoneIsLost(@ForAll long seed) {
    Random random = new Random(seed);
    int size = 1 + random.nextInt(30);
    int[] order = random.ints(0, 1_000).distinct().limit(size).toArray();
    String[] tasks = IntStream.range(0, size).mapToObj(i -> "t" + i).toArray(String[]::new);
    JobDescription.Builder builder = job(tasks);
    for (int from = 0; from < size; from++) {
      for (int to = 0; to < size; to++) {
        if (order[from] < order[to] && random.nextInt(4) == 0) {
          builder.dependency("t" + from, "t" + to);
        }
      }
    }
    JobDescription job = builder.build();
    assertThat(JobCheck.check(job)).isEmpty();
    assertMatches(TaskGraph.of(job), job);
  }

  private static void assertMatches(TaskGraph graph, JobDescription job) {
    int[] predecessors = new int[graph.size()];
    for (int task = 0; task < graph.size(); task++) {
      int longest = 0;
      for (int after : graph.successors(task)) {
        assertThat(after).isGreaterThan(task);
        assertThat(job.dependencies().get(graph.name(task))).contains(graph.name(after));
        predecessors[after]++;
        longest = Math.max(longest, graph.longestRemainingPath(after));
      }
      assertThat(graph.longestRemainingPath(task)).isEqualTo(longest + 1);
      assertThat(graph.number(graph.name(task))).isEqualTo(task);
    }
    int edges = job.dependencies().values().stream().mapToInt(after -> after.size()).sum();
    assertThat(IntStream.of(predecessors).sum()).isEqualTo(edges);
    for (int task = 0; task < graph.size(); task++) {
      assertThat(graph.predecessorCount(task)).isEqualTo(predecessors[task]);
    }
  }
}
