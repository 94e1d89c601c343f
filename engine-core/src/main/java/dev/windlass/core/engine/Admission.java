package dev.windlass.core.engine;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.core.description.ClusterJson;
import dev.windlass.core.description.JobJson;
import dev.windlass.core.graph.Faults;
import dev.windlass.core.job.TaskPlan;
import dev.windlass.core.staging.Secrets;
import dev.windlass.core.staging.Storages;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import dev.windlass.error.ValidationException;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Isolation;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Mapping;
import dev.windlass.job.MemoryRetry;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.StoreUri;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Decides whether a job is accepted: whether it is in order, and whether this engine could ever run
 * it.
 */
final class Admission {
  private static final String INSTANCE_TYPE = ".AutoCluster.InstanceType";

  private final Clusters clusters;
  private final Storages storages;
  private final Secrets secrets;
  private final Supplier<List<ClusterName>> names;
  private final Supplier<SortedMap<String, Integer>> namedTotals;

  /**
   * For the executors, storages and secrets of an engine.
   *
   * @param names of all clusters that take work
   * @param namedTotals how many there are of each named resource of the engine
   */
  Admission(
      Clusters clusters,
      Storages storages,
      Secrets secrets,
      Supplier<List<ClusterName>> names,
      Supplier<SortedMap<String, Integer>> namedTotals) {
    this.clusters = clusters;
    this.storages = storages;
    this.secrets = secrets;
    this.names = names;
    this.namedTotals = namedTotals;
  }

  /** Refuses a retry policy that a task could not have been submitted with. */
  void check(JobId job, TaskDescription task, RetryPolicy retry) {
    long first = clusters.requestOf(task).memoryBytes();
    retry
        .memory()
        .filter(memory -> first == 0 || first > memory.maxBytes())
        .ifPresent(
            memory -> {
              throw new EngineException(
                  ErrorCode.UNSATISFIABLE,
                  job.value(),
                  "an instance that gets more memory after it had too little gets at first more"
                      + " than 0 and no more than maxBytes: at first it gets "
                      + first
                      + ", maxBytes is "
                      + memory.maxBytes());
            });
  }

  /** Refuses a cluster that this engine could never have. */
  void check(ClusterDescription cluster) {
    for (ClusterDescription.Group group : cluster.groups()) {
      String what = "group '" + group.name() + "' of cluster '" + cluster.name() + "'";
      Optional<Executor> executor = clusters.executor(group.executor());
      if (executor.isEmpty()) {
        throw new EngineException(
            ErrorCode.REFERENCE,
            cluster.name().value(),
            what + " names executor '" + group.executor() + "', which this engine was not given");
      }
      boolean asks = cluster.bootstrap().isPresent() || cluster.imageId().isPresent();
      if (asks && !executor.get().info().can(Capability.NODES)) {
        throw new EngineException(
            ErrorCode.UNSATISFIABLE,
            cluster.name().value(),
            what
                + ": executor '"
                + group.executor()
                + "' keeps no nodes, so they cannot have an image or a bootstrap command");
      }
    }
    try {
      ClusterJson.writeCompact(cluster);
    } catch (IllegalArgumentException unwritable) {
      throw new EngineException(
          ErrorCode.MALFORMED,
          cluster.name().value(),
          "cluster '" + cluster.name() + "': " + unwritable.getMessage(),
          unwritable);
    }
  }

  /** Refuses a job that is not in order. */
  void check(JobDescription job) {
    List<Fault> faults = new ArrayList<>(JobJson.check(job));
    job.tasks()
        .forEach((name, task) -> new TaskAdmission("$.DAG.Tasks." + name, task, faults).check());
    if (!faults.isEmpty()) {
      throw new ValidationException(job.name(), faults);
    }
  }

  /** The questions about one task. */
  private final class TaskAdmission {
    private final String path;
    private final TaskDescription task;
    private final List<Fault> faults;

    /** Guesses what was meant. */
    private final Faults hints = new Faults();

    TaskAdmission(String path, TaskDescription task, List<Fault> faults) {
      this.path = path;
      this.task = task;
      this.faults = faults;
    }

    void check() {
      task.packageUri().ifPresent(uri -> checkStore(".Parameters.Command.PackagePath", uri));
      task.stdoutFolder().ifPresent(uri -> checkStore(".Parameters.StdoutRedirectPath", uri));
      task.stderrFolder().ifPresent(uri -> checkStore(".Parameters.StderrRedirectPath", uri));
      task.mappings().forEach(mapping -> checkStore(field(mapping), mapping.store()));
      if (!task.secrets().isEmpty() && !secrets.areProvided()) {
        fault(
            ErrorCode.UNSATISFIABLE,
            ".windlass.secrets",
            String.join(", ", task.secrets().keySet()),
            "this engine was given no provider of secrets (EngineBuilder.secrets)");
      }
      Optional<ClusterDescription> cluster = clusters.of(task);
      if (cluster.isEmpty()) {
        fault(
            ErrorCode.REFERENCE,
            ".ClusterId",
            Clusters.clusterOf(task).value(),
            "there is no such cluster; there are " + names.get());
        return;
      }
      Optional<Executor> executor = clusters.executorOf(task, cluster.get());
      if (executor.isEmpty()) {
        fault(
            ErrorCode.REFERENCE,
            ".windlass.executor",
            task.executor().orElse(""),
            "there is no such executor in this engine");
        return;
      }
      int before = faults.size();
      checkAbilities(executor.get().info());
      if (isTypeKnown()) {
        checkSize(executor.get().info(), cluster.get());
        checkMemoryOfType();
      }
      checkNamed(clusters.requestOf(task).named(), cluster.get().named());
      if (faults.size() == before) {
        executor
            .get()
            .refuse(task)
            .ifPresent(reason -> fault(ErrorCode.UNSATISFIABLE, "", "", reason));
      }
    }

