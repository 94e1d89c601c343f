package dev.windlass.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a user submits: tasks and the order between them.
 *
 * <p>Made with {@link #builder}. The graph itself (unknown names, cycles) is checked at submission.
 *
 * @param name a label, not unique: 1 to {@value #MAX_NAME_LENGTH} letters, digits, {@code -} and
 *     {@code _}, beginning with a letter or {@code _}
 * @param description free text, possibly empty, at most {@value #MAX_DESCRIPTION_LENGTH} characters
 * @param priority 0 to {@value #MAX_PRIORITY}; larger is more urgent
 * @param onFailure what the job does when a task fails
 * @param autoRelease true if the job is deleted by itself once it has finished well
 * @param owner whose job it is, if that matters: the jobs of an owner share what the owner may use
 *     beside others of equal priority, and are served in order of submission. A job without an
 *     owner shares with none
 * @param labels what else tells it from others, for people and for listings: names of 1 to {@value
 *     #MAX_LABEL_NAME_LENGTH} letters, digits, {@code -}, {@code _}, {@code .} and {@code /} to
 *     values of at most {@value #MAX_LABEL_VALUE_LENGTH} characters; at most {@value #MAX_LABELS};
 *     iterates in the order given
 * @param weight how much the job may use beside others of equal priority, 1 to {@value
 *     #MAX_WEIGHT}; of jobs with an owner the one submitted last decides for all
 * @param maxRunning how many instances of the job run at once at most, at least 1; empty for no
 *     bound
 * @param tasks by name, in the order in which they were given; may be empty only until submission
 * @param dependencies a task to the tasks that come after it, as the service has it; iterates in
 *     the order given
 * @param finalTask the task that runs last, however the job ends: once all others have ended, the
 *     job fails or a user stops it. It has no dependencies. Its program is told in {@code
 *     WINDLASS_JOB_STATE} how the job ends: {@code Finished}, {@code Failed} or {@code Stopped}
 * @param passThrough fields of the service's format without meaning here
 */
public record JobDescription(
    String name,
    String description,
    int priority,
    FailurePolicy onFailure,
    boolean autoRelease,
    Optional<String> owner,
    Map<String, String> labels,
    int weight,
    OptionalInt maxRunning,
    Map<TaskName, TaskDescription> tasks,
    Map<TaskName, Set<TaskName>> dependencies,
    Optional<TaskName> finalTask,
    PassThrough passThrough) {

  /** Longest name in characters (reference, section 2.1). */
  public static final int MAX_NAME_LENGTH = 64;

  /** Longest description in characters (reference, section 2.1). */
  public static final int MAX_DESCRIPTION_LENGTH = 1_000;

  /** Highest priority (reference, section 2.1). */
  public static final int MAX_PRIORITY = 1_000;

  /** Largest weight. */
  public static final int MAX_WEIGHT = 1_000_000;

  /** Longest name of an owner in characters. */
  public static final int MAX_OWNER_LENGTH = 128;

  /** Most labels of a job. */
  public static final int MAX_LABELS = 64;

  /** Longest name of a label in characters. */
  public static final int MAX_LABEL_NAME_LENGTH = 128;

  /** Longest value of a label in characters. */
  public static final int MAX_LABEL_VALUE_LENGTH = 256;

  /** Checks ranges and copies collections. */
  public JobDescription {
    Names.checkServiceName("a job name", name, MAX_NAME_LENGTH);
    checkDescription(description);
    checkPriority(priority);
    java.util.Objects.requireNonNull(onFailure, "onFailure");
    owner.ifPresent(JobDescription::checkOwner);
    labels.forEach(Labels::check);
    Labels.checkCount(labels.size());
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    checkWeight(weight);
    maxRunning.ifPresent(TaskDescription::checkMaxRunning);
    tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
    Map<TaskName, Set<TaskName>> copy = new LinkedHashMap<>();
    dependencies.forEach(
        (from, to) -> copy.put(from, Collections.unmodifiableSet(new LinkedHashSet<>(to))));
    dependencies = Collections.unmodifiableMap(copy);
    java.util.Objects.requireNonNull(finalTask, "finalTask");
    java.util.Objects.requireNonNull(passThrough, "passThrough");
  }

  /**
   * Begins a job without tasks, of priority 0, that fails when an instance fails.
   *
   * @param name a label
   * @return a builder
   * @throws IllegalArgumentException if the name breaks its rule
   */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  private static void checkDescription(String description) {
    if (description.length() > MAX_DESCRIPTION_LENGTH) {
      throw new IllegalArgumentException(
          "a description has at most " + MAX_DESCRIPTION_LENGTH + " characters");
    }
    Names.checkText("a description", description);
  }

  private static int checkPriority(int priority) {
    if (priority < 0 || priority > MAX_PRIORITY) {
      throw new IllegalArgumentException(
          "priority must be 0 to " + MAX_PRIORITY + ", was " + priority);
    }
    return priority;
  }

  private static String checkOwner(String owner) {
    if (owner.isBlank() || owner.length() > MAX_OWNER_LENGTH) {
      throw new IllegalArgumentException(
          "an owner has 1 to " + MAX_OWNER_LENGTH + " characters, not all of them blank");
    }
    return Names.checkText("an owner", owner);
  }

  private static int checkWeight(int weight) {
    if (weight < 1 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException("weight must be 1 to " + MAX_WEIGHT + ", was " + weight);
    }
    return weight;
  }

  /** Collects the parts of a job. Not for use by several threads at once. */
  public static final class Builder {
    private final String name;
    private String description = "";
    private int priority;
    private FailurePolicy onFailure = FailurePolicy.STOP_AT_ONCE;
    private boolean autoRelease;
    private Optional<String> owner = Optional.empty();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private int weight = 1;
    private OptionalInt maxRunning = OptionalInt.empty();
    private final Map<TaskName, TaskDescription> tasks = new LinkedHashMap<>();
    private final Map<TaskName, Set<TaskName>> dependencies = new LinkedHashMap<>();
    private Optional<TaskName> finalTask = Optional.empty();
    private PassThrough passThrough = PassThrough.NONE;

    private Builder(String name) {
      this.name = Names.checkServiceName("a job name", name, MAX_NAME_LENGTH);
    }

    /**
     * Free text for people.
     *
     * @param text at most {@value JobDescription#MAX_DESCRIPTION_LENGTH} characters
     * @return this
     * @throws IllegalArgumentException if longer, or with a NUL
     */
    public Builder description(String text) {
      checkDescription(text);
      description = text;
      return this;
    }

    /**
     * How urgent the job is.
     *
     * @param value 0 to {@value JobDescription#MAX_PRIORITY}
     * @return this
     * @throws IllegalArgumentException if out of range
     */
    public Builder priority(int value) {
      priority = checkPriority(value);
      return this;
    }

    /**
     * Says whether an instance that failed for good fails the job at once, in the words of the
     * service. Default: true.
     *
     * @param value false to go on with the rest of the job
     * @return this
     */
    public Builder failOnInstanceFail(boolean value) {
      return onFailure(value ? FailurePolicy.STOP_AT_ONCE : FailurePolicy.GO_ON);
    }

    /**
     * Says what the job does when more instances of a task have failed than it tolerates. Default:
     * it fails at once.
     *
     * @param policy what it does
     * @return this
     */
    public Builder onFailure(FailurePolicy policy) {
      onFailure = java.util.Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Says whether the job is deleted once it has finished well. Default: false.
     *
     * @param value true to delete it
     * @return this
     */
    public Builder autoRelease(boolean value) {
      autoRelease = value;
      return this;
    }

    /**
     * Says whose job it is.
     *
     * @param name 1 to {@value JobDescription#MAX_OWNER_LENGTH} characters
     * @return this
     * @throws IllegalArgumentException if blank or longer
     */
    public Builder owner(String name) {
      owner = Optional.of(checkOwner(name));
      return this;
    }

    /**
     * Adds a label.
     *
     * @param label 1 to {@value JobDescription#MAX_LABEL_NAME_LENGTH} letters, digits, {@code -},
     *     {@code _}, {@code .} and {@code /}
     * @param value at most {@value JobDescription#MAX_LABEL_VALUE_LENGTH} characters, possibly none
     * @return this
     * @throws IllegalArgumentException if one of them breaks its rule, the label was given before,
     *     or there are {@value JobDescription#MAX_LABELS} already
     */
    public Builder label(String label, String value) {
      Labels.check(label, value);
      if (labels.containsKey(label)) {
        throw new IllegalArgumentException("the label " + label + " was given before");
      }
      Labels.checkCount(labels.size() + 1);
      labels.put(label, value);
      return this;
    }

    /**
     * Says how much the job, or its owner, may use beside others of equal priority. Default: 1.
     *
     * @param value 1 to {@value JobDescription#MAX_WEIGHT}
     * @return this
     * @throws IllegalArgumentException if out of range
     */
    public Builder weight(int value) {
      weight = checkWeight(value);
      return this;
    }

    /**
     * Bounds how many instances of the job run at once. Default: no bound.
     *
     * @param instances at least 1
     * @return this
     * @throws IllegalArgumentException if less
     */
    public Builder maxRunning(int instances) {
      maxRunning = OptionalInt.of(TaskDescription.checkMaxRunning(instances));
      return this;
    }

    /**
     * Adds a task.
     *
     * @param taskName unique within the job
     * @param task the task
     * @return this
     * @throws IllegalArgumentException if the name breaks its rule or is already used
     */
    public Builder task(String taskName, TaskDescription task) {
      if (tasks.putIfAbsent(new TaskName(taskName), task) != null) {
        throw new IllegalArgumentException("the task name " + taskName + " is already used");
      }
      return this;
    }

    /**
     * Puts one task before another. Both names are checked at submission, so tasks may be added
     * later.
     *
     * @param before the task that must be finished first
     * @param after the task that waits for it
     * @return this
     * @throws IllegalArgumentException if a name breaks its rule or the pair was given before
     */
    public Builder dependency(String before, String after) {
      Set<TaskName> followers =
          dependencies.computeIfAbsent(new TaskName(before), key -> new LinkedHashSet<>());
      if (!followers.add(new TaskName(after))) {
        throw new IllegalArgumentException(
            "the dependency " + before + " -> " + after + " was given before");
      }
      return this;
    }

    /**
     * Says which task runs last, however the job ends. Default: none.
     *
     * @param taskName name of a task without dependencies; checked at submission
     * @return this
     * @throws IllegalArgumentException if the name breaks its rule
     */
    public Builder finalTask(String taskName) {
      finalTask = Optional.of(new TaskName(taskName));
      return this;
    }

    /**
     * Keeps fields of the service's format that have no meaning here.
     *
     * @param fields the fields
     * @return this
     */
    public Builder passThrough(PassThrough fields) {
      passThrough = fields;
      return this;
    }

    /**
     * Makes the job.
     *
     * @return the description
     */
    public JobDescription build() {
      return new JobDescription(
          name,
          description,
          priority,
          onFailure,
          autoRelease,
          owner,
          labels,
          weight,
          maxRunning,
          tasks,
          dependencies,
          finalTask,
          passThrough);
    }
  }
}
