package dev.windlass.core.job;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterState;
import dev.windlass.core.cluster.ClusterRecord;
import dev.windlass.core.cluster.ClusterRun;
import dev.windlass.core.cluster.NodeRun;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.Event;
import dev.windlass.job.ClusterName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What users ask for of clusters and their nodes. */
final class ClusterOperations {
  private final Output output;
  private final JobsInMemory jobs;
  private final Placer placer;
  private final Completion completion;
  private final NodeKeeping keeping;

  ClusterOperations(
      Output output, JobsInMemory jobs, Placer placer, Completion completion, NodeKeeping keeping) {
    this.output = output;
    this.jobs = jobs;
    this.placer = placer;
    this.completion = completion;
    this.keeping = keeping;
  }

  void apply(Input.ClusterOperation operation, Now now) {
    ClusterName name = operation.cluster();
    Optional<ClusterRun> found = keeping.cluster(name);
    if (operation instanceof Input.CreateCluster create) {
      create(create, found, now);
    } else if (placer.isConfigured(name) && found.isEmpty()) {
      String rule = "it is part of the host's configuration, which alone can change it";
      refuse(operation, ErrorCode.STATE_CONFLICT, "cluster '" + name + "': " + rule);
    } else if (found.isEmpty()) {
      refuse(operation, ErrorCode.NOT_FOUND, "there is no cluster '" + name + "'");
    } else if (operation instanceof Input.DeleteCluster) {
      delete(found.get(), now);
      output.effect(new Effect.Reply(operation.request()));
    } else if (operation instanceof Input.RemoveNode remove) {
      remove(remove, found.get(), now);
    } else if (found.get().state() == ClusterState.DELETING) {
      refuseDeleting(operation);
    } else if (operation instanceof Input.ChangeCluster change) {
      change(found.get(), change.description());
      output.effect(new Effect.Reply(operation.request()));
    } else if (operation instanceof Input.SetNodes set) {
      setNodes(set, found.get());
    } else {
      throw new AssertionError("unknown operation " + operation);
    }
  }

  private void create(Input.CreateCluster create, Optional<ClusterRun> there, Now now) {
    ClusterDescription description = create.description();
    if (there.isPresent() && there.get().state() == ClusterState.DELETING) {
      refuseDeleting(create);
    } else if (there.isPresent() && there.get().description().equals(description)) {
      output.effect(new Effect.Reply(create.request()));
    } else if (there.isPresent() || placer.isConfigured(create.cluster())) {
      String rule = "there is a cluster of that name already, with another description";
      refuse(create, ErrorCode.CONFLICT, "cluster '" + create.cluster() + "': " + rule);
    } else {
      ClusterRun cluster =
          new ClusterRun(
              new ClusterRecord(
                  description, keeping.nextSequence(), ClusterState.ACTIVE, "", now.wall(), 0));
      keeping.add(cluster);
      keeping.changed(cluster);
      output.emit(new Event.ClusterChanged(cluster.name(), now.wall(), ClusterState.ACTIVE));
      output.effect(new Effect.Reply(create.request()));
    }
  }

  private void change(ClusterRun cluster, ClusterDescription description) {
    placer.changeNodes(cluster, () -> cluster.change(description));
    keeping.changed(cluster);
  }

  private void setNodes(Input.SetNodes set, ClusterRun cluster) {
    if (cluster.description().group(set.group()).isEmpty()) {
      List<String> groups =
          cluster.description().groups().stream().map(ClusterDescription.Group::name).toList();
      refuse(
          set,
          ErrorCode.NOT_FOUND,
          "cluster '" + cluster.name() + "' has no group '" + set.group() + "'; it has " + groups);
    } else {
      change(cluster, cluster.description().withNodes(set.group(), set.nodes()));
      output.effect(new Effect.Reply(set.request()));
    }
  }

  private void delete(ClusterRun cluster, Now now) {
    if (cluster.state() == ClusterState.DELETING) {
      return;
    }
    cluster.delete();
    keeping.changed(cluster);
    output.emit(new Event.ClusterChanged(cluster.name(), now.wall(), ClusterState.DELETING));
    String reason = "cluster '" + cluster.name() + "' was deleted";
    jobs.all().stream()
        .filter(job -> !job.state().isEnded() && needs(job, cluster))
        .sorted(Comparator.comparingLong(job -> job.sequence))
        .toList()
        .forEach(
            job -> completion.endForWantOfPlace(job, reason, task -> !isOn(task, cluster), now));
    List.copyOf(cluster.nodes()).forEach(node -> keeping.delete(node, reason, now));
  }

  private static boolean needs(JobRun job, ClusterRun cluster) {
    return job.tasks.stream().anyMatch(task -> isOn(task, cluster) && !task.state().isEnded());
  }

  private static boolean isOn(TaskRun task, ClusterRun cluster) {
    return task.plan.cluster().equals(cluster.name());
  }

  private void remove(Input.RemoveNode remove, ClusterRun cluster, Now now) {
    Optional<NodeRun> found = cluster.node(remove.node());
    if (found.isEmpty()) {
      refuse(
          remove,
          ErrorCode.NOT_FOUND,
          "cluster '" + cluster.name() + "' has no node '" + remove.node() + "'");
      return;
    }
    NodeRun node = found.get();
    boolean counts = !node.isLeaving() && cluster.state() == ClusterState.ACTIVE;
    if (counts && remove.manner() != Input.RemoveNode.Manner.RECREATE) {
      wantOneLess(cluster, node.group());
    }
    switch (remove.manner()) {
      case DRAIN -> keeping.drain(node, "drained by the user", now);
      case DELETE -> keeping.delete(node, "deleted by the user", now);
      case RECREATE -> keeping.delete(node, "recreated by the user", now);
    }
    output.effect(new Effect.Reply(remove.request()));
  }

  private void wantOneLess(ClusterRun cluster, String group) {
    ClusterDescription description = cluster.description();
    description
        .group(group)
        .ifPresent(
            wanted ->
                change(cluster, description.withNodes(group, Math.max(0, wanted.nodes() - 1))));
  }

  private void refuseDeleting(Input.ClusterOperation operation) {
    String rule = "it is Deleting; wait until it is gone";
    refuse(operation, ErrorCode.STATE_CONFLICT, "cluster '" + operation.cluster() + "': " + rule);
  }

  private void refuse(Input.ClusterOperation operation, ErrorCode code, String message) {
    output.effect(
        new Effect.Refuse(operation.request(), code, operation.cluster().value(), message));
  }
}
