package dev.windlass.testkit.store;

import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.TaskDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small jobs of random shapes. */
final class RandomJobs {

  private RandomJobs() {}

  static JobDescription next(Random random) {
    JobDescription.Builder job =
        JobDescription.builder("label" + random.nextInt(2))
            .priority(random.nextInt(3))
            .failOnInstanceFail(random.nextInt(3) > 0)
            .autoRelease(random.nextInt(5) == 0);
    if (random.nextBoolean()) {
      job.owner("owner" + random.nextInt(2));
    }
    if (random.nextBoolean()) {
      job.label("a", random.nextBoolean() ? "x" : "y\"\n");
    }
    if (random.nextBoolean()) {
      job.label("b", "y");
    }
    int tasks = 1 + random.nextInt(3);
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      int instances = random.nextBoolean() ? 2 : 1 + random.nextInt(4);
      TaskDescription.Builder task = task(random).instances(instances);
      for (int before = 0; before < i; before++) {
        if (random.nextInt(3) == 0) {
          job.dependency("t" + (tasks - before), "t" + (tasks - i));
          if (counts.get(before) == instances && random.nextBoolean()) {
            task.perInstance("t" + (tasks - before));
          }
        }
      }
      counts.add(instances);
      job.task("t" + (tasks - i), task.build());
    }
    if (random.nextInt(3) == 0) {
      job.task("last", task(random).build()).finalTask("last");
    }
    return job.build();
  }

  private static TaskDescription.Builder task(Random random) {
    return TaskDescription.builder(Command.of("program"))
        .timeout(Duration.ofSeconds(1 + random.nextInt(3)))
        .retry(
            RetryPolicy.retries(random.nextInt(3))
                .pausing(Duration.ofMillis(10), Duration.ofSeconds(1))
                .withRule(RetryRule.failOnExit(7)))
        .resources(
            Resources.cpus(1 + random.nextInt(3))
                .withGpus(random.nextInt(4) == 0 ? 1 : 0)
                .withNamed(random.nextInt(5) == 0 ? Map.of("licence", 1) : Map.of()))
        .placement(
            random.nextBoolean()
                ? new Placement.DefaultCluster()
                : Placement.AutoCluster.of("type").reservingOnFail());
  }
}
