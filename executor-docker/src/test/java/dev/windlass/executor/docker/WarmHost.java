package dev.windlass.executor.docker;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A host that has a node and launches attempts on it, one after the other, until somebody kills it.
 * Run as a JVM of its own, again and again on one directory; each goes on where the last one was.
 *
 * <p>The program of attempt n appends to a ledger in its working directory and exits with n modulo
 * 100.
 */
final class WarmHost implements ExecutorContext {

  static final String NODE = "crash-1";

  private final Path root;
  private final Map<AttemptId, Outcome> outcomes = new ConcurrentHashMap<>();
  private final Set<String> up = ConcurrentHashMap.newKeySet();

  WarmHost(Path root) {
    this.root = root;
  }

  /** Arguments: where the Docker engine listens, the directory, how many attempts in this life. */
  public static void main(String[] arguments) throws Exception {
    WarmHost host = new WarmHost(Path.of(arguments[1]));
    DockerExecutor executor = executor(arguments[0]);
    executor.open(host);
    Set<AttemptId> before = host.intents();
    executor.recover(before);
    executor.startNode(host.node());
    System.out.println("open");
    while (host.up.isEmpty()) {
      Thread.onSpinWait();
    }
    int end = before.size() + Integer.parseInt(arguments[2]);
    for (int n = before.size(); n < end; n++) {
      AttemptSpec spec = host.spec(n);
      Files.createDirectories(spec.workDirectory());
      // As an engine does: what is going to be launched is known before.
      Files.createFile(host.root.resolve("intent-" + n));
      executor.launch(spec);
    }
    System.in.read();
  }

  static DockerExecutor executor(String address) {
    return DockerExecutor.create(
        DockerExecutorConfig.builder().host(address).defaultImage(TestDaemon.IMAGE).build());
  }

  NodeSpec node() {
    return new NodeSpec(
        NODE,
        new ClusterName("crash"),
        "g",
        Resources.cpus(1),
        Map.of(),
        Optional.of("echo x >>'" + root + "/attempts/boots'; sleep 0.2"),
        Optional.empty());
  }

  /** What may have been launched. */
  Set<AttemptId> intents() {
    return IntStream.iterate(0, n -> Files.exists(root.resolve("intent-" + n)), n -> n + 1)
        .mapToObj(WarmHost::id)
        .collect(Collectors.toSet());
  }

  static AttemptId id(int n) {
    return new InstanceId(new JobId("job-" + "0".repeat(32)), new TaskName("t"), n).attempt(1);
  }

  AttemptSpec spec(int n) {
    return AttemptSpec.builder(
            id(n),
            attempts().resolve(Integer.toString(n)),
            List.of("/bin/sh", "-c", "echo x >>ledger; sleep 0." + n % 10 + "; exit " + n % 100))
        .node(NODE)
        .build();
  }

  Map<AttemptId, Outcome> outcomes() {
    return outcomes;
  }

  @Override
  public String engineId() {
    return root.getFileName().toString();
  }

  @Override
  public Path directory() {
    try {
      return Files.createDirectories(root.resolve("executor"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Path attempts() {
    return root.resolve("attempts");
  }

  @Override
  public void report(AttemptReport report) {
    if (report instanceof AttemptReport.Ended end) {
      outcomes.put(end.id(), end.outcome());
    }
  }

  @Override
  public void report(NodeReport report) {
    if (report.kind() == NodeReport.Kind.UP) {
      up.add(report.node());
    }
  }
}
