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
import net.jqwik.api.Tag;

/** The rule of {@code docs/scheduling.md}, in virtual time, held against random work. */
@Tag("slow")
class ClusterQueueTest {

  private static final Resources NODE = Resources.cpus(8).withMemory(64).withDisk(100).withGpus(4);

  /** No instance of a farm runs longer. */
  private static final int LONGEST = 50;

  /** Some or all of what there is. */
  private static Map<String, Integer> named(Random random) {
    Map<String, Integer> named = new HashMap<>();
    for (Map<String, Integer> totals : List.of(Farm.OF_CLUSTER, Farm.OF_ENGINE)) {
      if (random.nextBoolean()) {
        totals.forEach((name, total) -> named.put(name, 1 + random.nextInt(total)));
      }
    }
    return named;
  }

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
                .withMemory(1 + random.nextInt(random.nextInt(4) == 0 ? 64 : 8))
                .withDisk(random.nextInt(4) == 0 ? random.nextInt(100) : 0)
                .withGpus(random.nextInt(4) == 0 ? random.nextInt(5) : 0)
                .withNamed(random.nextInt(3) == 0 ? named(random) : Map.of());
        job.task(1 + random.nextInt(20), 1 + random.nextInt(LONGEST), request);
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
        (task, node) -> farm.before(task, () -> assertThatNothingHigherCould(farm, task, node)));
  }

  private static void assertThatNothingHigherCould(Farm farm, Task task, Node node) {
    for (Task other : farm.waiting) {
      assertThat(other.job.priority > task.job.priority && farm.couldBegin(other, farm.reserved()))
          .as(
              "at %s: %s begins on %s, and %s could; reserved are %s; nodes are %s",
              farm.now, task, node, other, farm.reserved(), farm.pool.nodes())
          .isFalse();
    }
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
          if (!farm.queue.holdsReservation(task)) {
            farm.before(task, () -> assertThatNoSmallerShareCould(farm, task));
          }
        });
  }

  private static void assertThatNoSmallerShareCould(Farm farm, Task task) {
    for (Task other : farm.waiting) {
      if (farm.couldBegin(other, farm.reserved())) {
        assertThat(farm.size(task.job))
            .as("%s begins, and %s could", task, other)
            .isLessThanOrEqualTo(farm.size(other.job) + 1e-9);
      }
    }
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
   * as nothing of higher priority comes; and if it needs named resources, first for no longer than
   * what had those.
   */
  @Property(tries = 300)
  void whoHoldsAReservationWaitsForWhatRanWhenItGotItOnly(@ForAll Random random) {
    Farm farm = farm(random, 1, false);
    Map<Task, Long> since = new HashMap<>();
    farm.run(
        (task, node) -> {
          for (Task other : farm.waiting) {
            if (farm.queue.holdsReservation(other)) {
              since.putIfAbsent(other, farm.now);
            } else {
              since.remove(other);
            }
          }
          Long held = since.remove(task);
          if (held != null) {
            long times = task.request.named().isEmpty() ? 1 : 2;
            assertThat(farm.now - held).as("%s", task).isLessThanOrEqualTo(times * LONGEST);
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

  /** What fits beside the holder of a reservation does not wait for it. */
  @Example
  void whatFitsBesideAReservationPassesByOnTheSameNode() {
    Farm farm = new Farm(List.of(NODE));
    Job wide = new Job(0, 0, "wide", 1, Integer.MAX_VALUE);
    Task all = wide.task(2, 10, Resources.cpus(1).withGpus(4));
    Job thin = new Job(1, 0, "thin", 1, Integer.MAX_VALUE);
    Task one = thin.task(9, 10, Resources.cpus(1));
    farm.arrives(0, wide);
    farm.arrives(0, thin);
    Map<Task, List<Long>> began = new HashMap<>();
    farm.run((task, node) -> began.computeIfAbsent(task, any -> new ArrayList<>()).add(farm.now));
    assertThat(began.get(all)).containsExactly(0L, 10L);
    assertThat(began.get(one)).containsExactly(0L, 0L, 0L, 0L, 0L, 0L, 0L, 10L, 10L);
  }

  /** The same for licences: many take one each, one wants all of them. */
  @Property(tries = 100)
  void whoNeedsAllLicencesIsNotStarvedByThoseWhoNeedOne(@ForAll Random random) {
    Farm farm = new Farm(List.of(NODE, NODE));
    for (int i = 0; i < 400; i++) {
      Job small = new Job(i, 0, "small" + random.nextInt(5), 1, Integer.MAX_VALUE);
      small.task(2, 5 + random.nextInt(20), Resources.cpus(1).withNamed(Map.of("licence", 1)));
      farm.arrives(i, small);
    }
    Job large = new Job(1_000, 0, "large", 1, Integer.MAX_VALUE);
    Task all = large.task(1, 10, Resources.cpus(1).withNamed(Farm.OF_ENGINE));
    farm.arrives(100, large);
    List<Long> began = new ArrayList<>();
    farm.run(
        (task, node) -> {
          if (task == all) {
            began.add(farm.now);
          }
        });
    // As above, and each of those before it waits for licences first and then for its node.
    int others = 1 + 5;
    assertThat(began)
        .singleElement()
        .satisfies(at -> assertThat(at).isLessThan(100 + (others + 1) * 2 * 25L));
  }

  /** However many wait for a licence, they do not hold up those that need none. */
  @Example
  void whatNeedsNoLicencePassesByWhatWaitsForOne() {
    Farm farm = new Farm(List.of(NODE));
    Resources licensed = Resources.cpus(1).withNamed(Map.of("licence", 5));
    for (int i = 0; i < 3 * ClusterQueue.DEPTH; i++) {
      Job job = new Job(i, 0, "licensed" + i, 1, Integer.MAX_VALUE);
      job.task(1, 10, licensed);
      farm.arrives(0, job);
    }
    Job free = new Job(1_000, 0, "free", 1, Integer.MAX_VALUE);
    Task freeTask = free.task(7, 10, Resources.cpus(1));
    farm.arrives(0, free);
    Map<Task, Long> began = new HashMap<>();
    farm.run((task, node) -> began.put(task, farm.now));
    assertThat(began).containsEntry(freeTask, 0L);
  }

  /** What there is too little of at all is waited for without a reservation. */
  @Example
  void whatCannotBeginAtAllKeepsNothingFromOthers() {
    Farm farm = new Farm(List.of(NODE));
    Job impossible = new Job(0, 0, "impossible", 1, Integer.MAX_VALUE);
    Task never = impossible.task(1, 10, Resources.cpus(1).withNamed(Map.of("licence", 6)));
    Job job = new Job(1, 0, "possible", 1, Integer.MAX_VALUE);
    Task task = job.task(3, 10, Resources.cpus(1).withNamed(Map.of("licence", 2)));
    farm.queue.update(never);
    farm.queue.update(task);
    List<Task> begun = new ArrayList<>();
    farm.queue.place(
        10,
        (each, booking) -> {
          begun.add(each);
          each.waiting--;
        });
    assertThat(begun).containsExactly(task, task);
    assertThat(farm.queue.holdsReservation(never)).isFalse();
    assertThat(farm.queue.holdsReservation(task)).isTrue();
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
