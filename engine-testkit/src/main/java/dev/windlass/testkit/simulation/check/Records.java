package dev.windlass.testkit.simulation.check;

import dev.windlass.InstanceStatus;
import dev.windlass.JobStatus;
import dev.windlass.TaskStatus;
import dev.windlass.cluster.ClusterState;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.NodeState;
import dev.windlass.core.cluster.ClusterRecord;
import dev.windlass.core.cluster.NodeRecord;
import dev.windlass.core.job.Change;
import dev.windlass.core.job.InstanceRecord;
import dev.windlass.core.job.JobRecord;
import dev.windlass.core.job.ReservedRecord;
import dev.windlass.core.job.TaskRecord;
import dev.windlass.core.store.EventSpan;
import dev.windlass.core.store.StateStore;
import dev.windlass.event.Event;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.event.RecordedEvent;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import dev.windlass.testkit.engine.EventText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the state store has acknowledged, written down a second time and beside it. From this the
 * checkers know what must be there, whatever happens to the store.
 */
public final class Records {

  /** One job. */
  private static final class Job {
    JobRecord record;
    final JobDescription description;
    final List<TaskName> names;
    final Map<Integer, TaskRecord> tasks = new TreeMap<>();
    final Map<InstanceId, InstanceRecord> instances = new LinkedHashMap<>();
    int restarts;

    /** Of these tasks all runs again since a restart that is being recorded. */
    final List<TaskName> whole = new ArrayList<>();

    Job(JobRecord record, JobDescription description) {
      this.record = record;
      this.description = description;
      this.names = List.copyOf(description.tasks().keySet());
    }
  }

  private final Map<Long, Job> bySequence = new TreeMap<>();
  private final Map<JobId, Job> byId = new HashMap<>();
  private final Map<InstanceId, ReservedRecord> reserved = new TreeMap<>();
  private final Set<AttemptId> evicted = new HashSet<>();

  private final Map<JobId, JobDescription> everDescribed = new HashMap<>();

  /** All that ever happened; the first has position 1. */
  private final List<Event> events = new ArrayList<>();

  /** The last position that was purged. */
  private long purged;

  private final Map<ClusterName, ClusterRecord> clusters = new TreeMap<>();
  private final Map<String, NodeRecord> nodes = new TreeMap<>();
  private final SortedMap<String, Integer> named = new TreeMap<>();

  /** Jobs that a user knows to be paused, and has not asked to go on since. */
  private final Set<JobId> held = new HashSet<>();

  /** Attempts that were launched before a core began. */
  private final Set<AttemptId> found = new HashSet<>();

  public Records() {}

  /** A user was told that a job is paused. */
  public void mustNotBegin(JobId job) {
    held.add(job);
  }

  /** A user asks for something that may end a job's pause, or has ended with it. */
  public void mayBegin(JobId job) {
    held.remove(job);
  }

  /** Notes changes that were acknowledged; tells of a finished instance that is changed. */
  public void apply(List<Change> changes, Violations violations) {
    for (Change change : changes) {
      apply(change, violations);
    }
  }

