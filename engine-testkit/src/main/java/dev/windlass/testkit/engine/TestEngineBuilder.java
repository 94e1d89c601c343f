package dev.windlass.testkit.engine;

import dev.windlass.Retention;
import dev.windlass.SecretProvider;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.event.EventRetention;
import dev.windlass.executor.Capability;
import dev.windlass.job.Resources;
import dev.windlass.testkit.time.WallClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes a test engine. All settings have defaults that take any job: an executor of every
 * capability, so large that no instance waits for room. Not for use by several threads.
 */
public final class TestEngineBuilder {
  private final List<ClusterDescription> clusters = new ArrayList<>();
  private List<String> executors = List.of("scripted");
  private List<String> schemes = List.of("oss", "s3");
  private Set<Capability> capabilities = EnumSet.allOf(Capability.class);
  private Resources nodeCapacity = new Resources(1_000_000, 1L << 50, 1L << 50, 1_000, Map.of());
  private final Map<String, Integer> named = new TreeMap<>();
  private InstanceTypes instanceTypes = InstanceTypes.builtIn();
  private Duration stopGrace = Duration.ofSeconds(10);
  private Retention retention = Retention.forever();
  private EventRetention eventRetention = EventRetention.unlimited();
  private SecretProvider secrets = name -> Optional.of("the value of " + name);
  private Instant start = WallClock.BEGINNING;
  private long seed = 1;

  TestEngineBuilder() {}

  /**
   * The names by which jobs and clusters call the scripted executor. Each name is an executor of
   * its own on a node of its own; all follow the one script. Default: {@code scripted}.
   *
   * @param names at least one; the first is that of tasks that name none
   * @return this
   * @throws IllegalArgumentException if there is none, or one stands twice
   */
  public TestEngineBuilder executors(String... names) {
    executors = distinct("executor", names);
    return this;
  }

  /**
   * What the scripted executors declare, and what jobs may therefore ask for. Default: everything.
   * Without {@link Capability#SURVIVES_HOST} programs are lost when the host crashes.
   *
   * @param declared any set
   * @return this
   */
  public TestEngineBuilder capabilities(Set<Capability> declared) {
    EnumSet<Capability> copy = EnumSet.noneOf(Capability.class);
    copy.addAll(declared);
    capabilities = copy;
    return this;
  }

  /**
   * What the node of each executor in the default cluster offers. Default: 1,000 processors, 2^50
   * bytes of memory and as many of disk, and 1,000 GPUs.
   *
   * @param capacity any
   * @return this
   */
  public TestEngineBuilder nodeCapacity(Resources capacity) {
    nodeCapacity = Objects.requireNonNull(capacity, "capacity");
    return this;
  }

  /**
   * What the engine has of a named resource when it is made; later {@link
   * dev.windlass.Engine#setNamedResource} changes it. Default: there are none.
   *
   * @param name as {@link Resources#checkName} says
   * @param total how many, at least 0
   * @return this
   * @throws IllegalArgumentException if the name breaks its rule or the number is out of range
   */
  public TestEngineBuilder namedResource(String name, int total) {
    named.putAll(Resources.checkTotals(Map.of(name, total)));
    return this;
  }

  /**
   * Adds a cluster.
   *
   * @param cluster names executors of this engine
   * @return this
   * @throws IllegalArgumentException if there is one of that name already
   */
  public TestEngineBuilder cluster(ClusterDescription cluster) {
    if (cluster.name().equals(ClusterDescription.DEFAULT)
        || clusters.stream().anyMatch(other -> other.name().equals(cluster.name()))) {
      throw new IllegalArgumentException("there is a cluster '" + cluster.name() + "' already");
    }
    clusters.add(cluster);
    return this;
  }

  /**
   * Adds a cluster of equal nodes on the first executor; so {@link #executors} comes before it.
   *
   * @param name its name
   * @param nodes how many nodes, 1 to 65,536
   * @param perNode what each of them offers
   * @return this
   * @throws IllegalArgumentException if there is one of that name already, or a number is out of
   *     range
   */
  public TestEngineBuilder cluster(String name, int nodes, Resources perNode) {
    return cluster(ClusterDescription.of(name, executors.get(0), nodes, perNode));
  }

