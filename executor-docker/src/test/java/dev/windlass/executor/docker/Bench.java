package dev.windlass.executor.docker;

import static org.awaitility.Awaitility.await;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.NodeReport;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Stands for the engine: opens an executor on a directory, makes attempts, hears reports. */
final class Bench implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final DockerExecutorConfig config;
  private final String engineId = UUID.randomUUID().toString().replace("-", "");
  private final AtomicInteger count = new AtomicInteger();
  private final List<AttemptReport> reports = new CopyOnWriteArrayList<>();
  private final List<NodeReport> nodeReports = new CopyOnWriteArrayList<>();
  private final Set<String> nodes = new HashSet<>();
  private final Set<AttemptId> launched = new HashSet<>();
  private DockerExecutor executor;

  Bench(Path directory, DockerExecutorConfig config) {
    this.directory = directory.resolve(engineId);
    this.config = config;
    open();
    recover();
  }

  private void open() {
    executor = DockerExecutor.create(config);
    executor.open(new Context());
  }

  /** What an engine offers, for the tests of one. */
  private final class Context implements ExecutorContext {
    @Override
    public String engineId() {
      return engineId;
    }

    @Override
    public Path attempts() {
      return directory;
    }

    @Override
    public Path directory() {
      try {
        return Files.createDirectories(directory.resolve("executor"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void report(NodeReport report) {
      nodeReports.add(report);
    }

    @Override
    public void report(AttemptReport report) {
      reports.add(report);
    }
  }

  DockerExecutor executor() {
    return executor;
  }

  String engineId() {
    return engineId;
  }

  AttemptSpec shell(String script) {
    return spec(List.of("/bin/sh", "-c", script), builder -> builder);
  }

  AttemptSpec shell(String script, UnaryOperator<AttemptSpec.Builder> more) {
    return spec(List.of("/bin/sh", "-c", script), more);
  }

  AttemptSpec spec(List<String> arguments, UnaryOperator<AttemptSpec.Builder> more) {
    AttemptId id =
        new InstanceId(new JobId("job-" + engineId), new TaskName("t"), count.getAndIncrement())
            .attempt(1);
    AttemptSpec spec =
        more.apply(
                AttemptSpec.builder(
                    id, directory.resolve("attempt-" + id.instance().index()), arguments))
            .build();
    try {
      Files.createDirectories(spec.workDirectory());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return spec;
  }

  AttemptSpec launch(AttemptSpec spec) {
    executor.launch(spec);
    launched.add(spec.id());
    return spec;
  }

  /** Launches and waits for the end. */
  Outcome run(AttemptSpec spec) {
    return outcome(launch(spec));
  }

  Outcome outcome(AttemptSpec spec) {
    return end(spec).outcome();
  }

  AttemptReport.Ended end(AttemptSpec spec) {
    await("the end of " + spec.id()).atMost(PATIENCE).until(() -> hasEnded(spec));
    return ends(spec).get(0);
  }

  boolean hasEnded(AttemptSpec spec) {
    return !ends(spec).isEmpty();
  }

  private List<AttemptReport.Ended> ends(AttemptSpec spec) {
    return reports.stream()
        .filter(report -> report.id().equals(spec.id()))
        .filter(AttemptReport.Ended.class::isInstance)
        .map(AttemptReport.Ended.class::cast)
        .toList();
  }

  void awaitStarted(AttemptSpec spec) {
    await("the start of " + spec.id())
        .atMost(PATIENCE)
        .until(() -> reports.stream().anyMatch(report -> report.id().equals(spec.id())));
  }

  void awaitFile(AttemptSpec spec, String name) {
    await(name)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> Files.exists(spec.workDirectory().resolve(name)));
  }

  void openGate(AttemptSpec spec) {
    open(spec, "gate");
  }

  void open(AttemptSpec spec, String name) {
    try {
      Files.writeString(spec.workDirectory().resolve(name), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String container(AttemptSpec spec) {
    return new Labels(engineId, config.name()).name(spec.id());
  }

  Collection<AttemptReport> recover() {
    Collection<AttemptReport> answer = executor.recover(Set.copyOf(launched));
    reports.addAll(answer);
    return answer;
  }

  /** A node of the image that the executor has by default, and of little memory. */
  NodeSpec node(String name, Optional<String> bootstrap) {
    return new NodeSpec(
        name,
        new ClusterName("warm"),
        "group",
        Resources.cpus(1).withMemory(64 << 20),
        Map.of("FROM_CLUSTER", "yes"),
        bootstrap,
        Optional.empty());
  }

  /** Starts a node and waits until it is up. */
  NodeSpec startNode(String name) {
    NodeSpec node = node(name, Optional.empty());
    startNode(node);
    awaitReport(new NodeReport.Up(name));
    return node;
  }

  void startNode(NodeSpec node) {
    nodes.add(node.name());
    executor.startNode(node);
  }

  void endNode(String name) {
    executor.endNode(name);
    awaitReport(new NodeReport.Gone(name, ""));
    nodes.remove(name);
  }

  void awaitReport(NodeReport report) {
    await(report.toString())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> nodeReports.contains(report));
  }

  /** Why a node is gone that nobody has ended, as soon as that is told. */
  String loss(String name) {
    await("the loss of " + name).atMost(PATIENCE).until(() -> !losses(name).isEmpty());
    return losses(name).get(0);
  }

  private List<String> losses(String name) {
    return nodeReports.stream()
        .filter(NodeReport.Gone.class::isInstance)
        .map(NodeReport.Gone.class::cast)
        .filter(gone -> gone.node().equals(name) && !gone.reason().isEmpty())
        .map(NodeReport.Gone::reason)
        .toList();
  }

  /** Forgets what was told of nodes. */
  void forgetNodeReports() {
    nodeReports.clear();
  }

  String nodeContainer(String name) {
    return new Labels(engineId, config.name()).node(name);
  }

  /** Another life of the host, on the same directory. */
  Collection<AttemptReport> restart() {
    return restart(() -> {});
  }

  /** The same; something is done while no host lives. */
  Collection<AttemptReport> restart(Runnable meanwhile) {
    executor.close();
    meanwhile.run();
    open();
    return recover();
  }

  void release(AttemptSpec spec) {
    executor.release(spec.id());
    launched.remove(spec.id());
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends what still runs, and lets go. */
  @Override
  public void close() {
    for (AttemptId id : launched) {
      executor.cancel(id, Duration.ZERO);
    }
    await("all attempts to end")
        .atMost(PATIENCE)
        .until(
            () ->
                launched.stream()
                    .allMatch(
                        id ->
                            reports.stream()
                                .anyMatch(
                                    report ->
                                        report.id().equals(id)
                                            && report instanceof AttemptReport.Ended)));
    Set.copyOf(launched).forEach(executor::release);
    Set.copyOf(nodes).forEach(this::endNode);
    executor.close();
  }
}
