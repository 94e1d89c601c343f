package dev.windlass.control;

import dev.windlass.Engine;
import dev.windlass.JobOperation;
import dev.windlass.JobQuery;
import dev.windlass.Managed;
import dev.windlass.Page;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;

/**
 * The operations of an engine of this JVM.
 *
 * @param engine what carries them out
 */
record DirectControl(Engine engine) implements EngineControl {

  @Override
  public void manage(JobId job, JobOperation operation, String reason) {
    engine.manage(job, operation, reason);
  }

  @Override
  public Page<Managed> manage(JobQuery jobs, JobOperation operation, String reason) {
    return engine.manage(jobs, operation, reason);
  }

  @Override
  public void release(InstanceId instance) {
    engine.release(instance);
  }

  @Override
  public void releaseAll(JobId job) {
    engine.releaseAll(job);
  }

  @Override
  public void createCluster(ClusterDescription cluster) {
    engine.createCluster(cluster);
  }

  @Override
  public void changeCluster(ClusterDescription cluster) {
    engine.changeCluster(cluster);
  }

  @Override
  public void setNodes(ClusterName cluster, String group, int nodes) {
    engine.setNodes(cluster, group, nodes);
  }

  @Override
  public void deleteCluster(ClusterName cluster) {
    engine.deleteCluster(cluster);
  }

  @Override
  public void drainNode(ClusterName cluster, String node) {
    engine.drainNode(cluster, node);
  }

  @Override
  public void deleteNode(ClusterName cluster, String node) {
    engine.deleteNode(cluster, node);
  }

  @Override
  public void recreateNode(ClusterName cluster, String node) {
    engine.recreateNode(cluster, node);
  }

  @Override
  public void close() {}
}
