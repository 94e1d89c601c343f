package dev.windlass.testkit.machine;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.testkit.machine.Faults.Fault;
import dev.windlass.testkit.time.SimulatedPlatform;
import dev.windlass.testkit.time.Timeline;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** An executor for one life of a host, in front of a machine that outlives it. */
public final class SimulatedExecutor implements Executor {

  /** A report is under way for up to this long. */
  private static final Duration LONGEST_NEWS = Duration.ofMillis(20);

  private final ExecutorInfo info;
  private final SimulatedMachine machine;
  private final Timeline timeline;
  private final Faults faults;
  private final CrashPoints points;
  private final SimulatedPlatform life;

  /** When the last report of an attempt or a node arrives: the next one comes later. */
  private final Map<Object, Long> arrivals = new HashMap<>();

  /** What was on its way before the last one is covered by its answer, and does not follow it. */
  private int recoveries;

  private boolean closed;

  public SimulatedExecutor(
      ExecutorInfo info,
      SimulatedMachine machine,
      Timeline timeline,
      Faults faults,
      CrashPoints points,
      SimulatedPlatform life) {
    this.info = info;
    this.machine = machine;
    this.timeline = timeline;
    this.faults = faults;
    this.points = points;
    this.life = life;
  }

  @Override
  public ExecutorInfo info() {
    return info;
  }

  @Override
  public void open(ExecutorContext context) {
    machine.hostBegins(
        report -> send(context, report),
        report -> deliver(report.node(), () -> context.report(report)));
  }

  private void send(ExecutorContext context, AttemptReport report) {
    deliver(context, report);
    if (faults.strikes(Fault.EXECUTOR_ODD, 3)) {
      deliver(context, report);
    }
  }

  private void deliver(ExecutorContext context, AttemptReport report) {
    if (recoveries == 0) {
      return; // the first recovery will tell, of attempts of an earlier life, in the right order
    }
    int sent = recoveries;
    deliver(
        report.id(),
        () -> {
          if (sent == recoveries) {
            context.report(report);
          }
        });
  }

  /** Tells something after what was told before of the same attempt or node. */
  private void deliver(Object subject, Runnable news) {
    long arrival =
        Math.max(
            timeline.nanos() + timeline.upTo(LONGEST_NEWS).toNanos(),
            arrivals.getOrDefault(subject, 0L));
    arrivals.put(subject, arrival);
    timeline.after(
        Duration.ofNanos(arrival - timeline.nanos()),
        () -> {
          if (!closed) {
            news.run();
          }
        });
  }

  @Override
  public void startNode(NodeSpec spec) {
    enter("before a node is made");
    if (faults.strikes(Fault.EXECUTOR_AWAY, 2)) {
      throw new EngineException(
          ErrorCode.EXECUTOR_FAILED, info.name(), "the backend does not answer");
    }
    machine.startNode(spec);
    enter("after a node was made");
  }

  @Override
  public void endNode(String node) {
    enter("before a node is removed");
    if (faults.strikes(Fault.EXECUTOR_AWAY, 2)) {
      throw new EngineException(
          ErrorCode.EXECUTOR_FAILED, info.name(), "the backend does not answer");
    }
    machine.endNode(node);
    enter("after a node was removed");
  }

  @Override
  public void launch(AttemptSpec spec) {
    enter("before a launch");
    info.checkNeeds(spec);
    if (faults.strikes(Fault.EXECUTOR_AWAY, 2)) {
      throw new ExecutorException(
          ErrorCode.NO_CAPACITY, spec.id(), "the backend takes nothing at present", null);
    }
    machine.launch(spec);
    enter("after a launch");
    if (faults.strikes(Fault.EXECUTOR_ODD, 4)) {
      throw new IllegalStateException("a defect of the executor, after it launched");
    }
  }

  @Override
  public void cancel(AttemptId id, Duration grace) {
    enter("before a cancel");
    // A call takes its time, and a stop may be on record before it gets through.
    if (timeline.random().nextInt(4) == 0) {
      life.pass(timeline.upTo(LONGEST_NEWS));
    }
    machine.cancel(id, grace);
    enter("after a cancel");
  }

  @Override
  public Collection<AttemptReport> recover(Set<AttemptId> expected) {
    enter("before a recovery");
    if (faults.is(Fault.EXECUTOR_AWAY)) {
      throw new EngineException(
          ErrorCode.EXECUTOR_FAILED, info.name(), "the backend does not answer");
    }
    recoveries++;
    Collection<AttemptReport> reports = machine.recover(expected);
    life.pass(
        timeline.upTo(LONGEST_NEWS)); // what happens meanwhile is reported before this is told
    enter("after a recovery");
    return reports;
  }

  @Override
  public void release(AttemptId id) {
    enter("before a release");
    machine.release(id);
    arrivals.remove(id);
    enter("after a release");
  }

  private void enter(String where) {
    life.checkAlive();
    points.pass(where);
  }

  @Override
  public void close() {
    closed = true;
    machine.hostEnds();
  }
}
