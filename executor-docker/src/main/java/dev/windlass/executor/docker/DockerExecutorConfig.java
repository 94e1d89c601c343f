package dev.windlass.executor.docker;

import dev.windlass.executor.ExecutorInfo;
import dev.windlass.job.Resources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a {@link DockerExecutor} is set up. Made with {@link #builder}; {@code builder().build()}
 * runs every task that names an image on the Docker engine of this host.
 *
 * <p>What a job description may ask for ends where this configuration ends: there is no way to ask
 * for privileges, capabilities, devices, namespaces of the host or another network, and {@link
 * #allowedImages} bounds which images may be named.
 *
 * @param name by which descriptions and clusters name the executor; see {@link ExecutorInfo}
 * @param host where the Docker engine listens, {@code unix://...} or {@code tcp://...}; empty for
 *     what {@code DOCKER_HOST} says, or the usual socket
 * @param certificates folder of {@code ca.pem}, {@code cert.pem} and {@code key.pem} for TLS; empty
 *     for what {@code DOCKER_CERT_PATH} and {@code DOCKER_TLS_VERIFY} say
 * @param sharedFiles true if the Docker engine sees this host's files at the same paths; empty to
 *     take that as given for a unix socket only. Where it does not, they are copied
 * @param copyTimeout how long copying the files of an attempt may take, each way
 * @param capacity what its default node offers; empty for the processors and the memory of the
 *     Docker engine and the disk of this host
 * @param defaultImage in which tasks run that name none; empty to refuse those
 * @param catalogue images by the {@code ImageId} of an AutoCluster; iterates in the order given
 * @param allowedImages which images a description may name; empty for all. The default image and
 *     the catalogue are allowed always
 * @param archives where images lie that descriptions keep in stores
 * @param dockerConfig folder of Docker's {@code config.json}, which has the credentials for
 *     registries; empty for what {@code DOCKER_CONFIG} says, or {@code ~/.docker}
 * @param pull when images are fetched from registries
 * @param pullTimeout how long fetching an image may take
 * @param pullListener hears how that goes
 * @param user to whom files belong that a container writes, {@code uid:gid} or a name of the image;
 *     empty for the user of this JVM
 * @param network Docker's network mode; empty for Docker's default
 * @param readOnlyRoot true if programs can write to their mappings, their working directory and
 *     {@code /tmp} only
 * @param pidsLimit most processes and threads of one attempt at a time
 * @param outputLimitBytes how much output of one attempt, standard output and error together, is
 *     kept; beyond that, its beginning and its end
 * @param callTimeout how long the Docker engine may take for an answer
 */
public record DockerExecutorConfig(
    String name,
    Optional<String> host,
    Optional<Path> certificates,
    Optional<Boolean> sharedFiles,
    Duration copyTimeout,
    Optional<Resources> capacity,
    Optional<String> defaultImage,
    Map<String, String> catalogue,
    List<Pattern> allowedImages,
    ImageArchives archives,
    Optional<Path> dockerConfig,
    PullPolicy pull,
    Duration pullTimeout,
    PullListener pullListener,
    Optional<String> user,
    Optional<String> network,
    boolean readOnlyRoot,
    long pidsLimit,
    long outputLimitBytes,
    Duration callTimeout) {

  /** The name by which a description asks for containers unless the host chose another. */
  public static final String DEFAULT_NAME = "docker";

  private static final long LEAST_OUTPUT_BYTES = 1 << 20;

  /**
   * Checks the ranges and copies the collections.
   *
   * @throws IllegalArgumentException if the name breaks its rule, a limit is too small, or a
   *     timeout is not positive
   */
  public DockerExecutorConfig {
    new ExecutorInfo(name, Set.of(), Resources.NONE);
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(certificates, "certificates");
    Objects.requireNonNull(sharedFiles, "sharedFiles");
    Objects.requireNonNull(capacity, "capacity");
    Objects.requireNonNull(defaultImage, "defaultImage");
    catalogue = Collections.unmodifiableMap(new LinkedHashMap<>(catalogue));
    allowedImages = List.copyOf(allowedImages);
    Objects.requireNonNull(archives, "archives");
    Objects.requireNonNull(dockerConfig, "dockerConfig");
    Objects.requireNonNull(pull, "pull");
    Objects.requireNonNull(pullListener, "pullListener");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(network, "network");
    requirePositive("copyTimeout", copyTimeout);
    requirePositive("pullTimeout", pullTimeout);
    requirePositive("callTimeout", callTimeout);
    if (pidsLimit < 1) {
      throw new IllegalArgumentException("pidsLimit must be at least 1, was " + pidsLimit);
    }
    if (outputLimitBytes < LEAST_OUTPUT_BYTES) {
      throw new IllegalArgumentException(
          "outputLimitBytes must be at least " + LEAST_OUTPUT_BYTES + ", was " + outputLimitBytes);
    }
  }

  private static void requirePositive(String what, Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(what + " must be positive, was " + duration);
    }
  }

  /**
   * Begins with the defaults: named {@value #DEFAULT_NAME}, the Docker engine that {@code
   * DOCKER_HOST} names or that of this host, no default image, any image allowed and fetched if it
   * is missing, programs as the user of this JVM in Docker's default network, 4096 processes and 64
   * MiB of output for each attempt.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the settings. Not for use by several threads at once. */
  public static final class Builder {
    private String name = DEFAULT_NAME;
    private Optional<String> host = Optional.empty();
    private Optional<Path> certificates = Optional.empty();
    private Optional<Boolean> sharedFiles = Optional.empty();
    private Duration copyTimeout = Duration.ofHours(1);
    private Optional<Resources> capacity = Optional.empty();
    private Optional<String> defaultImage = Optional.empty();
    private final Map<String, String> catalogue = new LinkedHashMap<>();
    private List<Pattern> allowedImages = List.of();
    private ImageArchives archives = ImageArchives.NONE;
    private Optional<Path> dockerConfig = Optional.empty();
    private PullPolicy pull = PullPolicy.IF_MISSING;
    private Duration pullTimeout = Duration.ofMinutes(30);
    private PullListener pullListener = PullListener.NONE;
    private Optional<String> user = Optional.empty();
    private Optional<String> network = Optional.empty();
    private boolean readOnlyRoot;
    private long pidsLimit = 4096;
    private long outputLimitBytes = 64L << 20;
    private Duration callTimeout = Duration.ofMinutes(1);

    private Builder() {}

    /**
     * The executor's name. Default: {@value DockerExecutorConfig#DEFAULT_NAME}.
     *
     * @param value 1 to 32 lower-case letters, digits and {@code -}, beginning with a letter
     * @return this
     */
    public Builder name(String value) {
      name = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * Where the Docker engine listens. Default: what {@code DOCKER_HOST} says, or {@code
     * unix:///var/run/docker.sock}.
     *
     * @param uri {@code unix:///path} or {@code tcp://host:port}
     * @return this
     */
    public Builder host(String uri) {
      host = Optional.of(uri);
      return this;
    }

    /**
     * Makes the connection TLS with the keys in a folder. Keys in PEM form need Bouncy Castle on
     * the class path, see the README. Default: what {@code DOCKER_TLS_VERIFY} and {@code
     * DOCKER_CERT_PATH} say.
     *
     * @param folder has {@code ca.pem}, {@code cert.pem} and {@code key.pem}
     * @return this
     */
    public Builder certificates(Path folder) {
      certificates = Optional.of(folder);
      return this;
    }

    /**
     * Whether the Docker engine sees this host's files at the same paths, so that they can be bound
     * into containers. Without, they are copied into containers and back, there are no warm nodes,
     * and mounts are refused. Default: yes for a unix socket, otherwise no.
     *
     * @param shared whether
     * @return this
     */
    public Builder sharedFiles(boolean shared) {
      sharedFiles = Optional.of(shared);
      return this;
    }

    /**
     * How long copying the files of an attempt may take, each way. Default: an hour.
     *
     * @param most positive
     * @return this
     */
    public Builder copyTimeout(Duration most) {
      copyTimeout = most;
      return this;
    }

    /**
     * What the executor's default node offers. Default: the processors and the memory that the
     * Docker engine reports, the file store of this JVM's working directory in its full size, and
     * no GPU.
     *
     * @param offered the resources
     * @return this
     */
    public Builder capacity(Resources offered) {
      capacity = Optional.of(offered);
      return this;
    }

    /**
     * The image for tasks that name none. Default: none, such tasks are refused.
     *
     * @param reference the image's name
     * @return this
     */
    public Builder defaultImage(String reference) {
      defaultImage = Optional.of(reference);
      return this;
    }

    /**
     * Adds an image for the {@code ImageId} of AutoClusters.
     *
     * @param imageId as descriptions name it
     * @param reference the image's name
     * @return this
     */
    public Builder image(String imageId, String reference) {
      catalogue.put(imageId, reference);
      return this;
    }

    /**
     * Which images descriptions may name. Default: all.
     *
     * @param patterns one of which must match the whole of the name
     * @return this
     */
    public Builder allowedImages(List<Pattern> patterns) {
      allowedImages = patterns;
      return this;
    }

    /**
     * Where images lie that descriptions keep in stores, by the variable {@code
     * BATCH_COMPUTE_DOCKER_REGISTRY_OSS_PATH}. Default: nowhere, so that they are looked for in
     * their registry.
     *
     * @param stores finds them
     * @return this
     */
    public Builder archives(ImageArchives stores) {
      archives = stores;
      return this;
    }

    /**
     * Where Docker's {@code config.json} lies, which has the credentials for registries or names
     * the helper programs that do. Default: what {@code DOCKER_CONFIG} says, or {@code ~/.docker}.
     *
     * @param folder in which it lies
     * @return this
     */
    public Builder dockerConfig(Path folder) {
      dockerConfig = Optional.of(folder);
      return this;
    }

    /**
     * When images are fetched. Default: {@link PullPolicy#IF_MISSING}.
     *
     * @param policy when
     * @return this
     */
    public Builder pull(PullPolicy policy) {
      pull = policy;
      return this;
    }

    /**
     * How long fetching an image may take. Default: 30 minutes.
     *
     * @param most positive
     * @return this
     */
    public Builder pullTimeout(Duration most) {
      pullTimeout = most;
      return this;
    }

    /**
     * Who hears how images are fetched. Default: nobody.
     *
     * @param listener called on a thread of the executor; see {@link PullListener}
     * @return this
     */
    public Builder pullListener(PullListener listener) {
      pullListener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * To whom files belong that containers write. Default: the user of this JVM, or the image's own
     * where that cannot be found out.
     *
     * @param uidAndGid such as {@code 1000:1000}, or a name that the image knows
     * @return this
     */
    public Builder user(String uidAndGid) {
      user = Optional.of(uidAndGid);
      return this;
    }

    /**
     * The network of containers. Default: Docker's default, usually its bridge.
     *
     * @param mode a network mode of Docker, such as {@code none} or a network's name
     * @return this
     */
    public Builder network(String mode) {
      network = Optional.of(mode);
      return this;
    }

    /**
     * Whether programs can write to their mappings, their working directory and {@code /tmp} only.
     * Default: no, a container has a layer of its own to write to.
     *
     * @param readOnly whether
     * @return this
     */
    public Builder readOnlyRoot(boolean readOnly) {
      readOnlyRoot = readOnly;
      return this;
    }

    /**
     * Most processes and threads of an attempt at a time. Default: 4096.
     *
     * @param most at least 1
     * @return this
     */
    public Builder pidsLimit(long most) {
      pidsLimit = most;
      return this;
    }

    /**
     * How much output of an attempt is kept. Default: 64 MiB.
     *
     * @param most at least 1 MiB
     * @return this
     */
    public Builder outputLimitBytes(long most) {
      outputLimitBytes = most;
      return this;
    }

    /**
     * How long the Docker engine may take for an answer, before it is asked again. Default: a
     * minute.
     *
     * @param most positive
     * @return this
     */
    public Builder callTimeout(Duration most) {
      callTimeout = most;
      return this;
    }

    /**
     * Makes the configuration.
     *
     * @return the configuration
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public DockerExecutorConfig build() {
      return new DockerExecutorConfig(
          name,
          host,
          certificates,
          sharedFiles,
          copyTimeout,
          capacity,
          defaultImage,
          catalogue,
          allowedImages,
          archives,
          dockerConfig,
          pull,
          pullTimeout,
          pullListener,
          user,
          network,
          readOnlyRoot,
          pidsLimit,
          outputLimitBytes,
          callTimeout);
    }
  }
}
