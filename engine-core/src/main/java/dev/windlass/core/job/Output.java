package dev.windlass.core.job;

import dev.windlass.core.cluster.ClusterRun;
import dev.windlass.core.cluster.NodeRun;
import dev.windlass.event.Event;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a turn of the core brings forth: changes to be stored and effects to be carried out.
 *
 * <p>Records are taken at the end of the turn, so that an instance that began and ended within one
 * turn is written once.
 */
final class Output {

  /**
   * The result of a turn.
   *
   * @param changes to be recorded together, in this order; may be empty
   * @param now effects that need not wait
   * @param afterCommit effects that wait until these changes, and all before them, are durable
   */
  record Turn(List<Change> changes, List<Effect> now, List<Effect> afterCommit) {
    boolean isEmpty() {
      return changes.isEmpty() && now.isEmpty() && afterCommit.isEmpty();
    }
  }

  private final List<Change> first = new ArrayList<>();
  private final Set<LiveInstance> instances = new LinkedHashSet<>();
  private final Set<TaskRun> tasks = new LinkedHashSet<>();
  private final Set<JobRun> jobs = new LinkedHashSet<>();
  private final Set<ClusterRun> clusters = new LinkedHashSet<>();
  private final Set<NodeRun> nodes = new LinkedHashSet<>();
  private final List<Change> events = new ArrayList<>();
  private final List<Change> last = new ArrayList<>();
  private final List<Effect> now = new ArrayList<>();
  private final List<Effect> afterCommit = new ArrayList<>();

  /** A change that goes before the records of this turn. */
  void change(Change change) {
    first.add(change);
  }

  /** The job is no more; what this turn records of it goes before. */
  void removed(JobRun job) {
    last.add(new Change.JobRemoved(job.id, job.sequence));
  }

  /** A job that was not in memory is no more. */
  void removed(JobRecord job) {
    last.add(new Change.JobRemoved(job.id(), job.sequence()));
  }

  void changed(LiveInstance instance) {
    instances.add(instance);
    changed(instance.task);
  }

  void changed(TaskRun task) {
    tasks.add(task);
    jobs.add(task.job);
  }

  void changed(JobRun job) {
    jobs.add(job);
  }

  void changed(ClusterRun cluster) {
    clusters.add(cluster);
  }

  void changed(NodeRun node) {
    nodes.add(node);
  }

  /** A node is no more. */
  void removed(NodeRun node) {
    nodes.remove(node);
    last.add(new Change.NodeRemoved(node.cluster().name(), node.record().number()));
  }

  /** A cluster is no more. */
  void removed(ClusterRun cluster) {
    clusters.remove(cluster);
    last.add(new Change.ClusterRemoved(cluster.name()));
  }

  void effect(Effect effect) {
    (effect.awaitsCommit() ? afterCommit : now).add(effect);
  }

  /** Something has happened; it is recorded with the changes of this turn. */
  void emit(Event event) {
    events.add(new Change.EventRecorded(event));
  }

  /** Ends the turn. */
  Turn take() {
    List<Change> changes = new ArrayList<>(first);
    instances.forEach(instance -> changes.add(new Change.InstanceChanged(instance.record())));
    tasks.forEach(task -> changes.add(new Change.TaskChanged(task.record())));
    jobs.forEach(job -> changes.add(new Change.JobChanged(job.record())));
    clusters.forEach(cluster -> changes.add(new Change.ClusterChanged(cluster.record())));
    nodes.forEach(node -> changes.add(new Change.NodeChanged(node.record())));
    changes.addAll(last);
    changes.addAll(events);
    Turn turn = new Turn(changes, List.copyOf(now), List.copyOf(afterCommit));
    first.clear();
    instances.clear();
    tasks.clear();
    jobs.clear();
    clusters.clear();
    nodes.clear();
    last.clear();
    events.clear();
    now.clear();
    afterCommit.clear();
    return turn;
  }
}
