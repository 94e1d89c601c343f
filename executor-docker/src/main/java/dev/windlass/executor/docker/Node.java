package dev.windlass.executor.docker;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.windlass.executor.NodeReport;
import dev.windlass.executor.NodeSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node as this JVM knows it: a container that is there for the attempts that are placed on it.
 * What must survive the JVM is that container and the {@link NodeFiles}.
 *
 * <p>Everything happens on the node's {@link Lane}. Every step looks first what there is, so that
 * any of them can be taken again: by a second call, by a later life of the host, or because the
 * Docker engine did not answer.
 */
final class Node {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** Where it stands; each leads to a later one. */
  private enum Phase {
    /** Nothing has been looked at. */
    NEW,
    /** Its image is being made ready. */
    MAKING,
    /** Its bootstrap command runs. */
    BOOTING,
    /** Takes attempts. */
    UP,
    /** Is not there any more, and nothing of it but the reason. */
    GONE,
    /** The engine has ended it. */
    ENDED
  }

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

  private static final long MILLIS_A_PROCESSOR = 1000;

  /** How many runners are to wait in a node at most, before there was need of more at once. */
  private static final long MOST_WAITING = 8;

  private final String name;
  private final String container;
  private final NodeFiles files;
  private final Nodes nodes;
  private final Tools tools;
  private final Lane lane;
  private final Supervised bootstrap;
  private final Runners runners;
  private volatile @Nullable NodeSpec spec;
  private Phase phase = Phase.NEW;
  private boolean bootAsked;

  Node(String name, Nodes nodes, Tools tools) {
    this.name = name;
    this.container = tools.labels().node(name);
    this.files = nodes.files(name);
    this.nodes = nodes;
    this.tools = tools;
    this.lane = new Lane(tools.workers());
    this.bootstrap = new Supervised(files, "bootstrap", container, container + "/bootstrap", tools);
    this.runners = new Runners(files, container, tools);
  }

  String name() {
    return name;
  }

  /** What it is to be, if this life of the host has been told. */
  Optional<NodeSpec> spec() {
    return Optional.ofNullable(spec);
  }

  /** Who runs attempts in it. */
  Runners runners() {
    return runners;
  }

  /** From which image it is made, if that is known. */
  Optional<String> image() {
    return files.image();
  }

  // --- Coming up --------------------------------------------------------------------------------

  void start(NodeSpec wanted) {
    spec = wanted;
    step(() -> begin(wanted));
  }

  private void begin(NodeSpec wanted) {
    if (tools.closing().getAsBoolean() || phase == Phase.ENDED || phase == Phase.MAKING) {
      return;
    }
    files.create();
    Optional<String> gone = files.gone();
    if (gone.isPresent()) {
      isGone(gone.get());
      return;
    }
    ContainerState state = tools.daemon().inspect(container, tools.labels());
    switch (state.phase()) {
      case ABSENT -> {
        if (files.isStarting()) {
          lost(state);
        } else {
          prepare(wanted);
        }
      }
      case CREATED -> run(wanted);
      case RUNNING -> boot(wanted);
      case ENDED -> lost(state);
      case REMOVING -> tools.workers().later(FIRST_RETRY, () -> start(wanted));
    }
  }

  private void prepare(NodeSpec wanted) {
    if (wanted.capacity().gpus() > 0) {
      isGone(
          "executor '"
              + tools.labels().executor()
              + "' keeps no nodes with GPUs, since Docker cannot divide them among containers that"
              + " stay; run tasks that need GPUs on the cluster 'default'");
      return;
    }
    ImageChoice image;
    try {
      image = nodes.image(wanted);
    } catch (ImageChoice.NoImageException e) {
      isGone(String.valueOf(e.getMessage()));
      return;
    }
    files.noteImage(image.reference());
    phase = Phase.MAKING;
    var unused =
        tools
            .images()
            .prepare(image)
            .whenComplete((ready, failure) -> step(() -> make(wanted, image, ready, failure)));
  }

  private void make(
      NodeSpec wanted,
      ImageChoice image,
      Images.@Nullable Ready ready,
      @Nullable Throwable failure) {
    if (phase != Phase.MAKING || tools.closing().getAsBoolean()) {
      return;
    }
    if (ready == null) {
      phase = Phase.NEW;
      if (failure instanceof Images.UnavailableException unavailable) {
        isGone(String.valueOf(unavailable.getMessage()));
      } else {
        LOG.warn("node {}: its image is not ready: {}", name, String.valueOf(failure));
        tools.workers().later(FIRST_RETRY, () -> start(wanted));
      }
      return;
    }
    files.makeDirectory(nodes.attempts());
    try {
      tools
          .daemon()
          .create(
              ready.id(),
              command ->
                  tools.plan().apply(command, wanted, List.of(nodes.attempts(), files.shared())));
    } catch (ConflictException e) {
      ContainerState there = tools.daemon().inspect(container, tools.labels());
      if (there.phase() == ContainerState.Phase.ABSENT) {
        phase = Phase.NEW;
        isGone("the container name is taken by somebody else: " + e.getMessage());
        return;
      }
      LOG.debug("node {} was made before", name);
    } catch (NotFoundException e) {
      tools.images().forget(image);
      phase = Phase.NEW;
      isGone("the image '" + image.reference() + "' is gone: " + e.getMessage());
      return;
    } catch (DockerException e) {
      phase = Phase.NEW;
      isGone("the Docker engine refused it: " + e.getMessage());
      return;
    }
    phase = Phase.NEW;
    run(wanted);
  }

