package dev.windlass.control;

/**
 * What a client may ask for. The names go over the socket and keep their meaning within a version
 * of the protocol.
 */
enum Request {
  /** {@link EngineControl#manage(dev.windlass.job.JobId, dev.windlass.JobOperation, String)}. */
  MANAGE,
  /** {@link EngineControl#manage(dev.windlass.JobQuery, dev.windlass.JobOperation, String)}. */
  MANAGE_ALL,
  /** {@link EngineControl#release}. */
  RELEASE,
  /** {@link EngineControl#releaseAll}. */
  RELEASE_ALL,
  /** {@link EngineControl#createCluster}. */
  CREATE_CLUSTER,
  /** {@link EngineControl#changeCluster}. */
  CHANGE_CLUSTER,
  /** {@link EngineControl#setNodes}. */
  SET_NODES,
  /** {@link EngineControl#deleteCluster}. */
  DELETE_CLUSTER,
  /** {@link EngineControl#drainNode}. */
  DRAIN_NODE,
  /** {@link EngineControl#deleteNode}. */
  DELETE_NODE,
  /** {@link EngineControl#recreateNode}. */
  RECREATE_NODE
}
