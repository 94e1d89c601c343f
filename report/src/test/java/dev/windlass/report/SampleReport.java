package dev.windlass.report;

import dev.windlass.AttemptStatus;
import dev.windlass.Counts;
import dev.windlass.JobStatus;
import dev.windlass.TaskStatus;
import dev.windlass.UsageTotals;
import dev.windlass.event.Event;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;

/**
 * A report of a job of any size with all phases, which a real engine would have to be loaded for
 * hours to give: instances take places on nodes one after another, and some of them fail at first.
 */
final class SampleReport {

  static final JobId JOB = new JobId("job-0123456789abcdef0123456789abcdef");
  static final Instant START = Instant.parse("2030-03-31T00:30:00Z");

  private static final int PLACES = 8;
  private static final int WIDTH = 40;

  private final Random random = new Random(7);
  private final JobDescription description;
  private final List<String> nodes;
  private final List<AttemptReport> attempts = new ArrayList<>();
  private final Map<TaskName, Instant> ends = new TreeMap<>();

  /** When a place on a node is free again. */
  private record Place(Instant free, String node) {}

  private SampleReport(JobDescription description, List<String> nodes) {
    this.description = description;
    this.nodes = nodes;
  }

  private static TaskDescription task(int instances) {
    return TaskDescription.builder(Command.shell("true"))
        .instances(instances)
        .resources(Resources.cpus(2).withMemory(4L << 30))
        .build();
  }

  /** A job of six tasks with about so many instances in all. */
  static JobReport ofInstances(int instances) {
    JobDescription description =
        JobDescription.builder("nightly-alignment")
            .description("All samples of the night, aligned and merged.")
            .priority(50)
            .owner("genomics")
            .label("project", "atlas")
            .task("split", task(4))
            .task("align", task(instances * 6 / 10))
            .task("sort", task(instances * 3 / 10))
            .task("qc", task(instances / 10))
            .task("merge", task(1))
            .task("tidy-up", task(1))
            .dependency("split", "align")
            .dependency("split", "qc")
            .dependency("align", "sort")
            .dependency("sort", "merge")
            .dependency("qc", "merge")
            .finalTask("tidy-up")
            .build();
    return new SampleReport(description, nodes()).run();
  }

