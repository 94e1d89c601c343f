package dev.windlass.executor;

import dev.windlass.job.ClusterName;
import dev.windlass.job.Resources;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A node that an executor with {@link Capability#NODES} is to keep.
 *
 * @param name unique within the engine, never used again; letters, digits, {@code -}, {@code _} and
 *     {@code .}
 * @param cluster its cluster
 * @param group its group
 * @param capacity what it offers
 * @param environment variables of the cluster, for the bootstrap command; keeps its order
 * @param bootstrap what it runs before it is up, for {@code /bin/sh}
 * @param imageId from which image it is made
 */
public record NodeSpec(
    String name,
    ClusterName cluster,
    String group,
    Resources capacity,
    Map<String, String> environment,
    Optional<String> bootstrap,
    Optional<String> imageId) {
  /** Checks for null and copies. */
  public NodeSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(capacity, "capacity");
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    Objects.requireNonNull(bootstrap, "bootstrap");
    Objects.requireNonNull(imageId, "imageId");
  }
}
