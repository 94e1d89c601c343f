package dev.windlass.control;

import dev.windlass.Engine;
import dev.windlass.JobOperation;
import dev.windlass.JobQuery;
import dev.windlass.Managed;
import dev.windlass.Page;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.error.EngineException;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a user does to the jobs and clusters of an engine, wherever that engine is open: in this JVM
 * or in a host that {@linkplain ControlSocket serves a socket}.
 *
 * <p>Each method does what the method of the same name does in {@link Engine}, and throws what that
 * throws. It has returned when the change is durable. Questions are not among them: an engine that
 * is opened to be looked at ({@code EngineBuilder.readOnly}) answers them from the state store,
 * also beside a host, and knows of a change as soon as the method that made it has returned.
 *
 * <p>Of a host besides: {@link EngineException}s with {@code ENGINE_CLOSED} if the host went away
 * or fell silent before it had answered; whether it has done what was asked is not known then. A
 * message of the host may come shortened.
 *
 * <p>All methods may be called from any thread; those of a host's are carried out one after
 * another. An interrupt breaks the connection to a host.
 */
public interface EngineControl extends AutoCloseable {

  /**
   * The operations of an engine of this JVM.
   *
   * @param engine the engine, which stays open when this is closed
   * @return its operations
   */
  static EngineControl of(Engine engine) {
    return new DirectControl(engine);
  }

  /**
   * Connects to the host that has an engine's directory open.
   *
   * @param directory the engine's directory
   * @return the host's operations, to be closed; empty if no host serves a socket there at present,
   *     so that the directory is free, or its host offers none or is just coming or going
   * @throws EngineException {@code DIRECTORY_IN_USE} if a host is there and does not answer, or is
   *     of another version; {@code DIRECTORY_UNUSABLE} if its socket may not be used
   */
  static Optional<EngineControl> connect(Path directory) {
    return HostControl.connect(directory, Patience.DEFAULT).map(host -> host);
  }

  /**
   * Does something to a job, as {@link Engine#manage(JobId, JobOperation, String)}.
   *
   * @param job its id
   * @param operation what is done
   * @param reason free text for people, possibly empty
   * @throws EngineException {@code NOT_FOUND}, {@code STATE_CONFLICT} as there
   * @throws IllegalArgumentException as there
   */
  void manage(JobId job, JobOperation operation, String reason);

  /**
   * Does something to all jobs of one page of a listing, as {@link Engine#manage(JobQuery,
   * JobOperation, String)}.
   *
   * @param jobs which ones, and how many at most
   * @param operation what is done to each
   * @param reason the same for all
   * @return what came of it for each job of the page
   * @throws EngineException {@code MALFORMED} as there
   * @throws IllegalArgumentException as there
   */
  Page<Managed> manage(JobQuery jobs, JobOperation operation, String reason);

  /**
   * Releases what is kept of an instance that failed, as {@link Engine#release}.
   *
   * @param instance the instance
   * @throws EngineException {@code NOT_FOUND}, {@code STATE_CONFLICT} as there
   */
  void release(InstanceId instance);

  /**
   * Releases what is kept of all instances of a job, as {@link Engine#releaseAll}.
   *
   * @param job its id
   * @throws EngineException {@code NOT_FOUND} as there
   */
  void releaseAll(JobId job);

  /**
   * Makes a cluster, as {@link Engine#createCluster}.
   *
   * @param cluster what it is to be
   * @throws EngineException {@code CONFLICT}, {@code REFERENCE}, {@code UNSATISFIABLE} as there
   */
  void createCluster(ClusterDescription cluster);

  /**
   * Changes a cluster, as {@link Engine#changeCluster}.
   *
   * @param cluster the description; its name says which cluster is meant
   * @throws EngineException {@code NOT_FOUND}, {@code STATE_CONFLICT}, {@code REFERENCE}, {@code
   *     UNSATISFIABLE} as there
   */
  void changeCluster(ClusterDescription cluster);

  /**
   * Changes how many nodes a group has, as {@link Engine#setNodes}.
   *
   * @param cluster the cluster
   * @param group name of one of its groups
   * @param nodes 0 to {@value dev.windlass.cluster.ClusterDescription.Group#MAX_NODES}
   * @throws EngineException {@code NOT_FOUND}, {@code STATE_CONFLICT} as there
   * @throws IllegalArgumentException if out of range
   */
  void setNodes(ClusterName cluster, String group, int nodes);

  /**
   * Deletes a cluster with all its nodes, as {@link Engine#deleteCluster}.
   *
   * @param cluster its name
   * @throws EngineException {@code NOT_FOUND}, {@code STATE_CONFLICT} as there
   */
  void deleteCluster(ClusterName cluster);

  /**
   * Takes a node out of service gently, as {@link Engine#drainNode}.
   *
   * @param cluster its cluster
   * @param node its name
   * @throws EngineException {@code NOT_FOUND}, {@code STATE_CONFLICT} as there
   */
  void drainNode(ClusterName cluster, String node);

  /**
   * Deletes a node, as {@link Engine#deleteNode}.
   *
   * @param cluster its cluster
   * @param node its name
   * @throws EngineException {@code NOT_FOUND}, {@code STATE_CONFLICT} as there
   */
  void deleteNode(ClusterName cluster, String node);

  /**
   * Deletes a node and makes a new one in its place, as {@link Engine#recreateNode}.
   *
   * @param cluster its cluster
   * @param node its name
   * @throws EngineException {@code NOT_FOUND}, {@code STATE_CONFLICT} as there
   */
  void recreateNode(ClusterName cluster, String node);

  /** Ends the connection to a host, if there is one. The engine stays open. Idempotent. */
  @Override
  void close();
}
