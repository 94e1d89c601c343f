package dev.windlass.cluster;

import dev.windlass.job.ClusterName;
import dev.windlass.job.PassThrough;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A cluster made beforehand: a named pool of nodes in groups.
 *
 * <p>Made with {@link #builder}, or with {@link #of} if it has one group. A cluster that is made
 * through {@link dev.windlass.Engine#createCluster} is durable, as jobs are. One that is given to
 * the builder of an engine is part of that host's configuration.
 *
 * @param name by which descriptions name it ({@code ClusterId}); unique within an engine
 * @param description free text, possibly empty, at most {@value #MAX_DESCRIPTION_LENGTH} characters
 * @param groups 1 to {@value #MAX_GROUPS}, with different names; placement tries their nodes in
 *     this order
 * @param environment variables of all programs that run on the cluster, unless their task sets them
 *     itself ({@code EnvVars}); keeps the order given
 * @param bootstrap a command line for {@code /bin/sh} that a node runs before it takes any work;
 *     only for executors that declare {@link dev.windlass.executor.Capability#NODES}
 * @param imageId from which image nodes are made, for executors that declare {@code NODES}
 * @param named named resources that belong to the whole cluster, such as licences, and how many
 *     there are; sorted by name, immutable. A task of the cluster takes a name that stands here
 *     from here, and any other from the engine
 * @param passThrough fields of the service's format without meaning here
 */
public record ClusterDescription(
    ClusterName name,
    String description,
    List<Group> groups,
    Map<String, String> environment,
    Optional<String> bootstrap,
    Optional<String> imageId,
    Map<String, Integer> named,
    PassThrough passThrough) {

  /**
   * The cluster of tasks that name none: one node for each executor, this host as each of them sees
   * it. Every engine has it.
   */
  public static final ClusterName DEFAULT = new ClusterName("default");

  /** Most groups (reference, section 10). */
  public static final int MAX_GROUPS = 64;

  /** Longest description in characters, as that of a job. */
  public static final int MAX_DESCRIPTION_LENGTH = 1_000;

  /**
   * Nodes of one size on one executor.
   *
   * @param name unique within its cluster; alphabet and length of a cluster's name
   * @param executor name of the executor
   * @param nodes how many there should be, 0 to {@value #MAX_NODES} ({@code DesiredVMCount})
   * @param perNode what each of them offers
   * @param instanceType the machine size by name, if it was given so; {@code perNode} says what it
   *     meant then
   * @param passThrough fields of the service's format without meaning here
   */
  public record Group(
      String name,
      String executor,
      int nodes,
      Resources perNode,
      Optional<String> instanceType,
      PassThrough passThrough) {

    /** Most nodes of a group (reference, section 10). */
    public static final int MAX_NODES = 65_536;

    /**
     * Checks the name and the range.
     *
     * @throws IllegalArgumentException if a rule is broken
     */
    public Group {
      new ClusterName(name); // the same rule
      Objects.requireNonNull(executor, "executor");
      Objects.requireNonNull(perNode, "perNode");
      Objects.requireNonNull(instanceType, "instanceType");
      Objects.requireNonNull(passThrough, "passThrough");
      if (nodes < 0 || nodes > MAX_NODES) {
        throw new IllegalArgumentException(
            "a group has 0 to " + MAX_NODES + " nodes, was " + nodes);
      }
      if (!perNode.named().isEmpty()) {
        throw new IllegalArgumentException(
            "named resources are of a cluster, not of its nodes, was " + perNode.named());
      }
    }

    /**
     * Nodes whose size is told and not named.
     *
     * @param name unique within its cluster
     * @param executor name of the executor
     * @param nodes how many there should be
     * @param perNode what each of them offers
     */
    public Group(String name, String executor, int nodes, Resources perNode) {
      this(name, executor, nodes, perNode, Optional.empty(), PassThrough.NONE);
    }

    /**
     * The same with another number of nodes.
     *
     * @param count 0 to {@value #MAX_NODES}
     * @return a group
     * @throws IllegalArgumentException if out of range
     */
    public Group withNodes(int count) {
      return new Group(name, executor, count, perNode, instanceType, passThrough);
    }
  }

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no group, there are too many, two of one name, or
   *     a text breaks its rule
   */
  public ClusterDescription {
    Objects.requireNonNull(name, "name");
    if (description.length() > MAX_DESCRIPTION_LENGTH || description.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a description has at most " + MAX_DESCRIPTION_LENGTH + " characters and no NUL");
    }
    groups = List.copyOf(groups);
    if (groups.isEmpty() || groups.size() > MAX_GROUPS) {
      throw new IllegalArgumentException(
          "cluster '" + name + "' has " + groups.size() + " groups; it has 1 to " + MAX_GROUPS);
    }
    Set<String> names = new LinkedHashSet<>();
    for (Group group : groups) {
      if (!names.add(group.name())) {
        throw new IllegalArgumentException(
            "cluster '" + name + "' has two groups named '" + group.name() + "'");
      }
    }
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    environment.forEach(TaskDescription::checkVariable);
    bootstrap.ifPresent(line -> checkLine("a bootstrap command", line));
    imageId.ifPresent(image -> checkLine("an image id", image));
    named = Resources.checkTotals(named);
    Objects.requireNonNull(passThrough, "passThrough");
  }

  private static void checkLine(String what, String text) {
    if (text.isBlank() || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(what + " is not blank and holds no NUL");
    }
  }

  /**
   * Begins a cluster without groups.
   *
   * @param name its name
   * @return a builder
   * @throws IllegalArgumentException if the name breaks its rule
   */
  public static Builder builder(String name) {
    return new Builder(new ClusterName(name));
  }

  /**
   * A cluster of one group, which has the name of the executor.
   *
   * @param name its name
   * @param executor name of the executor
   * @param nodes how many nodes
   * @param perNode what each of them offers
   * @return the cluster
   */
  public static ClusterDescription of(String name, String executor, int nodes, Resources perNode) {
    return builder(name).group(new Group(executor, executor, nodes, perNode)).build();
  }

  /**
   * A group of the cluster.
   *
   * @param group its name
   * @return the group, or empty if there is none
   */
  public Optional<Group> group(String group) {
    return groups.stream().filter(each -> each.name().equals(group)).findFirst();
  }

  /**
   * The same with another number of nodes in one group.
   *
   * @param group name of the group
   * @param nodes how many there should be
   * @return a description; an equal one if there is no such group
   * @throws IllegalArgumentException if out of range
   */
  public ClusterDescription withNodes(String group, int nodes) {
    List<Group> changed =
        groups.stream()
            .map(each -> each.name().equals(group) ? each.withNodes(nodes) : each)
            .toList();
    return new ClusterDescription(
        name, description, changed, environment, bootstrap, imageId, named, passThrough);
  }

  /**
   * The same with other named resources.
   *
   * @param totals how many of each there are in the whole cluster
   * @return the cluster
   * @throws IllegalArgumentException if a name or number breaks its rule
   */
  public ClusterDescription withNamed(Map<String, Integer> totals) {
    return new ClusterDescription(
        name, description, groups, environment, bootstrap, imageId, totals, passThrough);
  }

  /** Collects the parts of a cluster. Not for use by several threads at once. */
  public static final class Builder {
    private final ClusterName name;
    private String description = "";
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private Optional<String> bootstrap = Optional.empty();
    private Optional<String> imageId = Optional.empty();
    private final Map<String, Integer> named = new LinkedHashMap<>();
    private PassThrough passThrough = PassThrough.NONE;

    private Builder(ClusterName name) {
      this.name = name;
    }

    /**
     * Free text for people.
     *
     * @param text at most {@value ClusterDescription#MAX_DESCRIPTION_LENGTH} characters
     * @return this
     */
    public Builder description(String text) {
      description = Objects.requireNonNull(text, "text");
      return this;
    }

    /**
     * Adds a group.
     *
     * @param group its name must be new
     * @return this
     * @throws IllegalArgumentException if there is a group of that name
     */
    public Builder group(Group group) {
      if (groups.putIfAbsent(group.name(), group) != null) {
        throw new IllegalArgumentException("there is a group '" + group.name() + "' already");
      }
      return this;
    }

    /**
     * Gives all programs on the cluster a variable.
     *
     * @param variable not empty, without {@code =}, and none of the engine's own
     * @param value without NUL
     * @return this
     * @throws IllegalArgumentException if a rule is broken
     */
    public Builder environment(String variable, String value) {
      TaskDescription.checkVariable(variable, value);
      environment.put(variable, value);
      return this;
    }

    /**
     * What a node runs before it takes work.
     *
     * @param line for {@code /bin/sh}; not blank
     * @return this
     */
    public Builder bootstrap(String line) {
      bootstrap = Optional.of(line);
      return this;
    }

    /**
     * From which image nodes are made.
     *
     * @param id known to the executor; not blank
     * @return this
     */
    public Builder imageId(String id) {
      imageId = Optional.of(id);
      return this;
    }

    /**
     * Gives the cluster a named resource.
     *
     * @param resource as {@link Resources#checkName} says
     * @param total how many there are, 0 to {@value Resources#MAX_NAMED}
     * @return this
     * @throws IllegalArgumentException if a rule is broken
     */
    public Builder named(String resource, int total) {
      named.putAll(Resources.checkTotals(Map.of(resource, total)));
      return this;
    }

    /**
     * Keeps fields of the service's format that have no meaning here.
     *
     * @param fields the fields
     * @return this
     */
    public Builder passThrough(PassThrough fields) {
      passThrough = Objects.requireNonNull(fields, "fields");
      return this;
    }

    /**
     * Makes the cluster.
     *
     * @return the description
     * @throws IllegalArgumentException if there is no group, there are too many, or a text breaks
     *     its rule
     */
    public ClusterDescription build() {
      return new ClusterDescription(
          name,
          description,
          List.copyOf(groups.values()),
          environment,
          bootstrap,
          imageId,
          named,
          passThrough);
    }
  }
}
