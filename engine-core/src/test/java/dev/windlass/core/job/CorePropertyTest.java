package dev.windlass.core.job;

import dev.windlass.job.Command;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobDescription;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.Tolerance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/**
 * The promises of the engine as properties of its core: random graphs, random outcomes, late
 * commits, crashes, and users who stop, restart and delete, all from one seed that is printed when
 * a property fails.
 */
@Tag("slow")
final class CorePropertyTest {
  private static final int DISTURBED_STEPS = 150;
  private static final int MOST_STEPS = 50_000;

  @Property(tries = 150)
  void thePromisesHoldWhateverHappens(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int jobs) throws IOException {
    run(seed, jobs, true);
  }

  @Property(tries = 50)
  void anUndisturbedJobComesToItsEnd(@ForAll long seed) throws IOException {
    run(seed, 1, false);
  }

  private static void run(long seed, int jobs, boolean disturbed) throws IOException {
    Path directory = Files.createTempDirectory("windlass-core");
    try (Simulation simulation = new Simulation(seed, directory.resolve("state.db"))) {
      Random shapes = new Random(seed);
      for (int i = 0; i < jobs; i++) {
        simulation.submit(randomJob(shapes));
      }
      for (int i = 0; disturbed && i < DISTURBED_STEPS; i++) {
        simulation.step(true);
      }
      simulation.calm();
      int steps = 0;
      while (simulation.step(false)) {
        if (++steps > MOST_STEPS) {
          throw new AssertionError("no end in sight after " + steps + " steps");
        }
      }
      simulation.checkQuiet();
    } finally {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private static Resources resources(Random random) {
    Map<String, Integer> named = new TreeMap<>();
    if (random.nextInt(4) == 0) {
      named.put(Simulation.LICENCE, 1 + random.nextInt(Simulation.MOST_LICENCES));
    }
    if (random.nextInt(4) == 0) {
      named.put(Simulation.SITE, 1);
    }
    return Resources.cpus(1 + random.nextInt(3)).withGpus(random.nextInt(3)).withNamed(named);
  }

  private static JobDescription randomJob(Random random) {
    JobDescription.Builder job =
        JobDescription.builder("random")
            .priority(random.nextInt(3))
            .failOnInstanceFail(random.nextInt(3) > 0)
            .autoRelease(random.nextInt(5) == 0);
    if (random.nextInt(4) == 0) {
      job.onFailure(FailurePolicy.FINISH_RUNNING);
    }
    int tasks = 1 + random.nextInt(6);
    int same = 1 + random.nextInt(6);
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      int instances = random.nextBoolean() ? same : 1 + random.nextInt(6);
      TaskDescription.Builder task =
          TaskDescription.builder(Command.of("program"))
              .instances(instances)
              .timeout(Duration.ofSeconds(1 + random.nextInt(3)))
              .retry(
                  RetryPolicy.retries(random.nextInt(3))
                      .pausing(Duration.ofMillis(10), Duration.ofSeconds(1))
                      .withRule(RetryRule.failOnExit(7)))
              .resources(resources(random));
      if (random.nextBoolean()) {
        task.logs("oss://bucket/logs/", "oss://bucket/logs/");
      }
      if (random.nextInt(3) == 0) {
        task.tolerance(new Tolerance(random.nextInt(3), 0));
      }
      for (int before = 0; before < i; before++) {
        if (random.nextInt(3) == 0) {
          job.dependency("t" + before, "t" + i);
          if (counts.get(before) == instances && random.nextInt(3) > 0) {
            task.perInstance("t" + before);
          }
        }
      }
      counts.add(instances);
      job.task("t" + i, task.build());
    }
    if (random.nextInt(3) == 0) {
      TaskDescription.Builder last = TaskDescription.builder(Command.of("program"));
      last.instances(1 + random.nextInt(3)).retry(RetryPolicy.retries(1));
      job.task("last", last.build()).finalTask("last");
    }
    return job.build();
  }
}
