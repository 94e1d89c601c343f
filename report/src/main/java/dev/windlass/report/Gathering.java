package dev.windlass.report;

import dev.windlass.AttemptStatus;
import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.Page;
import dev.windlass.TaskStatus;
import dev.windlass.UsageTotals;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.EventsPurgedException;
import dev.windlass.event.Event;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Asks an engine what a report needs. For one report and one thread. */
final class Gathering {

  /**
   * Which instances are asked for first, should there be too many. Instances that never began have
   * no attempt; they can be many, and are among the last.
   */
  private static final List<Set<State>> ORDER =
      List.of(
          EnumSet.of(State.FAILED),
          EnumSet.of(State.RUNNING),
          EnumSet.of(State.FINISHED),
          EnumSet.of(State.WAITING, State.STOPPED));

  private final Engine engine;
  private final JobId job;
  private final Instant now;
  private final int mostAttempts;

  /** Of a job that runs an instance may be met twice, in one state and in the next. */
  private final Set<InstanceId> seen = new HashSet<>();

  private final Map<TaskName, List<AttemptReport>> attempts = new HashMap<>();
  private int count;

  Gathering(Engine engine, JobId job, Instant now, int mostAttempts) {
    this.engine = engine;
    this.job = job;
    this.now = now;
    this.mostAttempts = mostAttempts;
  }

  JobReport report() {
    JobDescription description = engine.description(job);
    List<TaskStatus> statuses = engine.tasks(job);
    readAttempts(statuses);
    // What is over is asked for last, so that no attempt is told that the sums do not know yet.
    JobStatus status = engine.job(job);
    List<TaskReport> tasks = new ArrayList<>();
    List<AttemptReport> all = new ArrayList<>();
    for (TaskStatus task : engine.tasks(job)) {
      List<AttemptReport> its = attempts.getOrDefault(task.name(), List.of());
      TaskDescription described =
          Objects.requireNonNull(description.tasks().get(task.name()), "task");
      tasks.add(TaskReport.of(task, described, engine.usage(job, task.name()), its));
      all.addAll(its);
    }
    UsageTotals usage = engine.usage(job);
    long over = all.stream().filter(one -> one.status().outcome().isPresent()).count();
    return new JobReport(
        now,
        status,
        description,
        usage,
        history(),
        tasks,
        Dependency.of(description),
        nodes(all),
        all,
        count < mostAttempts ? 0 : Math.max(0, usage.attempts() - over));
  }

  private void readAttempts(List<TaskStatus> tasks) {
    for (Set<State> states : ORDER) {
      for (TaskStatus task : tasks) {
        if (mayHave(task, states)) {
          readAttempts(task.name(), states);
        }
      }
    }
    attempts
        .values()
        .forEach(its -> its.sort(Comparator.comparing(attempt -> attempt.status().id())));
  }

  /** Of a job that runs what was counted a moment ago says little. */
  private static boolean mayHave(TaskStatus task, Set<State> states) {
    return !task.state().isEnded()
        || states.stream().anyMatch(state -> task.instances().of(state) > 0);
  }

  private void readAttempts(TaskName task, Set<State> states) {
    InstanceQuery query = InstanceQuery.all().inStates(states).limit(JobQuery.MAX_LIMIT);
    Optional<String> next = Optional.empty();
    do {
      Page<InstanceStatus> page = engine.instances(job, task, next.map(query::after).orElse(query));
      for (InstanceStatus instance : page.items()) {
        if (count >= mostAttempts) {
          return;
        }
        if (instance.attempts() > 0 && seen.add(instance.id())) {
          readAttempts(instance);
        }
      }
      next = page.next();
    } while (next.isPresent());
  }

  private void readAttempts(InstanceStatus instance) {
    List<AttemptReport> its =
        attempts.computeIfAbsent(instance.id().task(), task -> new ArrayList<>());
    for (AttemptStatus attempt : engine.attempts(instance.id())) {
      if (count < mostAttempts) {
        its.add(new AttemptReport(attempt, instance.state(), Phases.of(attempt, now)));
        count++;
      }
    }
  }

  private List<Event.JobEvent> history() {
    EventQuery query =
        EventQuery.of(
                EventFilter.all()
                    .ofJob(job)
                    .ofKinds(Event.Kind.JOB_CHANGED, Event.Kind.JOB_OPERATED))
            .limit(EventQuery.MAX_LIMIT);
    List<Event.JobEvent> found = new ArrayList<>();
    boolean more = true;
    while (more) {
      EventPage page;
      try {
        page = engine.events(query);
      } catch (EventsPurgedException e) {
        // Purged since the page before: what is kept goes on behind that gap.
        page = engine.events(query.after(e.oldest() - 1));
      }
      page.events().forEach(recorded -> found.add((Event.JobEvent) recorded.event()));
      query = query.after(page.end());
      more = page.more();
    }
    return found;
  }

  private List<NodeReport> nodes(List<AttemptReport> all) {
    Map<String, List<AttemptReport>> byNode = new TreeMap<>(new NaturalOrder());
    all.forEach(
        attempt ->
            byNode
                .computeIfAbsent(attempt.status().node(), node -> new ArrayList<>())
                .add(attempt));
    Map<String, NodeStatus> known = byNode.isEmpty() ? Map.of() : knownNodes();
    List<NodeReport> reports = new ArrayList<>();
    byNode.forEach(
        (name, its) -> reports.add(node(name, Optional.ofNullable(known.get(name)), its)));
    return reports;
  }

  private Map<String, NodeStatus> knownNodes() {
    Map<String, NodeStatus> known = new HashMap<>();
    for (ClusterStatus cluster : engine.clusters()) {
      try {
        engine.nodes(cluster.name()).forEach(node -> known.put(node.name(), node));
      } catch (EngineException e) {
        if (e.code() != ErrorCode.NOT_FOUND) {
          throw e;
        }
        // Deleted since it was listed; its nodes are told by their names.
      }
    }
    return known;
  }

  static NodeReport node(String name, Optional<NodeStatus> status, List<AttemptReport> its) {
    Duration running =
        its.stream().map(AttemptReport::runningTime).reduce(Duration.ZERO, Duration::plus);
    return new NodeReport(
        name,
        status,
        its.size(),
        its.stream().filter(AttemptReport::hasFailed).count(),
        running,
        inUse(its));
  }

  private static Optional<Span> inUse(List<AttemptReport> its) {
    return its.stream()
        .flatMap(
            attempt ->
                List.of(Phase.STAGING, Phase.RUNNING, Phase.PUBLISHING).stream()
                    .map(attempt.phases()::get))
        .flatMap(Optional::stream)
        .reduce(
            (one, other) ->
                new Span(
                    one.from().isBefore(other.from()) ? one.from() : other.from(),
                    one.to().isAfter(other.to()) ? one.to() : other.to()));
  }
}
