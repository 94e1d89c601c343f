package dev.windlass.executor.local;

import dev.windlass.executor.ExecutorInfo;
import dev.windlass.job.Resources;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How a {@link LocalExecutor} is set up. Made with {@link #builder}; {@code builder().build()}
 * suits most hosts.
 *
 * @param name by which descriptions and clusters name the executor; see {@link ExecutorInfo}
 * @param capacity what its default node offers; empty for what this host has
 * @param controlGroups whether attempts get control groups of their own
 * @param namespaces whether attempts may get namespaces of their own
 * @param environment variables for all programs, each only where the attempt does not set it;
 *     iterates in the order given
 */
public record LocalExecutorConfig(
    String name,
    Optional<Resources> capacity,
    Use controlGroups,
    Use namespaces,
    Map<String, String> environment) {

  /** The name by which a description asks for local processes unless the host chose another. */
  public static final String DEFAULT_NAME = "local";

  /** Whether a facility of the operating system is used. */
  public enum Use {
    /** If a trial at the start shows that it works. */
    AUTO,
    /** Not at all; what needs it is not declared as a capability. */
    NEVER
  }

  /**
   * Checks the name and the variables.
   *
   * @throws IllegalArgumentException if the name breaks its rule, or a variable's name is empty or
   *     holds {@code =}, or one of them holds a NUL character
   */
  public LocalExecutorConfig {
    new ExecutorInfo(name, Set.of(), Resources.NONE);
    Objects.requireNonNull(capacity, "capacity");
    Objects.requireNonNull(controlGroups, "controlGroups");
    Objects.requireNonNull(namespaces, "namespaces");
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    environment.forEach(LocalExecutorConfig::checkVariable);
  }

  /**
   * Begins with the defaults: named {@value #DEFAULT_NAME}, offering the whole host, using what
   * works.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  static void checkVariable(String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a variable's name is not empty and holds no '=' or NUL, was '" + name + "'");
    }
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("the value of variable " + name + " holds a NUL");
    }
  }

  /** Collects the settings. Not for use by several threads at once. */
  public static final class Builder {
    private String name = DEFAULT_NAME;
    private Optional<Resources> capacity = Optional.empty();
    private Use controlGroups = Use.AUTO;
    private Use namespaces = Use.AUTO;
    private final Map<String, String> environment = new LinkedHashMap<>();

    private Builder() {}

    /**
     * The executor's name. Default: {@value LocalExecutorConfig#DEFAULT_NAME}.
     *
     * @param value 1 to 32 lower-case letters, digits and {@code -}, beginning with a letter
     * @return this
     */
    public Builder name(String value) {
      name = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * What the executor's default node offers. Default: the processors and the memory of this host,
     * or of the container in which the JVM runs, and the file store of the JVM's working directory
     * in its full size, whatever is free of it; no GPU.
     *
     * @param offered the resources
     * @return this
     */
    public Builder capacity(Resources offered) {
      capacity = Optional.of(offered);
      return this;
    }

    /**
     * Whether attempts get control groups, which are needed for {@code SEALED} and for limits.
     * Default: {@link Use#AUTO}.
     *
     * @param use whether
     * @return this
     */
    public Builder controlGroups(Use use) {
      controlGroups = Objects.requireNonNull(use, "use");
      return this;
    }

    /**
     * Whether attempts may get private mount namespaces, which are needed for absolute paths and
     * for read-only bindings. Default: {@link Use#AUTO}.
     *
     * @param use whether
     * @return this
     */
    public Builder namespaces(Use use) {
      namespaces = Objects.requireNonNull(use, "use");
      return this;
    }

    /**
     * Adds a variable for all programs. {@code PATH}, {@code HOME} and {@code LANG} have defaults,
     * which this replaces; nothing else is passed on.
     *
     * @param variable its name
     * @param value its value
     * @return this
     * @throws IllegalArgumentException if the name is empty or holds {@code =}, or one of them
     *     holds a NUL character
     */
    public Builder environment(String variable, String value) {
      checkVariable(variable, value);
      environment.put(variable, value);
      return this;
    }

    /**
     * Makes the configuration.
     *
     * @return the configuration
     * @throws IllegalArgumentException if the name breaks its rule
     */
    public LocalExecutorConfig build() {
      return new LocalExecutorConfig(name, capacity, controlGroups, namespaces, environment);
    }
  }
}
