package dev.windlass.testkit.engine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.windlass.Engine;
import dev.windlass.LogBound;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.core.engine.Parts;
import dev.windlass.core.engine.WindlassEngine;
import dev.windlass.core.job.Change;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.storage.Storage;
import dev.windlass.testkit.machine.CrashPoints;
import dev.windlass.testkit.machine.Faults;
import dev.windlass.testkit.machine.SimulatedExecutor;
import dev.windlass.testkit.machine.SimulatedMachine;
import dev.windlass.testkit.script.Script;
import dev.windlass.testkit.storage.InMemoryStorage;
import dev.windlass.testkit.store.GroupTable;
import dev.windlass.testkit.store.SimulatedDisk;
import dev.windlass.testkit.store.SimulatedStore;
import dev.windlass.testkit.time.SimulatedPlatform;
import dev.windlass.testkit.time.Timeline;
import dev.windlass.testkit.time.WallClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The host of a test engine, which crashes and comes up again, and the machine that it runs on. */
final class TestHost {
  private final TestEngineBuilder settings;
  private final VirtualTime time;
  private final Timeline timeline;
  private final WallClock wall;
  private final InMemoryStorage objects;
  private final EventLog events;
  private final Map<String, SimulatedMachine> machines = new LinkedHashMap<>();
  private final List<ScriptedPrograms> programs = new ArrayList<>();
  private final Map<JobId, JobDescription> descriptions = new HashMap<>();
  private final List<Throwable> defects = new ArrayList<>();
  private final SimulatedDisk disk = new SimulatedDisk(new SoundDisk(), new Random(0));
  private final GroupTable groups = new GroupTable();
  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder()
              .setAttributeViews("basic", "owner", "posix", "unix")
              .build());

  /** What there is while the host is up. */
  private record Life(SimulatedPlatform platform, SimulatedStore store, Engine engine) {}

  private @Nullable Life life;
  private InstanceTypes instanceTypes;

  TestHost(
      TestEngineBuilder settings,
      VirtualTime time,
      WallClock wall,
      InMemoryStorage objects,
      Script script,
      EventLog events) {
    this.settings = settings;
    this.time = time;
    this.timeline = time.timeline();
    this.wall = wall;
    this.objects = objects;
    this.instanceTypes = settings.instanceTypes();
    this.events = events;
    for (String executor : settings.executorNames()) {
      ScriptedPrograms own = new ScriptedPrograms(timeline, script, this::description);
      SimulatedMachine machine = new SimulatedMachine(timeline, wall, own, own);
      own.runOn(machine);
      programs.add(own);
      machines.put(executor, machine);
    }
  }

  private Optional<JobDescription> description(JobId job) {
    Life present = life;
    if (present != null && !descriptions.containsKey(job)) {
      present.store().description(job).ifPresent(found -> descriptions.put(job, found));
    }
    return Optional.ofNullable(descriptions.get(job));
  }

  boolean isUp() {
    return life != null;
  }

  Engine engine() {
    if (life == null) {
      throw new IllegalStateException("the host is down; TestEngine.restartHost() brings it up");
    }
    return life.engine();
  }

  /** What machine sizes mean to the hosts from the next one on. */
  void instanceTypes(InstanceTypes types) {
    instanceTypes = types;
  }

  /** Brings the host up. */
  void open() {
    SimulatedPlatform platform = new SimulatedPlatform(timeline, wall, new LaneObserver());
    SimulatedStore store = SimulatedStore.open(disk, groups, settings.engineId());
    if (store.committed().isEmpty() && !settings.namedResources().isEmpty()) {
      List<Change> named = new ArrayList<>();
      settings
          .namedResources()
          .forEach((name, total) -> named.add(new Change.NamedResourceSet(name, total)));
      store.commit(named);
    }
    ImmutableMap.Builder<String, Executor> executors = ImmutableMap.builder();
    machines.forEach((name, machine) -> executors.put(name, executor(name, machine, platform)));
    ImmutableMap.Builder<String, Storage> storages = ImmutableMap.builder();
    settings.servedSchemes().forEach(scheme -> storages.put(scheme, objects.reopen()));
    Engine shipped =
        WindlassEngine.of(
            new Parts(
                files.getPath("/engine"),
                store,
                executors.buildOrThrow(),
                storages.buildOrThrow(),
                Optional.of(settings.secrets()),
                ImmutableList.copyOf(settings.clusters()),
                instanceTypes,
                settings.stopGrace(),
                LogBound.DEFAULT,
                settings.retention(),
                settings.eventRetention(),
                platform,
                () -> {}));
    life = new Life(platform, store, new ConfinedEngine(shipped, time, platform, this::end));
  }

  private SimulatedExecutor executor(
      String name, SimulatedMachine machine, SimulatedPlatform platform) {
    return new SimulatedExecutor(
        new ExecutorInfo(name, settings.capabilities(), settings.nodeCapacity()),
        machine,
        timeline,
        new Faults(timeline),
        new CrashPoints(0, where -> {}),
        platform);
  }

  /** Has an executor lose a node; false if none of them has it. */
  boolean loseNode(String node, String reason) {
    Optional<SimulatedMachine> machine =
        machines.values().stream().filter(each -> each.isUp(node)).findFirst();
    machine.ifPresent(each -> each.loseNode(node, reason));
    return machine.isPresent();
  }

  /** Ends the host at once; whoever is under way in it is unwound. */
  void crash() {
    Life ending = life;
    end();
    if (ending != null && timeline.isInsideLane()) {
      ending.platform().checkAlive();
    }
  }

  private void end() {
    Life ending = life;
    life = null;
    if (ending == null) {
      return;
    }
    takeEvents(ending);
    ending.platform().die();
    machines.values().forEach(SimulatedMachine::hostEnds);
    if (!settings.capabilities().contains(Capability.SURVIVES_HOST)) {
      machines.values().forEach(SimulatedMachine::reboot);
    }
  }

  /** Notes what has happened since it was last asked. */
  void takeEvents() {
    if (life != null) {
      takeEvents(life);
    }
  }

  private void takeEvents(Life of) {
    if (of.store().isOpen()) {
      events.take(of.store());
    }
  }

  /** Says whether nothing goes on: no job that is not over, and no program that ends. */
  boolean isIdle() {
    if (!timeline.isSettled()) {
      return false;
    }
    return life == null
        ? programs.stream().noneMatch(ScriptedPrograms::areAnyToEnd)
        : life.store().loadNotOver().isEmpty();
  }

  /** Ends everything. */
  void close() {
    end();
    try {
      files.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!defects.isEmpty()) {
      AssertionError failure = new AssertionError("a task of the engine failed: a defect of it");
      defects.forEach(failure::addSuppressed);
      defects.clear();
      throw failure;
    }
  }

  private final class LaneObserver implements SimulatedPlatform.Observer {
    @Override
    public void beforeTask(String lane) {
      // Nothing goes wrong here that the test does not ask for.
    }

    @Override
    public void taskFailed(String lane, Throwable thrown) {
      defects.add(thrown);
    }
  }

  /** Has no faults. */
  private static final class SoundDisk implements SimulatedDisk.Faults {
    @Override
    public void beforeWrite(int bytes) {
      // It works.
    }

    @Override
    public void afterWrite() {
      // It works.
    }

    @Override
    public void beforeSync() {
      // It works.
    }

    @Override
    public void afterSync() {
      // It works.
    }
  }
}
