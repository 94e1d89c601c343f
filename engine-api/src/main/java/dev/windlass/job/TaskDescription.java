package dev.windlass.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One task of a job: a program, how often it runs side by side, and what it needs.
 *
 * <p>Made with {@link #builder}. Each setter checks its value; what only the whole job can tell
 * (unknown clusters, clashing paths, malformed store URIs) is checked at submission, all faults at
 * once.
 *
 * @param command what each instance runs
 * @param instanceCount 1 to {@value #MAX_INSTANCES}
 * @param retry when a failed instance is tried again
 * @param timeout how long one attempt may run; whole seconds, 1 to those of {@link #MAX_TIMEOUT}
 * @param placement where the instances run
 * @param packageUri store URI of a {@code .tar.gz} that is unpacked into the working directory, or
 *     of a single script that is copied there
 * @param environment variables of the program besides those of the engine; keeps the order given
 * @param secrets variables of the program whose values nobody else is to see: each with the name by
 *     which the host's {@link dev.windlass.SecretProvider} knows its value. Keeps the order given;
 *     none of them is in {@code environment}
 * @param mappings grouped by direction, as the format has them; within one in the order given
 * @param stdoutFolder store folder for standard output; if empty the engine keeps it with the job
 * @param stderrFolder store folder for standard error; if empty the engine keeps it with the job
 * @param resources what one instance books; empty means one processor
 * @param image container image, if the task asks for one
 * @param executor name of the executor that must run it, if the task insists on one
 * @param isolation how surely everything is ended
 * @param maxRunning how many instances of the task run at once at most, at least 1; empty for no
 *     bound
 * @param tolerance how many instances may fail with the task still counting as finished
 * @param conditions how tasks before this one must have ended for it to run. One that is not named
 *     must have finished; in a job that goes on after failures it may also have failed, as the
 *     service has it
 * @param perInstance of the tasks before this one those that are waited for by index: instance i of
 *     this task waits for instance i of that one to finish, and for no other of it. They have as
 *     many instances as this task, and no condition. An instance for which it does not finish is
 *     left out. Iterates in the order given
 * @param passThrough fields of the service's format without meaning here, by the JSON object that
 *     held them (such as {@code ""} for the task itself or {@code Parameters.InputMappingConfig})
 */
public record TaskDescription(
    Command command,
    int instanceCount,
    RetryPolicy retry,
    Duration timeout,
    Placement placement,
    Optional<String> packageUri,
    Map<String, String> environment,
    Map<String, String> secrets,
    List<Mapping> mappings,
    Optional<String> stdoutFolder,
    Optional<String> stderrFolder,
    Optional<Resources> resources,
    Optional<ContainerImage> image,
    Optional<String> executor,
    Isolation isolation,
    OptionalInt maxRunning,
    Tolerance tolerance,
    Map<TaskName, Condition> conditions,
    Set<TaskName> perInstance,
    Map<String, PassThrough> passThrough) {

  /** Most instances of one task. Instance indexes are kept as sets of 32-bit numbers. */
  public static final int MAX_INSTANCES = 100_000_000;

  /** Longest timeout, a hundred years: beyond it a sum of times could overflow. */
  public static final Duration MAX_TIMEOUT = Duration.ofDays(36_500);

  /**
   * The timeout if none is given; the default of the service's command line (reference, section
   * 2.3).
   */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofDays(1);

  /** Checks ranges and copies collections. */
  public TaskDescription {
    Objects.requireNonNull(command, "command");
    checkInstanceCount(instanceCount);
    Objects.requireNonNull(retry, "retry");
    checkTimeout(timeout);
    Objects.requireNonNull(placement, "placement");
    Objects.requireNonNull(packageUri, "packageUri");
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    environment.forEach(TaskDescription::checkVariable);
    secrets = Collections.unmodifiableMap(new LinkedHashMap<>(secrets));
    secrets.forEach(TaskDescription::checkSecret);
    checkNotBoth(environment, secrets);
    mappings = mappings.stream().sorted(Comparator.comparing(Mapping::direction)).toList();
    Objects.requireNonNull(stdoutFolder, "stdoutFolder");
    Objects.requireNonNull(stderrFolder, "stderrFolder");
    Objects.requireNonNull(resources, "resources");
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(isolation, "isolation");
    maxRunning.ifPresent(TaskDescription::checkMaxRunning);
    Objects.requireNonNull(tolerance, "tolerance");
    conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
    perInstance = Collections.unmodifiableSet(new LinkedHashSet<>(perInstance));
    passThrough = Collections.unmodifiableMap(new LinkedHashMap<>(passThrough));
  }

  /**
   * Begins a task that runs a command once, with no retry, on the default cluster.
   *
   * @param command what to run
   * @return a builder
   */
  public static Builder builder(Command command) {
    return new Builder(command);
  }

  private static int checkInstanceCount(int count) {
    if (count < 1 || count > MAX_INSTANCES) {
      throw new IllegalArgumentException(
          "instanceCount must be 1 to " + MAX_INSTANCES + ", was " + count);
    }
    return count;
  }

  static int checkMaxRunning(int instances) {
    if (instances < 1) {
      throw new IllegalArgumentException("maxRunning must be at least 1, was " + instances);
    }
    return instances;
  }

  private static Duration checkTimeout(Duration timeout) {
    boolean inRange =
        timeout.compareTo(Duration.ofSeconds(1)) >= 0 && timeout.compareTo(MAX_TIMEOUT) <= 0;
    if (!inRange || !timeout.equals(Duration.ofSeconds(timeout.toSeconds()))) {
      throw new IllegalArgumentException(
          "timeout must be 1 to " + MAX_TIMEOUT.toSeconds() + " whole seconds, was " + timeout);
    }
    return timeout;
  }

  /**
   * Checks a variable of a program.
   *
   * @param name not empty, without {@code =} and NUL, and none of the engine's own
   * @param value without NUL
   * @throws IllegalArgumentException if a rule is broken
   */
  public static void checkVariable(String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a variable's name is not empty and holds no '=' or NUL");
    }
    if (name.startsWith("WINDLASS_") || isServiceVariable(name)) {
      throw new IllegalArgumentException("the variable " + name + " is set by the engine");
    }
    Names.checkText("the value of variable " + name, value);
  }

  /** Names that every shell can hand on: a value must not be seen in the arguments of a helper. */
  private static final Pattern SHELL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private static void checkSecret(String variable, String name) {
    checkVariable(variable, name);
    if (!SHELL_NAME.matcher(variable).matches()) {
      throw new IllegalArgumentException(
          "the variable of a secret is made of letters, digits and '_', and does not begin with a"
              + " digit; was '"
              + variable
              + "'");
    }
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "the secret of variable " + variable + " has a name that is not blank");
    }
  }

  private static void checkNotBoth(Map<String, String> environment, Map<String, String> secrets) {
    for (String variable : secrets.keySet()) {
      if (environment.containsKey(variable)) {
        throw new IllegalArgumentException(
            "the variable " + variable + " has a value and cannot be a secret too");
      }
    }
  }

  /** The two Docker variables are given by users; all others with the prefix by the engine. */
  private static boolean isServiceVariable(String name) {
    return name.startsWith("BATCH_COMPUTE_") && !name.startsWith("BATCH_COMPUTE_DOCKER_");
  }

  /** Collects the parts of a task. Not for use by several threads at once. */
  public static final class Builder {
    private final Command command;
    private int instanceCount = 1;
    private RetryPolicy retry = RetryPolicy.NONE;
    private Duration timeout = DEFAULT_TIMEOUT;
    private Placement placement = new Placement.DefaultCluster();
    private Optional<String> packageUri = Optional.empty();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final List<Mapping> mappings = new ArrayList<>();
    private Optional<String> stdoutFolder = Optional.empty();
    private Optional<String> stderrFolder = Optional.empty();
    private Optional<Resources> resources = Optional.empty();
    private Optional<ContainerImage> image = Optional.empty();
    private Optional<String> executor = Optional.empty();
    private Isolation isolation = Isolation.SESSION;
    private OptionalInt maxRunning = OptionalInt.empty();
    private Tolerance tolerance = Tolerance.NONE;
    private final Map<TaskName, Condition> conditions = new LinkedHashMap<>();
    private final Set<TaskName> perInstance = new LinkedHashSet<>();
    private final Map<String, PassThrough> passThrough = new LinkedHashMap<>();

    private Builder(Command command) {
      this.command = Objects.requireNonNull(command, "command");
    }

    /**
     * How many instances run the command.
     *
     * @param count 1 to {@value TaskDescription#MAX_INSTANCES}
     * @return this
     * @throws IllegalArgumentException if out of range
     */
    public Builder instances(int count) {
      instanceCount = checkInstanceCount(count);
      return this;
    }

    /**
     * When a failed instance is tried again. Default: never.
     *
     * @param policy the rule
     * @return this
     */
    public Builder retry(RetryPolicy policy) {
      retry = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * How long one attempt may run. Default: a day.
     *
     * @param limit whole seconds, at least one
     * @return this
     * @throws IllegalArgumentException if out of range
     */
    public Builder timeout(Duration limit) {
      timeout = checkTimeout(limit);
      return this;
    }

    /**
     * Where the instances run. Default: the engine's default cluster.
     *
     * @param where the place
     * @return this
     */
    public Builder placement(Placement where) {
      placement = Objects.requireNonNull(where, "where");
      return this;
    }

    /**
     * The program package.
     *
     * @param storeUri a {@code .tar.gz} or a single script
     * @return this
     */
    public Builder packageUri(String storeUri) {
      packageUri = Optional.of(storeUri);
      return this;
    }

    /**
     * Sets a variable of the program's environment.
     *
     * @param name not empty, without {@code =} and NUL, and not one of the engine's own
     * @param value without NUL
     * @return this
     * @throws IllegalArgumentException if a rule is broken, or the variable is a secret already
     */
    public Builder environment(String name, String value) {
      checkVariable(name, value);
      checkNotBoth(Map.of(name, value), secrets);
      environment.put(name, value);
      return this;
    }

    /**
     * Gives the program a value that nobody else is to see. It is asked for at each launch, is not
     * kept with the job, and is masked in what the program prints.
     *
     * @param variable letters, digits and {@code _}, no digit first, and not one of the engine's
     *     own
     * @param name by which the host's {@link dev.windlass.SecretProvider} knows the value; not
     *     blank
     * @return this
     * @throws IllegalArgumentException if a rule is broken, or the variable has a value already
     */
    public Builder secret(String variable, String name) {
      checkSecret(variable, name);
      checkNotBoth(environment, Map.of(variable, name));
      secrets.put(variable, name);
      return this;
    }

    /**
     * Adds a mapping.
     *
     * @param mapping any direction
     * @return this
     */
    public Builder mapping(Mapping mapping) {
      mappings.add(Objects.requireNonNull(mapping, "mapping"));
      return this;
    }

    /**
     * Lets the program read an object or folder of a store.
     *
     * @param store store URI
     * @param local where the program sees it
     * @return this
     */
    public Builder input(String store, String local) {
      return mapping(new Mapping(Mapping.Direction.INPUT, store, local));
    }

    /**
     * Publishes a file or folder of the program once an instance has ended well.
     *
     * @param local what the program writes
     * @param store store URI
     * @return this
     */
    public Builder output(String local, String store) {
      return mapping(new Mapping(Mapping.Direction.OUTPUT, store, local));
    }

    /**
     * Publishes standard output and standard error to store folders.
     *
     * @param stdout store folder, ends with {@code /}
     * @param stderr store folder, may be the same
     * @return this
     */
    public Builder logs(String stdout, String stderr) {
      stdoutFolder = Optional.of(stdout);
      stderrFolder = Optional.of(stderr);
      return this;
    }

    /**
     * Publishes standard output only.
     *
     * @param folder store folder, ends with {@code /}
     * @return this
     */
    public Builder stdoutFolder(String folder) {
      stdoutFolder = Optional.of(folder);
      return this;
    }

    /**
     * Publishes standard error only.
     *
     * @param folder store folder, ends with {@code /}
     * @return this
     */
    public Builder stderrFolder(String folder) {
      stderrFolder = Optional.of(folder);
      return this;
    }

    /**
     * What one instance books on its node. Default: one processor.
     *
     * @param request the resources
     * @return this
     */
    public Builder resources(Resources request) {
      resources = Optional.of(request);
      return this;
    }

    /**
     * The container image to run in.
     *
     * @param container the image
     * @return this
     */
    public Builder image(ContainerImage container) {
      image = Optional.of(container);
      return this;
    }

    /**
     * Insists on one executor.
     *
     * @param name the executor's name
     * @return this
     */
    public Builder executor(String name) {
      executor = Optional.of(name);
      return this;
    }

    /**
     * How surely everything an attempt started is ended. Default: {@link Isolation#SESSION}.
     *
     * @param level the level
     * @return this
     */
    public Builder isolation(Isolation level) {
      isolation = Objects.requireNonNull(level, "level");
      return this;
    }

    /**
     * Says how many instances may fail with the task still counting as finished. Default: none.
     *
     * @param failures how many
     * @return this
     */
    public Builder tolerance(Tolerance failures) {
      tolerance = Objects.requireNonNull(failures, "failures");
      return this;
    }

    /**
     * Says how a task before this one must have ended for this one to run.
     *
     * @param before name of a task on which this one depends; checked at submission
     * @param condition how
     * @return this
     * @throws IllegalArgumentException if the name breaks its rule or was given before
     */
    public Builder condition(String before, Condition condition) {
      if (conditions.putIfAbsent(
              new TaskName(before), Objects.requireNonNull(condition, "condition"))
          != null) {
        throw new IllegalArgumentException("a condition on " + before + " was given before");
      }
      return this;
    }

    /**
     * Says that a task before this one is waited for by index: instance i of this task begins once
     * instance i of that one has finished.
     *
     * @param before name of a task on which this one depends and which has as many instances;
     *     checked at submission
     * @return this
     * @throws IllegalArgumentException if the name breaks its rule or was given before
     */
    public Builder perInstance(String before) {
      if (!perInstance.add(new TaskName(before))) {
        throw new IllegalArgumentException("the task " + before + " was given before");
      }
      return this;
    }

    /**
     * Bounds how many instances of the task run at once. Default: no bound.
     *
     * @param instances at least 1
     * @return this
     * @throws IllegalArgumentException if less
     */
    public Builder maxRunning(int instances) {
      maxRunning = OptionalInt.of(checkMaxRunning(instances));
      return this;
    }

    /**
     * Keeps fields of the service's format that have no meaning here.
     *
     * @param object path of the JSON object that held them, relative to the task; empty for the
     *     task itself
     * @param fields the fields
     * @return this
     */
    public Builder passThrough(String object, PassThrough fields) {
      passThrough.put(object, fields);
      return this;
    }

    /**
     * Makes the task.
     *
     * @return the description
     */
    public TaskDescription build() {
      return new TaskDescription(
          command,
          instanceCount,
          retry,
          timeout,
          placement,
          packageUri,
          environment,
          secrets,
          mappings,
          stdoutFolder,
          stderrFolder,
          resources,
          image,
          executor,
          isolation,
          maxRunning,
          tolerance,
          conditions,
          perInstance,
          passThrough);
    }
  }
}
