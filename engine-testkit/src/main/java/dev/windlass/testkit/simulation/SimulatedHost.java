package dev.windlass.testkit.simulation;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.LogBound;
import dev.windlass.Retention;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.core.engine.Parts;
import dev.windlass.core.engine.WindlassEngine;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.EventsPurgedException;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventRetention;
import dev.windlass.executor.Capability;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.testkit.machine.CrashPoints;
import dev.windlass.testkit.machine.Faults;
import dev.windlass.testkit.machine.Faults.Fault;
import dev.windlass.testkit.machine.RandomPrograms;
import dev.windlass.testkit.machine.SimulatedExecutor;
import dev.windlass.testkit.machine.SimulatedMachine;
import dev.windlass.testkit.machine.SimulatedStorage;
import dev.windlass.testkit.simulation.check.ConsumerChecker;
import dev.windlass.testkit.simulation.check.EventChecker;
import dev.windlass.testkit.simulation.check.Journal;
import dev.windlass.testkit.simulation.check.Records;
import dev.windlass.testkit.simulation.check.Violations;
import dev.windlass.testkit.storage.InMemoryStorage;
import dev.windlass.testkit.time.HostCrashed;
import dev.windlass.testkit.time.SimulatedPlatform;
import dev.windlass.testkit.time.Timeline;
import dev.windlass.testkit.time.WallClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The host of the simulated engine: comes up, crashes, comes up again. */
final class SimulatedHost {
  static final String EXECUTOR = "sim";
  private static final String CONSUMER = "audit";
  static final Duration STOP_GRACE = Duration.ofSeconds(2);

  /**
   * Short enough for what programs say, so that logs are shortened, but behind their first words.
   */
  private static final LogBound LOG_BOUND = new LogBound(12, 4);

  private static final Duration BOOT = Duration.ofMillis(300);
  private static final Duration BUSY = Duration.ofMillis(1);
  private static final Duration NEXT_TRY = Duration.ofSeconds(1);

  /** What outlives a host, and what a host is made from. */
  record World(
      Timeline timeline,
      Journal journal,
      Violations violations,
      WallClock wall,
      Faults faults,
      CrashPoints points,
      SimulatedMachine machine,
      InMemoryStorage objects,
      Path directory,
      Function<SimulatedPlatform, StateStore> stores,
      EventRetention eventRetention,
      Records records,
      EventChecker events,
      ConsumerChecker consumer) {}

  private final World world;
  private @Nullable SimulatedPlatform platform;
  private @Nullable SimulatedStorage storage;
  private @Nullable Engine engine;
  private int lives;
  private boolean clusterGone;

  SimulatedHost(World world) {
    this.world = world;
  }

  Optional<Engine> engine() {
    return Optional.ofNullable(engine);
  }

  int lives() {
    return lives;
  }

  int openUploads() {
    return storage == null ? 0 : storage.openUploads();
  }

  /** Listeners were told everything, once nothing happens any more. */
  void checkEvents() {
    if (engine != null) {
      world.events().checkComplete(engine.jobs(JobQuery.all()).items());
      world.consumer().checkComplete();
    }
  }

  /** Brings it up as soon as nothing of its last life is left on the stack. */
  void bootAfter(Duration pause) {
    world.timeline().after(pause, this::boot);
  }

  private void boot() {
    if (world.timeline().isInsideLane()) {
      bootAfter(BUSY);
      return;
    }
    lives++;
    world.journal().write("host begins, life " + lives);
    try {
      open();
    } catch (EngineException e) {
      world.journal().write("host cannot open the engine: " + e.code());
      end();
      bootAfter(NEXT_TRY);
    } catch (Exception e) {
      if (!(e instanceof HostCrashed)) {
        world.violations().add("the engine opens", e.toString());
      }
    }
  }

