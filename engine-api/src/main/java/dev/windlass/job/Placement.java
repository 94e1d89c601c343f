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
   * Capacity made for this task, as the description's {@code AutoCluster}.
   *
   * @param instanceType machine size by name; not empty
   * @param imageId an image the service knows, if given
   * @param ecsImageId an ECS image, if given
   * @param passThrough the remaining fields of {@code AutoCluster}
   */
  record AutoCluster(
      String instanceType,
      Optional<String> imageId,
      Optional<String> ecsImageId,
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

    @Override
    public Kind kind() {
      return Kind.AUTO_CLUSTER;
    }
  }
}