  private void run(NodeSpec wanted) {
    files.markStarting();
    try {
      tools.daemon().start(container);
    } catch (DockerException e) {
      // The answer alone does not say whether it began all the same.
      ContainerState state = tools.daemon().inspect(container, tools.labels());
      if (state.phase() != ContainerState.Phase.RUNNING) {
        String error = state.error().isEmpty() ? String.valueOf(e.getMessage()) : state.error();
        isGone("its container cannot be started: " + error);
        return;
      }
    }
    boot(wanted);
  }

  private void boot(NodeSpec wanted) {
    if (phase == Phase.UP || wanted.bootstrap().isEmpty()) {
      isUp(wanted);
      return;
    }
    phase = Phase.BOOTING;
    ContainerState state = bootstrap.state();
    switch (state.phase()) {
      // Without records it never began, since they are never removed before the node.
      case ABSENT -> {
        if (bootstrap.begun().isPresent()) {
          isGone("its bootstrap command was ended from outside");
        } else {
          askBoot(wanted);
        }
      }
      case CREATED -> {
        if (!bootAsked) {
          askBoot(wanted);
        }
      }
      case RUNNING, REMOVING -> {
        if (!bootAsked) {
          bootstrap.adopt(this::look);
        }
      }
      case ENDED -> booted(wanted, state);
    }
  }

  /** The claim keeps it from running twice, whatever an earlier life of the host has asked for. */
  private void askBoot(NodeSpec wanted) {
    try {
      bootstrap.make(
          new NodeProgram(
              List.of("/bin/sh", "-c", wanted.bootstrap().orElseThrow()),
              wanted.environment(),
              Set.of(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              false));
      bootAsked = true;
      bootstrap.listen(this::look);
      runners.run(bootstrap, Map.of(), this::look);
    } catch (NotFoundException | ConflictException e) {
      LOG.debug("node {} ended before its bootstrap command", name, e);
      look();
    } catch (IOException e) {
      throw new DaemonSilentException("what is kept of a node cannot be written: " + e, e);
    }
  }

  private void booted(NodeSpec wanted, ContainerState end) {
    bootstrap.forget();
    if (end.startedAt().isPresent() && end.exitCode() == 0) {
      isUp(wanted);
    } else {
      String how = end.startedAt().isPresent() ? "exited with " + end.exitCode() : "did not begin";
      isGone("its bootstrap command " + how + bootstrap.complaints());
    }
  }

  /** With somebody who waits for the first attempt already. */
  private void isUp(NodeSpec wanted) {
    if (phase != Phase.UP) {
      nodes.hear(files.shared(), tools);
      long processors = wanted.capacity().cpuMillis() / MILLIS_A_PROCESSOR;
      runners.open((int) Math.max(1, Math.min(MOST_WAITING, processors)));
    }
    phase = Phase.UP;
    tools.nodeReports().accept(new NodeReport.Up(name));
  }

  // --- Going ------------------------------------------------------------------------------------

  /** Something may have happened to it unseen. */
  void look() {
    step(this::lookNow);
  }

  private void lookNow() {
    NodeSpec wanted = spec;
    if (wanted == null || (phase != Phase.BOOTING && phase != Phase.UP)) {
      return;
    }
    ContainerState state = tools.daemon().inspect(container, tools.labels());
    switch (state.phase()) {
      case RUNNING -> {
        if (phase == Phase.BOOTING) {
          boot(wanted);
        }
      }
      case REMOVING -> tools.workers().later(FIRST_RETRY, this::look);
      case ABSENT, CREATED, ENDED -> lost(state);
    }
  }

  private void lost(ContainerState state) {
    isGone(
        state.phase() == ContainerState.Phase.ENDED
            ? "its container ended with " + state.exitCode()
            : "its container was removed from outside");
  }

  /** On record first, so that it is told again; then without its container; then told. */
  private void isGone(String reason) {
    phase = Phase.GONE;
    stopListening();
    if (files.gone().isEmpty()) {
      files.recordGone(reason);
    }
    tools.daemon().remove(container, tools.labels());
    tools.nodeReports().accept(new NodeReport.Gone(name, reason));
  }

  void end() {
    step(
        () -> {
          phase = Phase.ENDED;
          stopListening();
          tools.daemon().remove(container, tools.labels());
          files.delete();
          nodes.forget(this);
          tools.nodeReports().accept(new NodeReport.Gone(name, ""));
        });
  }

  private void stopListening() {
    bootstrap.forget();
    runners.close();
  }

  private void step(Runnable task) {
    step(task, FIRST_RETRY);
  }

  private void step(Runnable task, Duration nextRetry) {
    lane.run(
        () -> {
          try {
            task.run();
          } catch (DaemonSilentException | DockerException | UncheckedIOException e) {
            LOG.warn("node {}: asking again in {}: {}", name, nextRetry, e.toString());
            Duration doubled = nextRetry.multipliedBy(2);
            Duration then = doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
            tools.workers().later(nextRetry, () -> step(task, then));
          }
        });
  }
}
