package dev.windlass.executor.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Info;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Mapping;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs attempts as containers of a Docker engine, and inside containers that it keeps as nodes.
 *
 * <pre>{@code
 * Executor docker = DockerExecutor.create();
 * }</pre>
 *
 * <p>Containers outlive the JVM, and their ends are found again by name and labels. They have no
 * privileges and no capabilities, and belong to the user of this JVM; see {@link
 * DockerExecutorConfig} for what can be set.
 *
 * <p>An attempt that is placed on a node which this executor was asked to start runs inside that;
 * every other one has a container of its own. A node's limits hold for all that runs in it.
 *
 * <p>Where the Docker engine does not see this host's files, as a remote one may not, what an
 * attempt sees is copied into its container before the start. After the end its working directory
 * and whatever else it may write to are copied back, all of it; what the image has at a place is
 * then seen there too. Such an executor keeps no nodes, and refuses mounts.
 *
 * <p>A container's variables, secret ones too, are seen by whoever may use the Docker engine
 * ({@code docker inspect}), until the attempt is released. Docker has no other way to hand on a
 * variable. Variables of attempts inside nodes are not shown there.
 *
 * <p>How it works is told in the package's description. Safe for use by several threads, as the
 * contract asks.
 */
public final class DockerExecutor implements Executor {

  private final DockerExecutorConfig config;
  private final Daemon daemon;
  private final ExecutorInfo info;
  private final Info engine;
  private volatile @Nullable Session session;

  private DockerExecutor(DockerExecutorConfig config) {
    this.config = Objects.requireNonNull(config, "config");
    this.daemon = new Daemon(config);
    try {
      this.engine = daemon.info();
      requireWritableRoot();
      Set<Capability> capabilities = capabilities(engine, daemon.sharesFiles());
      this.info = new ExecutorInfo(config.name(), capabilities, capacity());
    } catch (DaemonSilentException | DockerException e) {
      daemon.close();
      throw new EngineException(
          ErrorCode.EXECUTOR_FAILED,
          config.name(),
          "no Docker engine answers at "
              + daemon.address()
              + "; start one, or set DOCKER_HOST: "
              + e.getMessage(),
          e);
    } catch (RuntimeException e) {
      daemon.close();
      throw e;
    }
  }

  /**
   * Makes an executor named {@value DockerExecutorConfig#DEFAULT_NAME} for the Docker engine that
   * {@code DOCKER_HOST} names, or that of this host.
   *
   * @return an executor, not yet open
   * @throws EngineException if the Docker engine does not answer
   */
  public static DockerExecutor create() {
    return create(DockerExecutorConfig.builder().build());
  }

  /**
   * Makes an executor.
   *
   * @param config how it is set up
   * @return an executor, not yet open
   * @throws EngineException if the Docker engine does not answer, or if files would have to be
   *     copied to it and the configuration makes the root of containers read-only
   */
  public static DockerExecutor create(DockerExecutorConfig config) {
    return new DockerExecutor(config);
  }

  private void requireWritableRoot() {
    if (config.readOnlyRoot() && !daemon.sharesFiles()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          config.name(),
          "readOnlyRoot needs files that can be bound, and the Docker engine at "
              + daemon.address()
              + " does not see those of this host; leave it out, or set sharedFiles if both see"
              + " the engine's directory and the stores at the same paths");
    }
  }

  private static Set<Capability> capabilities(Info engine, boolean sharedFiles) {
    Set<Capability> capabilities =
        EnumSet.of(
            Capability.PROGRAMS,
            Capability.ABSOLUTE_PATHS,
            Capability.READ_ONLY_BINDINGS,
            Capability.IMAGES,
            Capability.SEALED,
            Capability.SURVIVES_HOST);
    if (sharedFiles) {
      // What is run inside a node proves itself by files that both see.
      capabilities.add(Capability.NODES);
    }
    if (Boolean.TRUE.equals(engine.getMemoryLimit())) {
      capabilities.add(Capability.MEMORY_LIMIT);
    }
    if (Boolean.TRUE.equals(engine.getCpuCfsQuota())) {
      capabilities.add(Capability.CPU_LIMIT);
    }
    return capabilities;
  }

  /** How many the Docker engine has. */
  static int processors(Info engine) {
    Integer count = engine.getNCPU();
    return count == null ? 1 : Math.max(1, count);
  }

  private Resources capacity() {
    Long memory = engine.getMemTotal();
    return config
        .capacity()
        .orElseGet(
            () ->
                new Resources(processors(engine) * 1000L, memory == null ? 0 : memory, 0)
                    .withDisk(Host.diskTotal()));
  }

  @Override
  public ExecutorInfo info() {
    return info;
  }

  /**
   * {@inheritDoc} Here: that there is no image for it, or none that is allowed; for a cluster of
   * which this executor keeps nodes, that they cannot give it what it asks for; where files are
   * copied, that it asks for a mount.
   */
  @Override
  public Optional<String> refuse(TaskDescription task) {
    if (!daemon.sharesFiles()) {
      Optional<String> mount =
          task.mappings().stream()
              .filter(mapping -> mapping.direction() == Mapping.Direction.MOUNT)
              .map(mapping -> Requirements.noMount(mapping.local()))
              .findFirst();
      if (mount.isPresent()) {
        return mount;
      }
    }
    try {
      if (task.placement() instanceof Placement.OnCluster on) {
        Session open = session;
        Optional<String> image = open == null ? Optional.empty() : open.imageOfNodes(on.cluster());
        if (image.isPresent()) {
          return NodeRequirements.refuse(task, image.get(), config);
        }
        // Its nodes are not there yet, and may bring an image.
        ImageChoice.named(task, config);
        return Optional.empty();
      }
      ImageChoice.of(task, config);
      return Optional.empty();
    } catch (ImageChoice.NoImageException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void open(ExecutorContext context) {
    session = Session.open(context, config, daemon, engine);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ExecutorException UNSUPPORTED if it names no image and there is no default, an image
   *     that the configuration does not allow, or binds over the root, {@code /proc}, {@code /sys}
   *     or {@code /dev}, or if it is placed on a node and asks for another image, for an absolute
   *     path, for a mount, or to be sealed; CANNOT_START if the working directory is missing or the
   *     command is too long for the kernel
   */
  @Override
  public void launch(AttemptSpec spec) {
    Requirements.check(spec, info, daemon);
    try {
      session().launch(spec);
    } catch (ImageChoice.NoImageException e) {
      throw new ExecutorException(
          ErrorCode.UNSUPPORTED, spec.id(), String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void cancel(AttemptId id, Duration grace) {
    session().cancel(id, grace);
  }

  @Override
  public Collection<AttemptReport> recover(Set<AttemptId> expected) {
    return session().recover(expected);
  }

  @Override
  public void release(AttemptId id) {
    session().release(id);
  }

  /**
   * {@inheritDoc} Here: as a container, with the node's resources as limits for all that runs in
   * it. A node with GPUs is told as gone.
   */
  @Override
  public void startNode(NodeSpec spec) {
    session().startNode(spec);
  }

  @Override
  public void endNode(String node) {
    session().endNode(node);
  }

  @Override
  public void close() {
    Session open = session;
    if (open != null) {
      open.close();
    }
    daemon.close();
  }

  private Session session() {
    Session open = session;
    if (open == null) {
      throw new EngineException(
          ErrorCode.EXECUTOR_FAILED, config.name(), "the executor has not been opened");
    }
    return open;
  }
}