  private void apply(Change change, Violations violations) {
    if (change instanceof Change.JobAccepted accepted) {
      Job job = new Job(accepted.record(), accepted.description());
      bySequence.put(job.record.sequence(), job);
      byId.put(job.record.id(), job);
      everDescribed.put(job.record.id(), job.description);
    } else if (change instanceof Change.EventRecorded recorded) {
      events.add(recorded.event());
    } else if (change instanceof Change.EventsPurged gone) {
      purged = Math.max(purged, gone.last());
    } else if (change instanceof Change.JobChanged changed) {
      put(changed.record(), violations);
    } else if (change instanceof Change.TaskChanged changed) {
      job(changed.record().sequence()).tasks.put(changed.record().ordinal(), changed.record());
    } else if (change instanceof Change.InstanceChanged changed) {
      put(changed.record(), violations);
    } else if (change instanceof Change.WaitingInstancesStopped stopped) {
      job(stopped.sequence())
          .instances
          .replaceAll(
              (id, record) ->
                  record.state() == State.WAITING ? with(record, State.STOPPED) : record);
    } else if (change instanceof Change.WaitingInstancesOfTaskStopped stopped) {
      job(stopped.sequence())
          .instances
          .replaceAll(
              (id, record) ->
                  record.ordinal() == stopped.ordinal() && record.state() == State.WAITING
                      ? with(record, State.STOPPED)
                      : record);
    } else if (change instanceof Change.InstancesReset reset) {
      Job job = job(reset.sequence());
      job.restarts++;
      job.instances.replaceAll((id, record) -> isFinished(job, record) ? record : reset(record));
    } else if (change instanceof Change.NamedResourceSet set) {
      named.put(set.name(), set.total());
    } else if (change instanceof Change.CapacityReserved kept) {
      reserved.put(kept.record().id(), kept.record());
    } else if (change instanceof Change.CapacityReleased released) {
      reserved
          .values()
          .removeIf(
              record ->
                  record.sequence() == released.sequence()
                      && record.ordinal() == released.ordinal()
                      && record.id().index() == released.index());
    } else if (change instanceof Change.TaskReset reset) {
      if (reset.finishedToo()) {
        Job job = job(reset.sequence());
        job.whole.add(job.names.get(reset.ordinal()));
      }
      job(reset.sequence())
          .instances
          .replaceAll(
              (id, record) ->
                  record.ordinal() == reset.ordinal()
                          && (reset.finishedToo() || record.state() != State.FINISHED)
                      ? with(record, State.WAITING)
                      : record);
    } else if (change instanceof Change.JobRemoved removed) {
      reserved.keySet().removeIf(id -> id.job().equals(removed.job()));
      bySequence.remove(removed.sequence());
      byId.remove(removed.job());
    } else if (change instanceof Change.ClusterChanged changed) {
      clusters.put(changed.record().name(), changed.record());
    } else if (change instanceof Change.NodeChanged changed) {
      nodes.put(changed.record().name(), changed.record());
    } else if (change instanceof Change.NodeRemoved removed) {
      nodes
          .values()
          .removeIf(
              node ->
                  node.cluster().equals(removed.cluster()) && node.number() == removed.number());
    } else if (change instanceof Change.ClusterRemoved removed) {
      clusters.remove(removed.cluster());
    }
  }

  /** With it comes, in one group, what was decided about its tasks. */
  private void put(JobRecord record, Violations violations) {
    Job job = job(record.sequence());
    job.record = record;
    for (TaskName task : job.whole) {
      for (TaskName after : job.description.dependencies().getOrDefault(task, Set.of())) {
        violations.unless(
            job.whole.contains(after),
            "what comes after what runs again runs again",
            () -> after + " of " + record + " does not, and comes after " + task);
      }
    }
    job.whole.clear();
  }

  /** Says whether an attempt was ended for its node or for the closing, whatever it came to. */
  boolean isEvicted(AttemptId attempt) {
    return evicted.contains(attempt);
  }

  private void put(InstanceRecord record, Violations violations) {
    if (record.outcome().filter(RetryChecker::isEviction).isPresent()) {
      evicted.add(record.id().attempt(record.attempt()));
    }
    InstanceRecord before = job(record.sequence()).instances.put(record.id(), record);
    boolean isNew = before == null || before.attempt() < record.attempt();
    AttemptId id = record.id().attempt(record.attempt());
    violations.unless(
        !isNew || !held.contains(record.id().job()) || found.contains(id),
        "nothing begins while a job is paused",
        record::toString);
    if (before != null && before.state() == State.FINISHED) {
      violations.unless(
          record.state() == State.FINISHED
              && record.attempt() == before.attempt()
              && record.outcome().equals(before.outcome()),
          "finished is final",
          () -> before + " became " + record);
    }
  }

