package dev.windlass.executor;

import dev.windlass.job.AttemptId;
import dev.windlass.job.ContainerImage;
import dev.windlass.job.Isolation;
import dev.windlass.job.Resources;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What an executor is to run. Made by the engine (and by contract suites).
 *
 * @param id identity of the attempt
 * @param arguments the program and its arguments; at least one
 * @param environment all variables the program gets, the engine's own included. An executor adds
 *     only what its kind of program cannot do without ({@code PATH}, {@code HOME} and the like),
 *     and only where absent here
 * @param secretVariables names in {@code environment} whose values nobody but the program is to
 *     see. An executor writes such a value nowhere where it outlives the program's start, unless
 *     its kind of program leaves no other way, and then it says so in its documentation; it never
 *     puts one into a log, a report, or the arguments of a process
 * @param directory absolute path of the attempt's own directory on this host. Below it the engine
 *     keeps the working directory, the outputs and the logs; an executor keeps nothing of its own
 *     here
 * @param workDirectory absolute path below {@code directory}, in which the program starts
 * @param stdout absolute path of the file below {@code directory} that gets standard output; the
 *     executor appends
 * @param stderr absolute path of the file below {@code directory} that gets standard error; the
 *     executor appends
 * @param bindings in the order in which they are to be made
 * @param resources what the attempt booked
 * @param gpuDevices which devices of its node the attempt booked, ascending; as many as {@code
 *     resources} has GPUs, or none where the numbers are not known. No other attempt on the node
 *     has one of them while this one runs. An executor whose programs see all devices of the node
 *     puts them into {@code CUDA_VISIBLE_DEVICES}, where {@code environment} does not set it; one
 *     that shows a program these devices only leaves the variable alone, since CUDA then numbers
 *     what is shown from 0 on (source: CUDA C++ Programming Guide, environment variables)
 * @param image the container image, if the task names one
 * @param imageId the image of the task's AutoCluster, if it names one; an executor that keeps no
 *     catalogue of images takes no notice of it
 * @param isolation how surely everything must be ended
 * @param node name of the node on which the engine booked the attempt
 */
public record AttemptSpec(
    AttemptId id,
    List<String> arguments,
    Map<String, String> environment,
    Set<String> secretVariables,
    Path directory,
    Path workDirectory,
    Path stdout,
    Path stderr,
    List<PathBinding> bindings,
    Resources resources,
    List<Integer> gpuDevices,
    Optional<ContainerImage> image,
    Optional<String> imageId,
    Isolation isolation,
    String node) {

  /** Checks and copies. */
  public AttemptSpec {
    Objects.requireNonNull(id, "id");
    arguments = List.copyOf(arguments);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("arguments must name a program");
    }
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    secretVariables = Set.copyOf(secretVariables);
    if (!environment.keySet().containsAll(secretVariables)) {
      throw new IllegalArgumentException(
          "secretVariables must be in environment, were " + secretVariables);
    }
    Objects.requireNonNull(workDirectory, "workDirectory");
    Objects.requireNonNull(stdout, "stdout");
    Objects.requireNonNull(stderr, "stderr");
    if (!directory.isAbsolute()) {
      throw new IllegalArgumentException("directory must be absolute, was " + directory);
    }
    bindings = List.copyOf(bindings);
    Objects.requireNonNull(resources, "resources");
    gpuDevices = List.copyOf(gpuDevices);
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(imageId, "imageId");
    Objects.requireNonNull(isolation, "isolation");
    Objects.requireNonNull(node, "node");
  }

  /** Names the variables and shows no value of them, since it ends up in logs. */
  @Override
  public String toString() {
    return "AttemptSpec[id="
        + id
        + ", node="
        + node
        + ", arguments="
        + arguments
        + ", environment="
        + environment.keySet()
        + ", directory="
        + directory
        + ", bindings="
        + bindings
        + ", resources="
        + resources
        + ", gpuDevices="
        + gpuDevices
        + ", image="
        + image
        + ", imageId="
        + imageId
        + ", isolation="
        + isolation
        + "]";
  }

  /**
   * Begins a specification in which everything lies at its usual place below the attempt's
   * directory: {@code work}, {@code stdout} and {@code stderr}.
   *
   * @param id identity of the attempt
   * @param directory absolute path of the attempt's directory
   * @param arguments the program and its arguments
   * @return a builder
   */
  public static Builder builder(AttemptId id, Path directory, List<String> arguments) {
    return new Builder(id, directory, arguments);
  }

  /** Collects the parts of a specification. Not for use by several threads at once. */
  public static final class Builder {
    private final AttemptId id;
    private final Path directory;
    private final List<String> arguments;
    private Map<String, String> environment = Map.of();
    private Set<String> secretVariables = Set.of();
    private List<PathBinding> bindings = List.of();
    private Resources resources = Resources.NONE;
    private List<Integer> gpuDevices = List.of();
    private Optional<ContainerImage> image = Optional.empty();
    private Optional<String> imageId = Optional.empty();
    private Isolation isolation = Isolation.SESSION;
    private String node = "";

    private Builder(AttemptId id, Path directory, List<String> arguments) {
      this.id = id;
      this.directory = directory;
      this.arguments = arguments;
    }

    /**
     * All variables of the program. Default: none.
     *
     * @param variables name to value
     * @return this
     */
    public Builder environment(Map<String, String> variables) {
      environment = variables;
      return this;
    }

    /**
     * Which variables have values that nobody but the program is to see. Default: none.
     *
     * @param names among those of the environment
     * @return this
     */
    public Builder secretVariables(Set<String> names) {
      secretVariables = names;
      return this;
    }

    /**
     * Paths of the host that the program must see. Default: none.
     *
     * @param paths in order
     * @return this
     */
    public Builder bindings(List<PathBinding> paths) {
      bindings = paths;
      return this;
    }

    /**
     * What the attempt booked. Default: nothing, which means no limit.
     *
     * @param booked the resources
     * @return this
     */
    public Builder resources(Resources booked) {
      resources = booked;
      return this;
    }

    /**
     * Which devices of the node the attempt booked. Default: none.
     *
     * @param numbers ascending
     * @return this
     */
    public Builder gpuDevices(List<Integer> numbers) {
      gpuDevices = numbers;
      return this;
    }

    /**
     * The container image. Default: none.
     *
     * @param container the image
     * @return this
     */
    public Builder image(Optional<ContainerImage> container) {
      image = container;
      return this;
    }

    /**
     * The image of the task's AutoCluster. Default: none.
     *
     * @param id the image's id in a catalogue of the executor
     * @return this
     */
    public Builder imageId(Optional<String> id) {
      imageId = id;
      return this;
    }

    /**
     * How surely everything must be ended. Default: {@link Isolation#SESSION}.
     *
     * @param level the level
     * @return this
     */
    public Builder isolation(Isolation level) {
      isolation = level;
      return this;
    }

    /**
     * The node on which the attempt is booked. Default: empty.
     *
     * @param name the node's name
     * @return this
     */
    public Builder node(String name) {
      node = name;
      return this;
    }

    /**
     * Makes the specification.
     *
     * @return the specification
     */
    public AttemptSpec build() {
      return new AttemptSpec(
          id,
          arguments,
          environment,
          secretVariables,
          directory,
          directory.resolve("work"),
          directory.resolve("stdout"),
          directory.resolve("stderr"),
          bindings,
          resources,
          gpuDevices,
          image,
          imageId,
          isolation,
          node);
    }
  }
}