  private static List<String> nodes() {
    List<String> nodes = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      nodes.add("pool-workers-" + i);
    }
    return nodes;
  }

  /**
   * A job of so many tasks of one instance each, in layers; each waits for two of the one before.
   */
  static JobReport ofTasks(int count) {
    JobDescription.Builder job = JobDescription.builder("many-steps");
    for (int i = 0; i < count; i++) {
      job.task(layered(i), task(1));
      if (i >= WIDTH) {
        int layer = (i / WIDTH - 1) * WIDTH;
        job.dependency(layered(layer + i % WIDTH), layered(i));
        job.dependency(layered(layer + (i + 1) % WIDTH), layered(i));
      }
    }
    SampleReport sample = new SampleReport(job.build(), nodes());
    for (int i = 0; i < count; i++) {
      int layer = (i / WIDTH - 1) * WIDTH;
      Instant one = sample.end(layered(layer + i % WIDTH));
      Instant other = sample.end(layered(layer + (i + 1) % WIDTH));
      sample.schedule(layered(i), one.isAfter(other) ? one : other);
    }
    return sample.report();
  }

  private static String layered(int number) {
    return "step-" + number;
  }

  private JobReport run() {
    schedule("split", START);
    schedule("align", end("split"));
    schedule("qc", end("split").plusSeconds(60));
    schedule("sort", end("align"));
    Instant both = end("sort").isAfter(end("qc")) ? end("sort") : end("qc");
    schedule("merge", both);
    schedule("tidy-up", end("merge"));
    return report();
  }

  private Instant end(String task) {
    return ends.getOrDefault(new TaskName(task), START);
  }

  private void schedule(String task, Instant from) {
    PriorityQueue<Place> places =
        new PriorityQueue<>(Comparator.comparing(Place::free).thenComparing(Place::node));
    for (String node : nodes) {
      for (int i = 0; i < PLACES; i++) {
        places.add(new Place(from, node));
      }
    }
    TaskName name = new TaskName(task);
    int count = description.tasks().get(name).instanceCount();
    Instant last = from;
    for (int index = 0; index < count; index++) {
      boolean fails = random.nextInt(60) == 0;
      Instant since = from;
      for (int number = 1; number <= (fails ? 2 : 1); number++) {
        Place place = places.remove();
        boolean failed = fails && number == 1;
        AttemptReport attempt =
            attempt(new InstanceId(JOB, name, index), number, since, place, failed);
        attempts.add(attempt);
        since = attempt.status().published().orElseThrow();
        places.add(new Place(since, place.node()));
        last = since.isAfter(last) ? since : last;
      }
    }
    ends.put(name, last);
  }

  private AttemptReport attempt(
      InstanceId instance, int number, Instant since, Place place, boolean failed) {
    Instant begun = place.free().isAfter(since) ? place.free() : since;
    Instant started = begun.plusMillis(2_000 + random.nextInt(20_000));
    long ran = 60_000L + random.nextInt(90_000) + (random.nextInt(300) == 0 ? 900_000 : 0);
    Instant ended = started.plusMillis(failed ? ran / 3 : ran);
    AttemptStatus status =
        new AttemptStatus(
            instance.attempt(number),
            place.node(),
            4L << 30,
            Optional.of(since),
            Optional.of(begun),
            Optional.of(started),
            Optional.of(ended),
            Optional.of(ended.plusMillis(1_000 + random.nextInt(15_000))),
            Optional.of(failed ? failure() : new Outcome.Exited(0)),
            new Usage(
                Optional.of(Duration.between(started, ended)),
                Optional.of(Duration.ofMillis(ran * 3 / 2)),
                OptionalLong.of((1L << 30) + random.nextInt(1 << 30))),
            50_000_000,
            failed ? 0 : 10_000_000);
    return new AttemptReport(status, State.FINISHED, Phases.of(status, START));
  }

  private Outcome failure() {
    return switch (random.nextInt(4)) {
      case 0 -> new Outcome.OutOfMemory("the kernel killed 1 process of the group");
      case 1 -> new Outcome.Lost("its node is gone");
      default -> new Outcome.Exited(3);
    };
  }

  private JobReport report() {
    Instant end = ends.values().stream().max(Instant::compareTo).orElseThrow();
    List<TaskReport> tasks = new ArrayList<>();
    UsageTotals all = UsageTotals.NONE;
    Counts counts = Counts.NONE;
    for (Map.Entry<TaskName, TaskDescription> task : description.tasks().entrySet()) {
      List<AttemptReport> its =
          attempts.stream().filter(one -> one.task().equals(task.getKey())).toList();
      UsageTotals usage =
          its.stream().map(SampleReport::usage).reduce(UsageTotals.NONE, UsageTotals::plus);
      Counts finished = new Counts(0, 0, task.getValue().instanceCount(), 0, 0);
      TaskStatus status =
          new TaskStatus(
              JOB,
              task.getKey(),
              State.FINISHED,
              OptionalInt.empty(),
              Optional.empty(),
              its.stream().map(one -> one.status().started().orElseThrow()).min(Instant::compareTo),
              Optional.of(end(task.getKey().value())),
              finished);
      tasks.add(TaskReport.of(status, task.getValue(), usage, its));
      all = all.plus(usage);
      counts = counts.plus(finished);
    }
    JobStatus job =
        new JobStatus(
            JOB,
            description.name(),
            State.FINISHED,
            "",
            Optional.empty(),
            description.owner(),
            new TreeMap<>(description.labels()),
            description.priority(),
            OptionalInt.empty(),
            START,
            Optional.of(START.plusSeconds(2)),
            Optional.of(end),
            new Counts(0, 0, tasks.size(), 0, 0),
            counts,
            0);
    List<NodeReport> reports =
        nodes.stream()
            .map(
                node ->
                    Gathering.node(
                        node,
                        Optional.empty(),
                        attempts.stream().filter(one -> one.status().node().equals(node)).toList()))
            .toList();
    return new JobReport(
        end.plusSeconds(60),
        job,
        description,
        all,
        List.of(
            new Event.JobChanged(JOB, START, State.WAITING, ""),
            new Event.JobChanged(JOB, START.plusSeconds(2), State.RUNNING, ""),
            new Event.JobChanged(JOB, end, State.FINISHED, "")),
        tasks,
        Dependency.of(description),
        reports,
        attempts.stream()
            .sorted(
                Comparator.comparing(
                        (AttemptReport one) ->
                            List.copyOf(description.tasks().keySet()).indexOf(one.task()))
                    .thenComparing(one -> one.status().id()))
            .toList(),
        0);
  }

  private static UsageTotals usage(AttemptReport attempt) {
    Duration wall = attempt.runningTime();
    return new UsageTotals(
        1,
        wall,
        attempt.status().usage().cpu().orElse(Duration.ZERO),
        (4L << 20) * wall.toSeconds(),
        attempt.status().bytesStaged(),
        attempt.status().bytesPublished());
  }
}