  /** A core begins: what was launched until now it may find running, whatever is on record. */
  void mayBeFound(Set<AttemptId> launched) {
    found.addAll(launched);
  }

  private static boolean isFinished(Job job, InstanceRecord record) {
    TaskRecord task = job.tasks.get(record.ordinal());
    return task != null && task.state() == State.FINISHED;
  }

  private static InstanceRecord reset(InstanceRecord record) {
    boolean again = record.state() == State.FAILED || record.state() == State.STOPPED;
    return again ? with(record, State.WAITING) : record;
  }

  private static InstanceRecord with(InstanceRecord record, State state) {
    return new InstanceRecord(
        record.id(),
        record.sequence(),
        record.ordinal(),
        state,
        record.attempt(),
        record.active(),
        record.spent(),
        record.booked(),
        record.gpuDevices(),
        record.node(),
        record.executor(),
        record.attemptStarted(),
        record.attemptEnded(),
        record.outcome(),
        record.usage(),
        record.course());
  }

  private Job job(long sequence) {
    return Objects.requireNonNull(bySequence.get(sequence), "a job without an acceptance");
  }

  private Optional<Job> find(JobId id) {
    return Optional.ofNullable(byId.get(id));
  }

  public Optional<JobDescription> description(JobId job) {
    return find(job).map(found -> found.description);
  }

  /** What was submitted, also of a job that is gone. */
  Optional<JobDescription> everDescribed(JobId job) {
    return Optional.ofNullable(everDescribed.get(job));
  }

  /** Position of the newest event. */
  public long lastPosition() {
    return events.size();
  }

  /** Position of the last event that was purged; 0 if none was. */
  public long purged() {
    return purged;
  }

  /** Says whether this was recorded, but for what a store cuts off of its time. */
  public boolean isRecorded(RecordedEvent told) {
    if (told.position() > events.size()) {
      return false;
    }
    Event event = events.get((int) told.position() - 1);
    return EventText.of(event).equals(EventText.of(told.event()))
        && Duration.between(told.event().at(), event.at()).toNanos() / 1_000 == 0
        && jobOf(event).equals(jobOf(told.event()));
  }

  private static Optional<JobId> jobOf(Event event) {
    return event instanceof Event.JobEvent of ? Optional.of(of.job()) : Optional.empty();
  }

  /** How often a job was restarted; 0 if it is not there. */
  public int restarts(JobId job) {
    return find(job).map(found -> found.restarts).orElse(0);
  }

  /** What instances that failed have kept on a node. */
  Resources reservedOn(String node) {
    return reserved.values().stream()
        .filter(record -> record.node().equals(node))
        .map(ReservedRecord::resources)
        .reduce(Resources.NONE, Resources::plus);
  }

  /** Says whether all files of an attempt are kept. */
  public boolean isReserved(AttemptId attempt) {
    ReservedRecord record = reserved.get(attempt.instance());
    return record != null && record.attemptId().equals(attempt);
  }

  public boolean isFinished(InstanceId id) {
    return isRecorded(id, State.FINISHED);
  }

  /**
   * Says whether no program of an instance is to run: it is stopped, or its job is over or gone.
   */
  public boolean isStopped(InstanceId id) {
    return isRecorded(id, State.STOPPED)
        || find(id.job()).map(job -> job.record.state().isEnded()).orElse(true);
  }

  private boolean isRecorded(InstanceId id, State state) {
    return find(id.job())
        .map(job -> job.instances.get(id))
        .map(record -> record.state() == state)
        .orElse(false);
  }

  /** Where a task stands; waiting if nothing is on record of it. */
  public State state(JobId id, TaskName task) {
    return find(id)
        .map(job -> job.tasks.get(job.names.indexOf(task)))
        .map(TaskRecord::state)
        .orElse(State.WAITING);
  }

