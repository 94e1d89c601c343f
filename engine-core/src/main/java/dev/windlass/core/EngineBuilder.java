package dev.windlass.core;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.windlass.Engine;
import dev.windlass.LogBound;
import dev.windlass.Retention;
import dev.windlass.SecretProvider;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.core.engine.DirectoryLock;
import dev.windlass.core.engine.EngineDirectory;
import dev.windlass.core.engine.Parts;
import dev.windlass.core.engine.WindlassEngine;
import dev.windlass.core.platform.ThreadPlatform;
import dev.windlass.core.store.SqliteStore;
import dev.windlass.core.store.StateStore;
import dev.windlass.event.EventRetention;
import dev.windlass.executor.Executor;
import dev.windlass.storage.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Opens an engine on a directory.
 *
 * <pre>{@code
 * try (Engine engine =
 *     EngineBuilder.at(Path.of("windlass"))
 *         .executor(LocalExecutor.create())
 *         .storage("oss", DirectoryStorage.at(Path.of("store")))
 *         .open()) {
 *   JobId job = engine.submit(description);
 *   System.out.println(engine.await(job).state());
 * }
 * }</pre>
 *
 * <p>Not for use by several threads at once.
 */
public final class EngineBuilder {
  private final Path directory;
  private final Map<String, Executor> executors = new LinkedHashMap<>();
  private final Map<String, Storage> storages = new LinkedHashMap<>();
  private final List<ClusterDescription> clusters = new ArrayList<>();
  private Optional<SecretProvider> secrets = Optional.empty();
  private InstanceTypes instanceTypes = InstanceTypes.builtIn();
  private Duration stopGrace = Duration.ofSeconds(10);
  private LogBound logBound = LogBound.DEFAULT;
  private Retention retention = Retention.forever();
  private EventRetention eventRetention = EventRetention.DEFAULT;
  private boolean readOnly;

  private EngineBuilder(Path directory) {
    this.directory = directory;
  }

  /**
   * Begins an engine.
   *
   * @param directory where it keeps its state and the files of attempts; made at {@link #open} if
   *     it is not there. Belongs to one engine at a time
   * @return a builder
   */
  public static EngineBuilder at(Path directory) {
    return new EngineBuilder(Objects.requireNonNull(directory, "directory"));
  }

  /**
   * Adds an executor. Tasks that name neither an executor nor a cluster run on the first one added.
   *
   * @param executor not open yet; the engine opens it and closes it
   * @return this
   * @throws IllegalArgumentException if there is one of that name already
   */
  public EngineBuilder executor(Executor executor) {
    String name = executor.info().name();
    if (executors.putIfAbsent(name, executor) != null) {
      throw new IllegalArgumentException("there is an executor '" + name + "' already");
    }
    return this;
  }

  /**
   * Adds a storage.
   *
   * @param scheme scheme of the URIs that it serves, such as {@code oss}
   * @param storage the engine closes it. One storage may serve several schemes
   * @return this
   * @throws IllegalArgumentException if there is one for that scheme already
   */
  public EngineBuilder storage(String scheme, Storage storage) {
    if (storages.putIfAbsent(
            Objects.requireNonNull(scheme, "scheme"), Objects.requireNonNull(storage, "storage"))
        != null) {
      throw new IllegalArgumentException("there is a storage for '" + scheme + "' already");
    }
    return this;
  }

  /**
   * Where the values are that tasks name as their secrets. Default: nowhere, and jobs with secrets
   * are refused.
   *
   * @param provider asked at each launch; belongs to the host, which closes it after the engine
   * @return this
   */
  public EngineBuilder secrets(SecretProvider provider) {
    secrets = Optional.of(provider);
    return this;
  }

  /**
   * Adds a cluster to this host's configuration: it is there for as long as this engine is open.
   * Clusters that are to be changed while it is, and kept, are made with {@link
   * Engine#createCluster}.
   *
   * @param cluster its name must not be {@code default}, which is this host; its nodes are parts of
   *     what executors have, so it has no bootstrap command and no image. It has at least one node
   * @return this
   * @throws IllegalArgumentException if there is one of that name already, or it has a bootstrap
   *     command, an image or no nodes
   */
  public EngineBuilder cluster(ClusterDescription cluster) {
    if (cluster.bootstrap().isPresent() || cluster.imageId().isPresent()) {
      throw new IllegalArgumentException(
          "cluster '"
              + cluster.name()
              + "' is part of the host's configuration, so its nodes have no bootstrap command and"
              + " no image; make it with Engine.createCluster");
    }
    if (cluster.groups().stream().allMatch(group -> group.nodes() == 0)) {
      throw new IllegalArgumentException("cluster '" + cluster.name() + "' has no nodes");
    }
    boolean taken =
        cluster.name().equals(ClusterDescription.DEFAULT)
            || clusters.stream().anyMatch(other -> other.name().equals(cluster.name()));
    if (taken) {
      throw new IllegalArgumentException("there is a cluster '" + cluster.name() + "' already");
    }
    clusters.add(cluster);
    return this;
  }

