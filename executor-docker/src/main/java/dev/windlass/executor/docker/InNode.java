package dev.windlass.executor.docker;

import com.github.dockerjava.api.exception.NotFoundException;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A run inside a node, beside other attempts. Its output goes to the attempt's files by itself. */
final class InNode implements Place {

  private final String node;
  private final Evidence evidence;
  private final Nodes nodes;
  private final Supervised run;
  private Runnable look = () -> {};
  private Map<String, String> secrets = Map.of();
  private volatile boolean shared;

  /**
   * The place of an attempt in a node, whether that is there or not.
   *
   * @param node the node's name
   * @param evidence the attempt's
   */
  InNode(AttemptId id, String node, Evidence evidence, Nodes nodes, Tools tools) {
    this.node = node;
    this.evidence = evidence;
    this.nodes = nodes;
    this.run =
        new Supervised(
            nodes.files(node),
            id.toString().replace('/', '.'),
            tools.labels().node(node),
            tools.labels().engineId() + "/" + id,
            tools);
  }

  String node() {
    return node;
  }

  /**
   * Makes the run, which is not started.
   *
   * @throws IOException if what is kept of it cannot be written
   */
  void make(NodeProgram program) throws IOException {
    run.make(program);
    secrets = program.secrets();
  }

  @Override
  public void watch(Runnable over) {
    look = over;
    run.adopt(over);
  }

  /** Nothing about it takes long. */
  @Override
  public void abandon() {}

  @Override
  public void start() {
    nodes.enter(this);
    try {
      nodes
          .find(node)
          .orElseThrow(() -> new NotFoundException("it was ended"))
          .runners()
          .run(run, secrets, look);
    } catch (IOException | UncheckedIOException e) {
      throw new DaemonSilentException("what is kept of a run cannot be written: " + e, e);
    }
  }

  /** Nothing that begins a shell there is the program's fault; elsewhere it may go well. */
  @Override
  public Outcome notStarted(String error) {
    return new Outcome.Refused("the node '" + node + "' does not take it: " + error, true);
  }

  @Override
  public Optional<Instant> begun() {
    return run.begun();
  }

  @Override
  public ContainerState state() {
    ContainerState state = run.state();
    if (state.phase() == ContainerState.Phase.RUNNING) {
      nodes.enter(this);
    }
    return state.oomKilled() && isShared() ? state.withoutOomKill() : state;
  }

  /** From now on a kill for want of memory in the node may have been that of another attempt. */
  void shares() {
    shared = true;
    evidence.markShared();
  }

  private boolean isShared() {
    return shared || evidence.isShared();
  }

  @Override
  public boolean fence(ContainerState made) {
    return run.fence();
  }

  @Override
  public Optional<Boolean> hasProgram() {
    return Optional.of(run.begun().isPresent());
  }

  @Override
  public void signal(String signal) {
    if (signal.equals("KILL")) {
      run.end();
    } else {
      run.tell(signal);
    }
  }

  @Override
  public void follow() {}

  @Override
  public void complete(ContainerState ended) {}

  @Override
  public Usage usage(Optional<Duration> wall) {
    return new Usage(wall, run.cpu(), OptionalLong.empty());
  }

  @Override
  public boolean isWitness() {
    return true;
  }

  @Override
  public String oomWitness() {
    return "its count of such kills in the node, in which nothing else ran,";
  }

  @Override
  public String lossReason() {
    return "its node '" + node + "', or its supervisor there, was ended from outside";
  }

  @Override
  public void remove() {
    run.fence();
    nodes.find(node).ifPresent(there -> there.runners().leave(run));
    run.delete();
    nodes.leave(this);
  }

  @Override
  public boolean isRemovedAtOnce() {
    return true;
  }
}
