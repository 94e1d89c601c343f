package dev.windlass.executor.local;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.job.AttemptId;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs attempts as processes of this host.
 *
 * <pre>{@code
 * Executor local = LocalExecutor.create();
 * }</pre>
 *
 * <p>Programs run as the user of this JVM, each in a session of its own. They and the evidence of
 * them outlive the JVM. What else it can do depends on the host and is found out by trial when it
 * is made; {@link #info} tells:
 *
 * <ul>
 *   <li>absolute and read-only bindings need a private mount namespace: root, or unprivileged user
 *       namespaces;
 *   <li>{@link dev.windlass.job.Isolation#SEALED} and limits need control groups that this user can
 *       write.
 * </ul>
 *
 * <p>How it works is told in the package's description. Safe for use by several threads, as the
 * contract asks.
 */
public final class LocalExecutor implements Executor {

  private final LocalExecutorConfig config;
  private final ControlGroups controlGroups;
  private final Sandbox sandbox;
  private final ExecutorInfo info;
  private volatile @Nullable Session session;

  private LocalExecutor(LocalExecutorConfig config) {
    this.config = Objects.requireNonNull(config, "config");
    Host.requireLinux();
    CgroupLayout layout = CgroupLayout.discover();
    this.controlGroups =
        config.controlGroups() == LocalExecutorConfig.Use.AUTO
            ? ControlGroups.probe(layout)
            : ControlGroups.none();
    this.sandbox =
        config.namespaces() == LocalExecutorConfig.Use.AUTO ? Sandbox.probe() : Sandbox.none();
    Set<Capability> capabilities = EnumSet.of(Capability.PROGRAMS, Capability.SURVIVES_HOST);
    capabilities.addAll(controlGroups.capabilities());
    capabilities.addAll(sandbox.capabilities());
    this.info =
        new ExecutorInfo(
            config.name(), capabilities, config.capacity().orElseGet(() -> Host.capacity(layout)));
  }

  /**
   * Makes an executor named {@value LocalExecutorConfig#DEFAULT_NAME} that offers the whole host.
   *
   * @return an executor, not yet open
   * @throws EngineException if this is not Linux, or {@code setsid} of util-linux is missing
   */
  public static LocalExecutor create() {
    return create(LocalExecutorConfig.builder().build());
  }

  /**
   * Makes an executor.
   *
   * @param config how it is set up
   * @return an executor, not yet open
   * @throws EngineException if this is not Linux, or {@code setsid} of util-linux is missing
   */
  public static LocalExecutor create(LocalExecutorConfig config) {
    return new LocalExecutor(config);
  }

  @Override
  public ExecutorInfo info() {
    return info;
  }

  @Override
  public void open(ExecutorContext context) {
    session = Session.open(context, config, controlGroups, sandbox);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ExecutorException UNSUPPORTED if it asks for what {@link #info} does not declare or
   *     binds over the root, {@code /proc}, {@code /sys} or {@code /dev}; CANNOT_START if the
   *     working directory is missing or the command is too long for the kernel
   */
  @Override
  public void launch(AttemptSpec spec) {
    Requirements.check(spec, info);
    session().launch(spec);
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

  @Override
  public void close() {
    Session open = session;
    if (open != null) {
      open.close();
    }
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