  /**
   * What machine sizes mean by which descriptions ask for capacity ({@code
   * AutoCluster.InstanceType}). Default: {@link InstanceTypes#builtIn}.
   *
   * <p>If a type means something else than to the engine that was here before, the new meaning
   * counts for what has not begun; what runs keeps what it booked. Jobs that were accepted with a
   * type that is not there any more go on, and their instances book one processor.
   *
   * @param types all of them
   * @return this
   */
  public EngineBuilder instanceTypes(InstanceTypes types) {
    instanceTypes = Objects.requireNonNull(types, "types");
    return this;
  }

  /**
   * How long a program may take to end by itself when it is stopped or has run too long. Default:
   * ten seconds.
   *
   * @param grace not negative
   * @return this
   * @throws IllegalArgumentException if negative
   */
  public EngineBuilder stopGrace(Duration grace) {
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace must not be negative, was " + grace);
    }
    stopGrace = grace;
    return this;
  }

  /**
   * Says how much is kept, and published, of each output of an attempt that is over. Default:
   * {@link LogBound#DEFAULT}. An engine that looks only must be told the same to go on reading a
   * shortened log at a position.
   *
   * @param bound of standard output and of standard error, each
   * @return this
   */
  public EngineBuilder logBound(LogBound bound) {
    logBound = Objects.requireNonNull(bound, "bound");
    return this;
  }

  /**
   * Says how long jobs that have ended are kept. Default: until a user deletes them.
   *
   * @param bounds what is not kept
   * @return this
   */
  public EngineBuilder retention(Retention bounds) {
    retention = Objects.requireNonNull(bounds, "bounds");
    return this;
  }

  /**
   * How much is kept of the journal of events. Default: {@link EventRetention#DEFAULT}.
   *
   * @param retention what is kept; the rest is purged in the background
   * @return this
   */
  public EngineBuilder eventRetention(EventRetention retention) {
    eventRetention = Objects.requireNonNull(retention, "retention");
    return this;
  }

  /**
   * Opens the engine to be looked at only, also while another engine owns the directory: nothing is
   * started, taken up again or changed, and every operation that would change something is refused
   * with {@code STATE_CONFLICT}. Executors and storages are not needed, except a storage to read
   * logs that were published to it, a provider of secrets to read the log of a running attempt that
   * has some, and executors and clusters to tell what something waits for ({@link
   * Engine#why(dev.windlass.job.JobId)}); executors are not opened.
   *
   * @return this
   */
  public EngineBuilder readOnly() {
    readOnly = true;
    return this;
  }

  /**
   * Opens the engine. Jobs that were not over are taken up again: what still runs is adopted, what
   * ended meanwhile counts with its true outcome.
   *
   * @return the engine
   * @throws dev.windlass.error.EngineException {@code DIRECTORY_IN_USE} if another engine owns the
   *     directory, {@code DIRECTORY_UNUSABLE}, {@code STORE_CORRUPT}, {@code STORE_TOO_NEW}, {@code
   *     STORE_UNAVAILABLE}, {@code UNSATISFIABLE} if attempts are under way on an executor that is
   *     not given, or what an executor throws
   * @throws IllegalStateException if no executor was added, or a cluster names one that was not
   */
  public Engine open() {
    Path absolute = directory.toAbsolutePath();
    if (readOnly) {
      return WindlassEngine.readOnly(
          absolute,
          SqliteStore.openReadOnly(EngineDirectory.stateFile(absolute)),
          ImmutableMap.copyOf(storages),
          secrets,
          logBound,
          ImmutableMap.copyOf(executors),
          ImmutableList.copyOf(clusters),
          instanceTypes);
    }
    if (executors.isEmpty()) {
      throw new IllegalStateException("an engine needs an executor");
    }
    for (ClusterDescription cluster : clusters) {
      for (ClusterDescription.Group group : cluster.groups()) {
        if (!executors.containsKey(group.executor())) {
          throw new IllegalStateException(
              "cluster '"
                  + cluster.name()
                  + "' names executor '"
                  + group.executor()
                  + "', which was not added");
        }
      }
    }
    EngineDirectory.make(absolute);
    DirectoryLock lock = DirectoryLock.take(absolute);
    StateStore store = null;
    try {
      store = SqliteStore.open(EngineDirectory.stateFile(absolute));
      return WindlassEngine.of(parts(absolute, store, lock));
    } catch (RuntimeException | Error e) {
      if (store != null) {
        store.close();
      }
      lock.close();
      throw e;
    }
  }

  private Parts parts(Path absolute, StateStore store, DirectoryLock lock) {
    return new Parts(
        absolute,
        store,
        ImmutableMap.copyOf(executors),
        ImmutableMap.copyOf(storages),
        secrets,
        ImmutableList.copyOf(clusters),
        instanceTypes,
        stopGrace,
        logBound,
        retention,
        eventRetention,
        new ThreadPlatform(),
        lock::close);
  }
}
