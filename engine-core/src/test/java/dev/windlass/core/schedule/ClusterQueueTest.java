package dev.windlass.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.core.schedule.Farm.Job;
import dev.windlass.core.schedule.Farm.Task;
import dev.windlass.job.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The rule of {@code docs/scheduling.md}, in virtual time, held against random work. */
class ClusterQueueTest {

  private static final Resources NODE = Resources.cpus(8).withMemory(64);

  /** Jobs that come in over time, on three nodes of two sizes. */
  private static Farm farm(Random random, int priorities, boolean caps) {
    Farm farm = new Farm(List.of(NODE, NODE, Resources.cpus(4).withMemory(16)));
    int jobs = 2 + random.nextInt(8);
    for (int i = 0; i < jobs; i++) {
      Job job =
          new Job(
              i,
              random.nextInt(priorities),
              random.nextInt(3) == 0 ? "owner" : "job" + i,
              1,
              caps && random.nextBoolean() ? 1 + random.nextInt(4) : Integer.MAX_VALUE);
      int tasks = 1 + random.nextInt(3);
      for (int t = 0; t < tasks; t++) {
        Resources request =
            Resources.cpus(1 + random.nextInt(random.nextInt(4) == 0 ? 8 : 2))
                .withMemory(1 + random.nextInt(random.nextInt(4) == 0 ? 64 : 8));
        job.task(1 + random.nextInt(20), 1 + random.nextInt(50), request);
      }
      farm.arrives(random.nextInt(100), job);
    }
    return farm;
  }

  /** A node refuses what does not fit, so this alone says much. */
  @Property(tries = 300)
  void everythingIsPlacedInTheEndAndNoCapIsExceeded(@ForAll Random random) {
    Farm farm = farm(random, 3, true);
    farm.run(
        (task, node) ->
            assertThat(task.job.running).as("%s", task.job).isLessThan(task.job.maxRunning));
  }

  @Property(tries = 300)
  void nothingBeginsWhileSomethingOfHigherPriorityCould(@ForAll Random random) {
    Farm farm = farm(random, 4, true);
    farm.run(
        (task, node) -> {
          node.free(task.request); // it is booked already
          for (Task other : farm.waiting) {
            assertThat(
                    other.job.priority > task.job.priority
                        && farm.couldBegin(other, farm.reserved()))
                .as(
                    "at %s: %s begins on %s, and %s could; reserved are %s; nodes are %s",
                    farm.now, task, node, other, farm.reserved(), farm.pool.nodes())
                .isFalse();
          }
          node.book(task.request);
        });
  }

  /**
   * Whatever begins belongs to a share that is not larger than any other that could place
   * something, unless it had a reservation. So of two shares one can be ahead by no more than one
   * request.
   */
  @Property(tries = 300)
  void sharesOfEqualPriorityDifferByOneRequestAtMost(@ForAll Random random) {
    Farm farm = farm(random, 1, false);
    farm.run(
        (task, node) -> {
          boolean held = farm.queue.reservedFor(task).isPresent();
          node.free(task.request);
          double before = farm.size(task.job);
          for (Task other : farm.waiting) {
            if (!held && farm.couldBegin(other, farm.reserved())) {
              assertThat(before)
                  .as("%s begins, and %s could", task, other)
                  .isLessThanOrEqualTo(farm.size(other.job) + 1e-9);
            }
          }
          node.book(task.request);
        });
  }

  @Example
  void weightsDivideTheCluster() {
    Farm farm = new Farm(List.of(Resources.cpus(90).withMemory(90)));
    Map<String, Integer> begun = new HashMap<>();
    for (int weight : new int[] {1, 3, 5}) {
      Job job = new Job(weight, 0, "w" + weight, weight, Integer.MAX_VALUE);
      job.task(500, 10, Resources.cpus(1));
      farm.arrives(0, job);
    }
    farm.run(
        (task, node) -> {
          if (farm.now == 0) {
            begun.merge(task.job.share, 1, Integer::sum);
          }
        });
    assertThat(begun).isEqualTo(Map.of("w1", 10, "w3", 30, "w5", 50));
  }

  /** Of two shares one wants processors and the other memory; each gets the same dominant part. */
  @Example
  void theDominantResourceCounts() {
    Farm farm = new Farm(List.of(Resources.cpus(9).withMemory(18)));
    Map<String, Integer> begun = new HashMap<>();
    Job memory = new Job(0, 0, "memory", 1, Integer.MAX_VALUE);
    memory.task(100, 10, Resources.cpus(1).withMemory(4));
    Job cpus = new Job(1, 0, "cpus", 1, Integer.MAX_VALUE);
    cpus.task(100, 10, Resources.cpus(3).withMemory(1));
    farm.arrives(0, memory);
    farm.arrives(0, cpus);
    farm.run(
        (task, node) -> {
          if (farm.now == 0) {
            begun.merge(task.job.share, 1, Integer::sum);
          }
        });
    // The example of the paper (NSDI 2011, section 4.1): three tasks of the one, two of the other.
    assertThat(begun).isEqualTo(Map.of("memory", 3, "cpus", 2));
  }

  /**
   * What holds a reservation waits for no longer than what ran on its node when it got it, as long
   * as nothing of higher priority comes.
   */
  @Property(tries = 300)
  void whoHoldsAReservationWaitsForWhatRanOnItsNodeOnly(@ForAll Random random) {
    Farm farm = farm(random, 1, false);
    long longest = 50; // no instance of the farm runs longer
    Map<Task, Long> since = new HashMap<>();
    farm.run(
        (task, node) -> {
          for (Task other : farm.waiting) {
            if (farm.queue.reservedFor(other).isPresent()) {
              since.putIfAbsent(other, farm.now);
            } else {
              since.remove(other);
            }
          }
          Long held = since.remove(task);
          if (held != null) {
            assertThat(farm.now - held).as("%s", task).isLessThanOrEqualTo(longest);
          }
        });
  }

  /** Small instances come for ever; a large one of equal priority begins all the same, in time. */
  @Property(tries = 100)
  void aLargeRequestIsNotStarvedBySmallOnes(@ForAll Random random) {
    Farm farm = new Farm(List.of(NODE, NODE));
    for (int i = 0; i < 400; i++) {
      Job small = new Job(i, 0, "small" + random.nextInt(5), 1, Integer.MAX_VALUE);
      small.task(4, 5 + random.nextInt(20), Resources.cpus(1 + random.nextInt(3)));
      farm.arrives(i, small);
    }
    Job large = new Job(1_000, 0, "large", 1, Integer.MAX_VALUE);
    Task whole = large.task(1, 10, NODE);
    farm.arrives(100, large);
    List<Long> began = new ArrayList<>();
    farm.run(
        (task, node) -> {
          if (task == whole) {
            began.add(farm.now);
          }
        });
    // Its share is empty. So the reservation goes before it to whoever has it already, and to other
    // shares only if they are empty too; each of them waits for what ran on its node.
    int others = 1 + 5;
    assertThat(began)
        .singleElement()
        .satisfies(at -> assertThat(at).isLessThan(100 + (others + 1) * 25L));
  }

  @Property(tries = 100)
  void theSameWorkIsPlacedInTheSameOrder(@ForAll long seed) {
    assertThat(order(seed)).isEqualTo(order(seed));
  }

  private static List<String> order(long seed) {
    Farm farm = farm(new Random(seed), 3, true);
    List<String> order = new ArrayList<>();
    farm.run((task, node) -> order.add(farm.now + " " + task + " " + node.name()));
    return order;
  }
}