  private void open() {
    SimulatedPlatform life =
        new SimulatedPlatform(world.timeline(), world.wall(), new LaneObserver());
    platform = life;
    StateStore store = world.stores().apply(life);
    SimulatedStorage front =
        new SimulatedStorage(
            world.objects(), life, world.timeline(), world.faults(), world.points());
    storage = front;
    Engine opened =
        WindlassEngine.of(
            new Parts(
                world.directory(),
                store,
                ImmutableMap.of(EXECUTOR, executor(life)),
                ImmutableMap.of("sim", front),
                Optional.of(this::secret),
                clusterGone ? ImmutableList.of() : ImmutableList.of(cluster()),
                ScenarioDice.TYPES,
                STOP_GRACE,
                LOG_BOUND,
                Retention.forever(),
                world.eventRetention(),
                life,
                () -> {}));
    engine = opened;
    follow(opened);
  }

  private void follow(Engine opened) {
    EventChecker events = world.events();
    try {
      opened.subscribe(EventFilter.all(), events.position(), events);
    } catch (EventsPurgedException e) {
      events.onMissed(events.position() + 1, e.oldest() - 1);
      follow(opened);
      return;
    }
    world.consumer().hostBegins();
    opened.subscribe(CONSUMER, EventFilter.all(), world.consumer());
  }

  private static ClusterDescription cluster() {
    return ClusterDescription.of(
            ScenarioDice.CLUSTER, EXECUTOR, ScenarioDice.CLUSTER_NODES, ScenarioDice.CLUSTER_NODE)
        .withNamed(ScenarioDice.CLUSTER_NAMED);
  }

  /** Where the storage is, the secrets are. */
  private Optional<String> secret(String name) throws IOException {
    if (world.faults().is(Fault.STORAGE_AWAY)) {
      throw new IOException("the secrets are away");
    }
    return name.equals(ScenarioDice.SECRET) ? Optional.of(RandomPrograms.SECRET) : Optional.empty();
  }

  private SimulatedExecutor executor(SimulatedPlatform life) {
    return new SimulatedExecutor(
        new ExecutorInfo(
            EXECUTOR,
            Set.of(Capability.PROGRAMS, Capability.SURVIVES_HOST, Capability.NODES),
            ScenarioDice.DEFAULT_NODE),
        world.machine(),
        world.timeline(),
        world.faults(),
        world.points(),
        life);
  }

  /** Ends this life at once; the next one begins soon. Does nothing if the host is not up. */
  void crash(String how) {
    if (platform != null) {
      world.journal().write("host crashes: " + how);
      end();
      bootAfter(BOOT);
    }
  }

  /**
   * Ends this life, and unwinds the caller if he is in the midst of it.
   *
   * @param besides what else happens at that moment
   */
  void crashHere(String where, Runnable besides) {
    SimulatedPlatform life = platform;
    crash(where);
    besides.run();
    if (life != null) {
      life.checkAlive();
    }
  }

  private void end() {
    if (platform != null) {
      platform.die();
    }
    world.machine().hostEnds();
    platform = null;
    engine = null;
  }

  /** From its next life on the host configures no cluster. */
  void takeClusterAway() {
    clusterGone = true;
  }

  /** Closes the engine as a host does that ends in order; the next one begins soon. */
  void close() {
    Engine closing = engine;
    if (closing == null) {
      return;
    }
    if (world.timeline().isInsideLane()) {
      world.timeline().after(BUSY, this::close);
      return;
    }
    world.journal().write("host closes the engine");
    engine = null;
    try {
      closing.close();
      end();
      bootAfter(BOOT);
    } catch (Exception e) {
      if (!(e instanceof HostCrashed)) {
        world.violations().add("the engine closes", e.toString());
      }
    }
  }

  private final class LaneObserver implements SimulatedPlatform.Observer {
    @Override
    public void beforeTask(String lane) {
      world.points().pass("before a task of " + lane);
    }

    @Override
    public void taskFailed(String lane, Throwable thrown) {
      world.violations().add("no task fails", lane + ": " + thrown);
    }
  }
}