  /** The first difference to what a store answers; empty if there is none. */
  public Optional<String> difference(StateStore store) {
    for (Job job : bySequence.values()) {
      Optional<String> difference =
          job.record.deleting() ? Optional.empty() : difference(job, store);
      if (difference.isPresent()) {
        return difference;
      }
    }
    List<AttemptId> kept = reserved.values().stream().map(ReservedRecord::attemptId).toList();
    List<AttemptId> keeps =
        store.reserved().stream().map(ReservedRecord::attemptId).sorted().toList();
    if (!kept.equals(keeps)) {
      return Optional.of(kept + " were acknowledged as reserved, " + keeps + " are");
    }
    Optional<String> ofClusters = differenceOfClusters(store);
    if (ofClusters.isPresent()) {
      return ofClusters;
    }
    Optional<String> ofEvents = differenceOfEvents(store);
    if (ofEvents.isPresent()) {
      return ofEvents;
    }
    if (!named.equals(store.namedResources())) {
      return Optional.of(named + " was acknowledged of " + store.namedResources());
    }
    long visible = bySequence.values().stream().filter(job -> !job.record.deleting()).count();
    long listed = store.jobs(dev.windlass.JobQuery.all()).items().size();
    return listed == visible
        ? Optional.empty()
        : Optional.of(visible + " jobs were acknowledged, " + listed + " are there");
  }

  private Optional<String> differenceOfEvents(StateStore store) {
    EventSpan span = store.eventSpan();
    if (span.last() != lastPosition() || (span.last() > 0 && span.oldest() != purged + 1)) {
      return Optional.of(
          "events " + (purged + 1) + " to " + lastPosition() + " were acknowledged, are " + span);
    }
    EventQuery query = EventQuery.all().limit(EventQuery.MAX_LIMIT);
    EventPage page = store.events(query);
    while (true) {
      for (RecordedEvent event : page.events()) {
        if (!isRecorded(event)) {
          return Optional.of(event + " was acknowledged otherwise");
        }
      }
      if (!page.more()) {
        return Optional.empty();
      }
      page = store.events(query.after(page.end()));
    }
  }

  private Optional<String> differenceOfClusters(StateStore store) {
    Map<ClusterName, ClusterState> there = new TreeMap<>();
    Map<String, NodeState> nodesThere = new TreeMap<>();
    for (ClusterStatus cluster : store.clusters()) {
      there.put(cluster.name(), cluster.state());
      store.nodes(cluster.name()).forEach(node -> nodesThere.put(node.name(), node.state()));
    }
    Map<ClusterName, ClusterState> acknowledged = new TreeMap<>();
    clusters.forEach((name, record) -> acknowledged.put(name, record.state()));
    Map<String, NodeState> nodesAcknowledged = new TreeMap<>();
    nodes.forEach((name, record) -> nodesAcknowledged.put(name, record.state()));
    boolean same = there.equals(acknowledged) && nodesThere.equals(nodesAcknowledged);
    return same
        ? Optional.empty()
        : Optional.of(
            "clusters acknowledged: "
                + acknowledged
                + " with "
                + nodesAcknowledged
                + ", there: "
                + there
                + " with "
                + nodesThere);
  }

  private static Optional<String> difference(Job job, StateStore store) {
    JobId id = job.record.id();
    Optional<JobStatus> status = store.job(id);
    if (status.isEmpty() || status.get().state() != job.record.state()) {
      return Optional.of("job " + id + " is " + status + ", was acknowledged as " + job.record);
    }
    for (TaskStatus task : store.tasks(id)) {
      TaskRecord record = job.tasks.get(job.names.indexOf(task.name()));
      if (record != null && record.state() != task.state()) {
        return Optional.of("task " + task + " was acknowledged as " + record);
      }
    }
    for (InstanceRecord record : job.instances.values()) {
      Optional<InstanceStatus> instance = store.instance(record.id());
      if (instance.isEmpty()
          || instance.get().state() != record.state()
          || instance.get().attempts() != record.attempt()) {
        return Optional.of("instance " + instance + " was acknowledged as " + record);
      }
    }
    return Optional.empty();
  }
}
