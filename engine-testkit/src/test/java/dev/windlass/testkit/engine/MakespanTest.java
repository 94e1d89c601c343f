package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * How long a job takes that the engine orders by remaining paths, which it counts in tasks, beside
 * list scheduling by upward rank (Topcuoglu and others, HEFT, 2002), which knows how long each task
 * will run and is computed here anew.
 */
class MakespanTest {

  private static final int GRAPHS = 60;

  /** Tasks of one instance and one processor each; an edge leads to a higher number. */
  private static final class Dag {
    private final long[] minutes;
    private final List<List<Integer>> successors;
    private final int processors;

    Dag(long[] minutes, List<List<Integer>> successors, int processors) {
      this.minutes = minutes;
      this.successors = successors;
      this.processors = processors;
    }

    int size() {
      return minutes.length;
    }

    int[] predecessorCounts() {
      int[] counts = new int[size()];
      successors.forEach(after -> after.forEach(task -> counts[task]++));
      return counts;
    }

    /** For each task how long the rest of the job takes at least, itself included. */
    long[] upwardRanks() {
      long[] ranks = new long[size()];
      for (int task = size() - 1; task >= 0; task--) {
        ranks[task] =
            minutes[task]
                + successors.get(task).stream().mapToLong(after -> ranks[after]).max().orElse(0);
      }
      return ranks;
    }

    long lowerBound() {
      long work = Arrays.stream(minutes).sum();
      long path = Arrays.stream(upwardRanks()).max().orElseThrow();
      return Math.max(path, (work + processors - 1) / processors);
    }

    /** Whenever a processor is free the ready task of the highest rank begins. */
    long listSchedule() {
      record Ending(long at, int task) {}
      long[] ranks = upwardRanks();
      int[] open = predecessorCounts();
      PriorityQueue<Integer> ready =
          new PriorityQueue<>(
              Comparator.comparingLong((Integer task) -> -ranks[task])
                  .thenComparingInt(Integer::intValue));
      PriorityQueue<Ending> endings = new PriorityQueue<>(Comparator.comparingLong(Ending::at));
      for (int task = 0; task < size(); task++) {
        if (open[task] == 0) {
          ready.add(task);
        }
      }
      long now = 0;
      while (!ready.isEmpty() || !endings.isEmpty()) {
        while (!ready.isEmpty() && endings.size() < processors) {
          int task = ready.remove();
          endings.add(new Ending(now + minutes[task], task));
        }
        now = endings.element().at();
        while (!endings.isEmpty() && endings.element().at() == now) {
          for (int after : successors.get(endings.remove().task())) {
            if (--open[after] == 0) {
              ready.add(after);
            }
          }
        }
      }
      return now;
    }

    /** By the shipped engine in virtual time. */
    long engineSchedule() throws InterruptedException {
      try (TestEngine engine =
          TestEngine.builder().nodeCapacity(Resources.cpus(processors)).build()) {
        JobDescription.Builder job = JobDescription.builder("dag");
        for (int task = 0; task < size(); task++) {
          String name = "t" + task;
          engine.script().task(name).succeeds().after(Duration.ofMinutes(minutes[task]));
          job.task(name, TaskDescription.builder(Command.of("prog")).build());
          successors.get(task).forEach(after -> job.dependency(name, "t" + after));
        }
        engine.engine().await(engine.engine().submit(job.build()));
        return engine.elapsed().toMinutes();
      }
    }
  }

  private static Dag dag(List<List<Integer>> successors, Random random) {
    long[] minutes = new long[successors.size()];
    for (int task = 0; task < minutes.length; task++) {
      minutes[task] = 1L + random.nextInt(60);
    }
    return new Dag(minutes, successors, 2 + random.nextInt(6));
  }

  private static List<List<Integer>> tasks(int count) {
    List<List<Integer>> successors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      successors.add(new ArrayList<>());
    }
    return successors;
  }

  /** Each task of a layer waits for some of the layer before. */
  private static Dag layered(Random random) {
    int layers = 3 + random.nextInt(5);
    int width = 2 + random.nextInt(8);
    List<List<Integer>> successors = tasks(layers * width);
    for (int task = width; task < layers * width; task++) {
      int layer = task / width;
      for (int before = 0; before < 1 + random.nextInt(3); before++) {
        int from = (layer - 1) * width + random.nextInt(width);
        if (!successors.get(from).contains(task)) {
          successors.get(from).add(task);
        }
      }
    }
    return dag(successors, random);
  }

  /** Split, work, join, some times over. */
  private static Dag forkJoin(Random random) {
    int rounds = 1 + random.nextInt(3);
    int width = 3 + random.nextInt(15);
    List<List<Integer>> successors = tasks(rounds * (width + 1) + 1);
    for (int round = 0; round < rounds; round++) {
      int split = round * (width + 1);
      for (int i = 1; i <= width; i++) {
        successors.get(split).add(split + i);
        successors.get(split + i).add(split + width + 1);
      }
    }
    return dag(successors, random);
  }

  /**
   * Two steps of which each shard goes through on its own, on processors for all: the job takes as
   * long as its slowest shard, not as the slowest of each step together.
   */
  @Test
  void aPipelineOfShardsTakesAsLongAsItsSlowestShard() throws InterruptedException {
    Random random = new Random(20261126);
    int shards = 20;
    try (TestEngine engine = TestEngine.builder().nodeCapacity(Resources.cpus(shards)).build()) {
      long slowest = 0;
      long[] slowestOfStep = new long[2];
      for (int shard = 0; shard < shards; shard++) {
        long[] minutes = {1L + random.nextInt(60), 1L + random.nextInt(60)};
        for (int step = 0; step < 2; step++) {
          engine
              .script()
              .task("step" + step)
              .instance(shard)
              .succeeds()
              .after(Duration.ofMinutes(minutes[step]));
          slowestOfStep[step] = Math.max(slowestOfStep[step], minutes[step]);
        }
        slowest = Math.max(slowest, minutes[0] + minutes[1]);
      }
      TaskDescription.Builder step = TaskDescription.builder(Command.of("prog")).instances(shards);
      JobDescription job =
          JobDescription.builder("pipeline")
              .task("step0", step.build())
              .task("step1", step.perInstance("step0").build())
              .dependency("step0", "step1")
              .build();

      engine.engine().await(engine.engine().submit(job));

      assertThat(engine.elapsed().toMinutes())
          .isEqualTo(slowest)
          .isLessThan(slowestOfStep[0] + slowestOfStep[1]);
    }
  }

  @Test
  void jobsTakeLittleLongerThanIfAllDurationsWereKnown() throws InterruptedException {
    Random random = new Random(20261124);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < GRAPHS; i++) {
      Dag dag = i % 2 == 0 ? layered(random) : forkJoin(random);
      long engine = dag.engineSchedule();
      assertThat(engine).as("graph %s", i).isLessThanOrEqualTo(2 * dag.lowerBound());
      ratios.add((double) engine / dag.listSchedule());
    }
    ratios.sort(Comparator.naturalOrder());
    double median = ratios.get(GRAPHS / 2);
    System.out.printf(
        "time of jobs beside list scheduling: least %.3f, median %.3f, 90%% %.3f, most %.3f%n",
        ratios.get(0), median, ratios.get(GRAPHS * 9 / 10), ratios.get(GRAPHS - 1));
    assertThat(median).isLessThanOrEqualTo(1.10);
  }
}
