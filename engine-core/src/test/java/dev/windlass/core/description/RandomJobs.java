package dev.windlass.core.description;

import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.Condition;
import dev.windlass.job.ContainerImage;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.Isolation;
import dev.windlass.job.JobDescription;
import dev.windlass.job.Mapping;
import dev.windlass.job.Mapping.Direction;
import dev.windlass.job.Outcome;
import dev.windlass.job.PassThrough;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryDelay;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.Tolerance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Random descriptions without faults. Everything that a description can hold comes up. */
final class RandomJobs {

  private static final Direction[] DIRECTIONS = Direction.values();
  private static final List<Condition> CONDITIONS = List.of(Condition.values());

  private final Random random;

  RandomJobs(long seed) {
    random = new Random(seed);
  }

  JobDescription job() {
    JobDescription.Builder job =
        JobDescription.builder("job-" + random.nextInt(100))
            .description(text())
            .priority(random.nextInt(JobDescription.MAX_PRIORITY + 1))
            .failOnInstanceFail(random.nextBoolean())
            .autoRelease(random.nextBoolean());
    if (random.nextBoolean()) {
      job.owner("o" + text() + "x").weight(1 + random.nextInt(JobDescription.MAX_WEIGHT));
    }
    if (random.nextBoolean()) {
      job.maxRunning(1 + random.nextInt(9));
    }
    if (random.nextInt(3) == 0) {
      job.onFailure(FailurePolicy.FINISH_RUNNING);
    }
    boolean goesOn = job.build().onFailure() == FailurePolicy.GO_ON;
    int tasks = 1 + random.nextInt(6);
    int same = 1 + random.nextInt(9);
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      int instances = 1 + random.nextInt(TaskDescription.MAX_INSTANCES);
      instances = random.nextInt(4) == 0 ? instances : same;
      TaskDescription.Builder task = task().instances(instances);
      for (int before = 0; before < i; before++) {
        if (random.nextInt(3) == 0) {
          job.dependency("t" + before, "t" + i);
          Condition condition = CONDITIONS.get(random.nextInt(CONDITIONS.size()));
          if (random.nextBoolean() && (goesOn || condition != Condition.FAILURE)) {
            task.condition("t" + before, condition);
          } else if (counts.get(before) == instances) {
            task.perInstance("t" + before);
          }
        }
      }
      counts.add(instances);
      job.task("t" + i, task.build());
    }
    if (random.nextBoolean()) {
      job.task("last", task().build()).finalTask("last");
    }
    if (random.nextBoolean()) {
      job.passThrough(new PassThrough(Map.of("Notification", "{\"Topic\":{\"Events\":[]}}")));
    }
    return job.build();
  }

  private TaskDescription.Builder task() {
    TaskDescription.Builder task =
        TaskDescription.builder(
                random.nextBoolean() ? Command.shell("x" + text()) : Command.of("p", text(), ""))
            .timeout(Duration.ofSeconds(1 + random.nextInt(1_000_000)))
            .retry(retry())
            .placement(placement());
    addMappings(task);
    addOptional(task);
    if (random.nextBoolean()) {
      task.maxRunning(1 + random.nextInt(9));
    }
    if (random.nextBoolean()) {
      task.tolerance(new Tolerance(random.nextInt(3), random.nextInt(101)));
    }
    return task;
  }

  private void addOptional(TaskDescription.Builder task) {
    if (random.nextBoolean()) {
      task.packageUri("oss://b/" + random.nextInt(9) + ".tar.gz").stdoutFolder("oss://b/logs/");
      task.resources(
          new Resources(1 + random.nextInt(9_000), random.nextInt(9), random.nextInt(2))
              .withDisk(random.nextInt(3))
              .withNamed(random.nextBoolean() ? Map.of() : Map.of("licence-x", 1, "B", 7)));
    }
    if (random.nextBoolean()) {
      task.secret("TOKEN", "ä " + text())
          .environment("V1", text())
          .environment("ä\n", "")
          .stderrFolder("oss://b/logs/");
      task.image(new ContainerImage("i:1", Optional.of("mode").filter(m -> random.nextBoolean())));
    }
    if (random.nextBoolean()) {
      task.executor("local").isolation(Isolation.SEALED);
      task.passThrough("Parameters.InputMappingConfig", new PassThrough(Map.of("Lock", "true")));
    }
    if (random.nextBoolean()) {
      task.passThrough("Mounts", new PassThrough(Map.of("CacheBlockSize", "1")));
      task.passThrough("", new PassThrough(Map.of("CredentialConfig", "{\"ServiceRole\":\"r\"}")));
    }
  }

  private void addMappings(TaskDescription.Builder task) {
    boolean[] used = new boolean[3];
    for (int i = random.nextInt(8); i > 0; i--) {
      Direction direction = DIRECTIONS[random.nextInt(DIRECTIONS.length)];
      String slash = random.nextBoolean() ? "/" : "";
      // A store URI may come again among read-only inputs; the others are keys of maps.
      int store = direction == Direction.WRITABLE_INPUT ? 10 + i : random.nextInt(used.length);
      task.mapping(new Mapping(direction, "oss://b/" + store + slash, "/data/" + i + slash));
    }
  }

  private RetryPolicy retry() {
    int retries = random.nextInt(RetryPolicy.MAX_RETRIES + 1);
    if (random.nextBoolean()) {
      return RetryPolicy.retries(retries);
    }
    Duration delay = Duration.ofNanos(random.nextInt(Integer.MAX_VALUE));
    RetryPolicy policy =
        RetryPolicy.retries(retries).pausing(delay, delay.plusMillis(random.nextInt(10_000)));
    if (random.nextBoolean()) {
      policy = policy.withRule(RetryRule.failOnExit(1, 255, 77)).withMaxLosses(random.nextInt(99));
    }
    return random.nextBoolean() ? policy : policy.withRule(retryRule());
  }

  private RetryRule retryRule() {
    Outcome.Kind[] kinds = Outcome.Kind.values();
    RetryRule rule = RetryRule.retryOn(kinds[random.nextInt(kinds.length)], Outcome.Kind.TIMED_OUT);
    if (random.nextBoolean()) {
      rule = rule.atMost(random.nextInt(5));
    }
    return random.nextBoolean()
        ? rule
        : rule.pausing(new RetryDelay(Duration.ZERO, Duration.ofNanos(1 + random.nextInt(99))));
  }

  private Placement placement() {
    return switch (random.nextInt(3)) {
      case 0 -> new Placement.DefaultCluster();
      case 1 -> new Placement.OnCluster(new ClusterName("c" + random.nextInt(9)));
      default ->
          new Placement.AutoCluster(
              "type",
              Optional.of("img").filter(i -> random.nextBoolean()),
              Optional.of("ecs").filter(i -> random.nextBoolean()),
              random.nextBoolean(),
              new PassThrough(Map.of("SpotPriceLimit", "0.10", "UserData", "{}")));
    };
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(
          List.of("ab\"\\/ \n\t\u0001\u2028é漢😀".codePoints().boxed().toArray(Integer[]::new))
              .get(random.nextInt(13)));
    }
    return text.toString();
  }
}