  /**
   * The schemes of URIs that the in-memory storage serves. Default: {@code oss} and {@code s3}.
   *
   * @param served all of them
   * @return this
   * @throws IllegalArgumentException if there is none, or one stands twice
   */
  public TestEngineBuilder schemes(String... served) {
    schemes = distinct("scheme", served);
    return this;
  }

  private static List<String> distinct(String what, String... names) {
    if (names.length == 0 || new LinkedHashSet<>(List.of(names)).size() < names.length) {
      throw new IllegalArgumentException(
          "each " + what + " stands once, and there is at least one");
    }
    return List.of(names);
  }

  /**
   * What machine sizes mean by which descriptions ask for capacity. Default: {@link
   * InstanceTypes#builtIn}.
   *
   * @param types all of them
   * @return this
   */
  public TestEngineBuilder instanceTypes(InstanceTypes types) {
    instanceTypes = Objects.requireNonNull(types, "types");
    return this;
  }

  /**
   * How long a program that ignores its cancellation goes on. Default: ten seconds.
   *
   * @param grace not negative
   * @return this
   * @throws IllegalArgumentException if negative
   */
  public TestEngineBuilder stopGrace(Duration grace) {
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace must not be negative, was " + grace);
    }
    stopGrace = grace;
    return this;
  }

  /**
   * Says how long jobs that have ended are kept, as the builder of the shipped engine does.
   * Default: until a user deletes them.
   *
   * @param bounds what is not kept
   * @return this
   */
  public TestEngineBuilder retention(Retention bounds) {
    retention = Objects.requireNonNull(bounds, "bounds");
    return this;
  }

  /**
   * How much is kept of the journal of events. Default: everything.
   *
   * @param retention what is kept
   * @return this
   */
  public TestEngineBuilder eventRetention(EventRetention retention) {
    eventRetention = Objects.requireNonNull(retention, "retention");
    return this;
  }

  /**
   * Where the values are that tasks name as their secrets. Default: each name has the value {@code
   * the value of <name>}.
   *
   * @param provider asked at each launch
   * @return this
   */
  public TestEngineBuilder secrets(SecretProvider provider) {
    secrets = Objects.requireNonNull(provider, "provider");
    return this;
  }

  /**
   * What the clock shows at the beginning. Default: 2030-01-01T00:00:00Z.
   *
   * @param instant any
   * @return this
   */
  public TestEngineBuilder startingAt(Instant instant) {
    start = Objects.requireNonNull(instant, "instant");
    return this;
  }

  /**
   * From what chance decides which of two things comes first that happen at the same moment.
   * Default: 1, so that a test does the same each time. The ids of jobs follow from it too.
   *
   * @param number any
   * @return this
   */
  public TestEngineBuilder seed(long number) {
    seed = number;
    return this;
  }

  /**
   * Makes the engine; its host is up.
   *
   * @return an engine for the calling thread
   * @throws IllegalStateException if a cluster names an executor that is not there
   */
  public TestEngine build() {
    for (ClusterDescription cluster : clusters) {
      for (ClusterDescription.Group group : cluster.groups()) {
        if (!executors.contains(group.executor())) {
          throw new IllegalStateException(
              "cluster '"
                  + cluster.name()
                  + "' names executor '"
                  + group.executor()
                  + "'; there are "
                  + executors);
        }
      }
    }
    return new TestEngine(this);
  }

  List<String> executorNames() {
    return executors;
  }

  Set<Capability> capabilities() {
    return capabilities;
  }

  Resources nodeCapacity() {
    return nodeCapacity;
  }

  Map<String, Integer> namedResources() {
    return named;
  }

  List<ClusterDescription> clusters() {
    return clusters;
  }

  List<String> servedSchemes() {
    return schemes;
  }

  Retention retention() {
    return retention;
  }

  InstanceTypes instanceTypes() {
    return instanceTypes;
  }

  Duration stopGrace() {
    return stopGrace;
  }

  SecretProvider secrets() {
    return secrets;
  }

  EventRetention eventRetention() {
    return eventRetention;
  }

  Instant start() {
    return start;
  }

  long seed() {
    return seed;
  }

  /** Job ids begin with its first 24 digits. */
  String engineId() {
    return String.format("%024x%08x", seed, 0);
  }
}
