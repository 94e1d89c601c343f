package dev.windlass.job;

import java.util.Objects;
import java.util.Optional;

/** Where the instances of a task run. {@link #kind()} names the case for a switch. */
public sealed interface Placement {

  /** One case for each permitted type. */
  enum Kind {
    /** {@link DefaultCluster}. */
    DEFAULT_CLUSTER,
    /** {@link OnCluster}. */
    ON_CLUSTER,
    /** {@link AutoCluster}. */
    AUTO_CLUSTER
  }

  /**
   * The case.
   *
   * @return one constant for each permitted type
   */
  Kind kind();

  /** The engine's default cluster; the description names none. */
  record DefaultCluster() implements Placement {
    @Override
    public Kind kind() {
      return Kind.DEFAULT_CLUSTER;
    }
  }

  /**
   * A cluster made beforehand.
   *
   * @param cluster its name
   */
  record OnCluster(ClusterName cluster) implements Placement {
    /** Checks for null. */
    public OnCluster {
      Objects.requireNonNull(cluster, "cluster");
    }

    @Override
    public Kind kind() {
      return Kind.ON_CLUSTER;
    }
  }

  /**
   * Capacity made for this task, as the description's {@code AutoCluster}: each instance has what
   * its type says to itself, and gives it back when it ends.
   *
   * @param instanceType machine size by name, as the engine's {@link
   *     dev.windlass.cluster.InstanceTypes} has it; not empty. Does not count for a task that says
   *     itself what its instances need ({@link TaskDescription#resources})
   * @param imageId an image the service knows, if given
   * @param ecsImageId an ECS image, if given
   * @param reserveOnFail true to keep the capacity of an instance that has failed for good, and all
   *     files of its last attempt, until {@link dev.windlass.Engine#release}
   * @param passThrough the remaining fields of {@code AutoCluster}
   */
  record AutoCluster(
      String instanceType,
      Optional<String> imageId,
      Optional<String> ecsImageId,
      boolean reserveOnFail,
      PassThrough passThrough)
      implements Placement {
    /** Checks for null and an empty type. */
    public AutoCluster {
      Objects.requireNonNull(imageId, "imageId");
      Objects.requireNonNull(ecsImageId, "ecsImageId");
      Objects.requireNonNull(passThrough, "passThrough");
      if (instanceType.isEmpty()) {
        throw new IllegalArgumentException("an instance type is not empty");
      }
    }

    /**
     * Capacity of a type and nothing else.
     *
     * @param instanceType machine size by name; not empty
     * @return the placement
     */
    public static AutoCluster of(String instanceType) {
      return new AutoCluster(
          instanceType, Optional.empty(), Optional.empty(), false, PassThrough.NONE);
    }

    /**
     * The same with what is kept on failure.
     *
     * @return the placement
     */
    public AutoCluster reservingOnFail() {
      return new AutoCluster(instanceType, imageId, ecsImageId, true, passThrough);
    }

    @Override
    public Kind kind() {
      return Kind.AUTO_CLUSTER;
    }
  }
}
