package dev.windlass.testkit.machine;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.testkit.executor.Script;
import dev.windlass.testkit.executor.ScriptInterpreter;
import dev.windlass.testkit.time.SimulatedPlatform;
import dev.windlass.testkit.time.Timeline;
import dev.windlass.testkit.time.WallClock;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A simulated machine whose virtual time goes as real time does, so that the contract suite can ask
 * its executor: programs are scripts on threads, and all that is simulated happens under one lock.
 */
final class MachineInRealTime {
  private static final Duration TICK = Duration.ofMillis(1);
  private static final ExecutorInfo INFO =
      new ExecutorInfo(
          "simulated", Set.of(Capability.SURVIVES_HOST, Capability.NODES), Resources.cpus(64));

  private final Object lock = new Object();
  private final Timeline timeline = new Timeline(new Random(1));
  private final WallClock wall = new WallClock(timeline);

  /** Guarded by the lock: a machine for each engine, the programs, and how many hosts are up. */
  private final Map<String, SimulatedMachine> machines = new HashMap<>();

  private final Map<AttemptId, Thread> programs = new HashMap<>();

  private final Map<AttemptId, String> nodeOfProgram = new HashMap<>();
  private int hosts;

  private SimulatedMachine machine(String engineId) {
    return machines.computeIfAbsent(
        engineId, id -> new SimulatedMachine(timeline, wall, new Scripts(id), new Nobody()));
  }

  private void hostBegins() {
    if (hosts++ == 0) {
      Thread time = new Thread(this::tick, "virtual-time");
      time.setDaemon(true);
      time.start();
    }
  }

  /** Time goes on as long as there is a host. */
  private void tick() {
    boolean more = true;
    while (more) {
      synchronized (lock) {
        timeline.pass(TICK);
        more = hosts > 0;
      }
      try {
        TimeUnit.NANOSECONDS.sleep(TICK.toNanos());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  Executor newHost() {
    return new Front();
  }

  /** Its programs end with it. */
  void loseNode(String node) {
    synchronized (lock) {
      machines.values().forEach(machine -> machine.loseNode(node, "it died"));
      programs.forEach(
          (id, program) -> {
            if (node.equals(nodeOfProgram.get(id))) {
              program.interrupt();
            }
          });
    }
  }

  private SimulatedExecutor executor(String engineId) {
    return new SimulatedExecutor(
        INFO,
        machine(engineId),
        timeline,
        new Faults(timeline),
        new CrashPoints(0, where -> {}),
        new SimulatedPlatform(timeline, wall, new Silence()));
  }

  /** Programs run as long as their scripts do, and end how these end. */
  private final class Scripts implements Programs {
    private final String engineId;

    Scripts(String engineId) {
      this.engineId = engineId;
    }

    @Override
    public Course course(AttemptSpec spec) {
      return new Course(Duration.ZERO, Course.ENDLESS, new Outcome.Exited(0), true);
    }

    /** Its bootstrap command is one that exits, with 0 or another code. */
    @Override
    public NodeCourse nodeCourse(NodeSpec spec) {
      String command = spec.bootstrap().orElse("exit 0");
      return command.equals("exit 0")
          ? NodeCourse.UP_AT_ONCE
          : new NodeCourse(Duration.ZERO, Optional.of("its bootstrap command failed: " + command));
    }

    @Override
    public void begins(AttemptSpec spec) {
      Thread program = new Thread(() -> run(spec), spec.id().toString());
      program.setDaemon(true);
      programs.put(spec.id(), program);
      nodeOfProgram.put(spec.id(), spec.node());
      program.start();
    }

    private void run(AttemptSpec spec) {
      Outcome outcome;
      try {
        outcome = new Outcome.Exited(interpret(spec));
      } catch (InterruptedException | ClosedByInterruptException e) {
        outcome = new Outcome.Cancelled();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      synchronized (lock) {
        programs.remove(spec.id());
        nodeOfProgram.remove(spec.id());
        machine(engineId).kill(spec.id(), outcome);
      }
    }

    private int interpret(AttemptSpec spec) throws InterruptedException, IOException {
      List<String> given = spec.arguments();
      Script script = Script.decode(given.get(1), given.subList(2, given.size()));
      try (PrintStream out = open(spec.stdout());
          PrintStream err = open(spec.stderr())) {
        return ScriptInterpreter.run(
            script,
            new ScriptInterpreter.Surroundings(spec.workDirectory(), spec.environment(), out, err));
      }
    }

    private PrintStream open(Path file) throws IOException {
      Files.createDirectories(file.getParent());
      return new PrintStream(
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
          false,
          StandardCharsets.UTF_8);
    }
  }

  /** Lets the threads of the suite in one by one. */
  private final class Front implements Executor {
    private @Nullable SimulatedExecutor executor;
    private boolean closed;

    @Override
    public ExecutorInfo info() {
      return INFO;
    }

    @Override
    public void open(ExecutorContext context) {
      synchronized (lock) {
        hostBegins();
        executor = executor(context.engineId());
        executor.open(context);
      }
    }

    private SimulatedExecutor opened() {
      return Objects.requireNonNull(executor, "not open");
    }

    @Override
    public void launch(AttemptSpec spec) {
      synchronized (lock) {
        opened().launch(spec);
      }
    }

    /** What has begun is interrupted and ends by itself; what has not is kept from it. */
    @Override
    public void cancel(AttemptId id, Duration grace) {
      synchronized (lock) {
        if (!programs.containsKey(id)) {
          opened().cancel(id, grace);
        }
        // Looked for again: it may have begun while the call was under way.
        Thread program = programs.get(id);
        if (program != null) {
          program.interrupt();
        }
      }
    }

    @Override
    public Collection<AttemptReport> recover(Set<AttemptId> expected) {
      synchronized (lock) {
        return opened().recover(expected);
      }
    }

    @Override
    public void startNode(NodeSpec spec) {
      synchronized (lock) {
        opened().startNode(spec);
      }
    }

    @Override
    public void endNode(String node) {
      synchronized (lock) {
        opened().endNode(node);
      }
    }

    @Override
    public void release(AttemptId id) {
      synchronized (lock) {
        opened().release(id);
      }
    }

    @Override
    public void close() {
      synchronized (lock) {
        if (executor != null && !closed) {
          closed = true;
          executor.close();
          hosts--;
        }
      }
    }
  }

  private static final class Nobody implements SimulatedMachine.Observer {
    @Override
    public void submitted(AttemptSpec spec) {}

    @Override
    public void began(AttemptSpec spec) {}

    @Override
    public void ended(AttemptSpec spec, Outcome outcome) {}

    @Override
    public void released(AttemptId id) {}
  }

  private static final class Silence implements SimulatedPlatform.Observer {
    @Override
    public void beforeTask(String lane) {}

    @Override
    public void taskFailed(String lane, Throwable thrown) {}
  }
}