    private static String field(Mapping mapping) {
      return switch (mapping.direction()) {
        case INPUT, WRITABLE_INPUT -> ".InputMapping";
        case OUTPUT -> ".OutputMapping";
        case LOG -> ".LogMapping";
        case MOUNT -> ".Mounts";
      };
    }

    /** Malformed URIs are the matter of the check of the description. */
    private void checkStore(String field, String text) {
      StoreUri uri;
      try {
        uri = StoreUri.parse(text);
      } catch (IllegalArgumentException e) {
        return;
      }
      if (!storages.schemes().contains(uri.scheme())) {
        fault(
            ErrorCode.URI,
            field,
            text,
            "no storage serves the scheme '"
                + uri.scheme()
                + "'; served are "
                + storages.schemes());
      }
    }

    private void checkAbilities(ExecutorInfo info) {
      boolean programs = info.can(Capability.PROGRAMS);
      if (!programs && (!task.mappings().isEmpty() || task.packageUri().isPresent())) {
        unable(info, "", "has no files, so tasks on it have no mappings and no package");
      }
      if (task.image().isPresent() && !info.can(Capability.IMAGES)) {
        unable(info, ".Parameters.Command.Docker", "runs no container images");
      }
      if (task.isolation() == Isolation.SEALED && !info.can(Capability.SEALED)) {
        unable(
            info,
            ".windlass.isolation",
            "cannot seal attempts on this host; it needs a writable cgroup or a pid namespace");
      }
      for (Mapping mapping : task.mappings()) {
        if (mapping.local().startsWith("/") && !info.can(Capability.ABSOLUTE_PATHS)) {
          unable(
              info,
              field(mapping),
              "cannot show the absolute path "
                  + mapping.local()
                  + " on this host; use a path relative to the working directory, a container, or"
                  + " a host that allows mount namespaces");
        }
        if (mapping.direction() == Mapping.Direction.MOUNT
            && !info.can(Capability.ABSOLUTE_PATHS)) {
          unable(info, field(mapping), "cannot mount a store on this host");
        }
      }
    }

    private void unable(ExecutorInfo info, String field, String what) {
      fault(ErrorCode.UNSATISFIABLE, field, "", "executor '" + info.name() + "' " + what);
    }

    private boolean isTypeKnown() {
      Optional<String> unknown = clusters.unknownType(task);
      unknown.ifPresent(
          type ->
              fault(
                  ErrorCode.REFERENCE,
                  INSTANCE_TYPE,
                  type,
                  "there is no such instance type in this engine"
                      + hints.hint(type, clusters.types().names())
                      + "; a host adds types with EngineBuilder.instanceTypes, and a task can say"
                      + " itself what it needs with windlass.resources"));
      return unknown.isEmpty();
    }

    private void checkSize(ExecutorInfo info, ClusterDescription cluster) {
      Resources request = clusters.requestOf(task);
      Optional<String> type = TaskPlan.instanceType(task).filter(any -> task.resources().isEmpty());
      List<Resources> nodes = clusters.nodesFor(task, cluster);
      if (nodes.isEmpty()) {
        unable(info, ".windlass.executor", "has no node in cluster " + Clusters.clusterOf(task));
      } else if (nodes.stream().noneMatch(node -> node.covers(request.ofNode()))) {
        fault(
            ErrorCode.UNSATISFIABLE,
            type.isPresent() ? INSTANCE_TYPE : ".windlass.resources",
            type.map(name -> name + ": " + request.ofNode())
                .orElseGet(() -> request.ofNode().toString()),
            "an instance fits on a node; cluster '"
                + Clusters.clusterOf(task)
                + "' has nodes of "
                + nodes.stream().distinct().toList());
      }
    }

    private void checkNamed(Map<String, Integer> request, Map<String, Integer> ofCluster) {
      if (request.isEmpty()) {
        return;
      }
      SortedMap<String, Integer> offered = new TreeMap<>(namedTotals.get());
      offered.putAll(ofCluster);
      request.forEach((name, count) -> checkNamed(name, count, offered));
    }

    private void checkNamed(String name, int count, SortedMap<String, Integer> offered) {
      String field = ".windlass.resources.named." + name;
      Integer total = offered.get(name);
      if (total == null) {
        fault(
            ErrorCode.REFERENCE,
            field,
            Integer.toString(count),
            "neither the cluster nor the engine has a resource of this name"
                + hints.hint(name, offered.keySet()));
      } else if (total < count) {
        fault(
            ErrorCode.UNSATISFIABLE,
            field,
            Integer.toString(count),
            "an instance asks for no more than there is, which is " + total);
      }
    }

    /** As the check of the description does where the task says itself what it needs. */
    private void checkMemoryOfType() {
      Optional<String> type = TaskPlan.instanceType(task).filter(any -> task.resources().isEmpty());
      Optional<MemoryRetry> retry = task.retry().memory();
      if (type.isEmpty() || retry.isEmpty()) {
        return;
      }
      long first = clusters.requestOf(task).memoryBytes();
      if (first == 0) {
        fault(
            ErrorCode.REQUIRED,
            INSTANCE_TYPE,
            type.get(),
            "a type whose instances get more memory after they had too little has memory");
      } else if (first > retry.get().maxBytes()) {
        fault(
            ErrorCode.RANGE,
            ".windlass.retry.memory.maxBytes",
            Long.toString(retry.get().maxBytes()),
            "the most memory is at least the first, " + first + " of type '" + type.get() + "'");
      }
    }

    private void fault(ErrorCode code, String field, String value, String rule) {
      faults.add(new Fault(code, path + field, value, rule));
    }
  }
}
