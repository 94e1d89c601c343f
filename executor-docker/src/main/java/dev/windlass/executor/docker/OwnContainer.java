package dev.windlass.executor.docker;

import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A container that is there for one attempt alone. */
final class OwnContainer implements Place {

  private final AttemptId id;
  private final Tools tools;
  private final String name;
  private final Output output;
  private Optional<OutputFiles> files = Optional.empty();
  private String container = "";
  private volatile boolean unwanted;

  OwnContainer(AttemptId id, Tools tools) {
    this.id = id;
    this.tools = tools;
    this.name = tools.labels().name(id);
    this.output = new Output(tools.daemon(), tools.outputLimitBytes());
  }

  String name() {
    return name;
  }

  /** Says where the output belongs, which otherwise the labels do. */
  void writesTo(OutputFiles there) {
    files = Optional.of(there);
  }

  @Override
  public void abandon() {
    unwanted = true;
  }

  /** True if it need not be begun any more. */
  boolean isUnwanted() {
    return unwanted;
  }

  /** The events of the container carry the attempt's label. */
  @Override
  public void watch(Runnable over) {}

  @Override
  public void start() {
    tools.daemon().start(name);
  }

  @Override
  public Outcome notStarted(String error) {
    return Verdict.notStarted(error);
  }

  @Override
  public Optional<Instant> begun() {
    return Optional.empty();
  }

  @Override
  public ContainerState state() {
    ContainerState state = tools.daemon().inspect(name, tools.labels());
    if (state.phase() != ContainerState.Phase.ABSENT) {
      files = Optional.of(Labels.output(state.labels()));
    }
    return state;
  }

  @Override
  public boolean fence(ContainerState made) {
    return tools.daemon().removeUnlessRunning(made.id());
  }

  @Override
  public Optional<Boolean> hasProgram() {
    return tools.daemon().hasProgram(name);
  }

  @Override
  public void signal(String signal) {
    tools.daemon().signal(name, signal);
  }

  @Override
  public void follow() {
    files.ifPresent(there -> output.follow(name, there));
  }

  @Override
  public void complete(ContainerState ended) throws IOException {
    container = ended.id();
    output.complete(ended.id(), Labels.output(ended.labels()));
    tools.copies().out(ended);
  }

  @Override
  public Usage usage(Optional<Duration> wall) {
    return new Usage(wall, tools.accounting().cpu(id), tools.accounting().peakMemoryBytes(id));
  }

  @Override
  public boolean isWitness() {
    return false;
  }

  @Override
  public String oomWitness() {
    return "the Docker engine's flag OOMKilled";
  }

  @Override
  public String lossReason() {
    return "its container was removed from outside";
  }

  @Override
  public void remove() {
    if (container.isEmpty()) {
      tools.daemon().remove(name, tools.labels());
    } else {
      tools.daemon().remove(container);
    }
    tools.accounting().forget(id);
  }

  @Override
  public boolean isRemovedAtOnce() {
    return false;
  }
}
