package dev.windlass.benchmark;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.NodeReport;
import dev.windlass.executor.NodeSpec;
import dev.windlass.executor.docker.DockerExecutor;
import dev.windlass.executor.docker.DockerExecutorConfig;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * How long it takes from the launch of an attempt until its program has begun, in a container of
 * its own and inside a warm node, in turns.
 *
 * <p>Arguments: an image with {@code /bin/true}, how often each (50).
 */
public final class WarmStart {
  private static final String NODE = "warm";
  private static final double NANOS_IN_MS = 1e6;
  private static final long PATIENCE_SECONDS = 60;

  private final Context context;
  private final DockerExecutor executor;
  private int count;

  private WarmStart(Context context, DockerExecutor executor) {
    this.context = context;
    this.executor = executor;
  }

  /**
   * Runs the comparison.
   *
   * @param args see the class
   * @throws Exception if anything goes wrong
   */
  public static void main(String[] args) throws Exception {
    int times = args.length > 1 ? Integer.parseInt(args[1]) : 50;
    Path directory = Files.createTempDirectory("windlass-benchmark");
    try (DockerExecutor executor =
        DockerExecutor.create(DockerExecutorConfig.builder().defaultImage(args[0]).build())) {
      Context context = new Context(directory);
      executor.open(context);
      executor.recover(Set.of());
      new WarmStart(context, executor).compare(times);
    } finally {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private void compare(int times) throws Exception {
    executor.startNode(
        new NodeSpec(
            NODE,
            new ClusterName("warm"),
            "group",
            Resources.cpus(1).withMemory(256 << 20),
            Map.of(),
            Optional.empty(),
            Optional.empty()));
    context.awaitNode();
    List<Double> fresh = new ArrayList<>();
    List<Double> warm = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      fresh.add(start("default"));
      warm.add(start(NODE));
    }
    executor.endNode(NODE);
    context.awaitNode();
    System.out.printf(
        Locale.ROOT,
        "from launch to begin, median of %d: %.1f ms in a container of its own, %.1f ms in a warm"
            + " node, %.1f times as fast%n",
        times,
        median(fresh),
        median(warm),
        median(fresh) / median(warm));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /** Runs one attempt to its end; milliseconds until it had begun. */
  private double start(String node) throws Exception {
    int number = count++;
    AttemptSpec spec =
        AttemptSpec.builder(
                new InstanceId(new JobId("job-" + "0".repeat(32)), new TaskName("t"), number)
                    .attempt(1),
                context.attempts().resolve("attempt-" + number),
                List.of("/bin/true"))
            .node(node)
            .build();
    Files.createDirectories(spec.workDirectory());
    long launched = System.nanoTime();
    executor.launch(spec);
    context.await(AttemptReport.Started.class);
    long begun = System.nanoTime();
    context.await(AttemptReport.Ended.class);
    executor.release(spec.id());
    return (begun - launched) / NANOS_IN_MS;
  }

  /** What an engine offers. */
  private static final class Context implements ExecutorContext {
    private final Path directory;
    private final String engineId = UUID.randomUUID().toString().replace("-", "");
    private final BlockingQueue<AttemptReport> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<NodeReport> nodes = new LinkedBlockingQueue<>();

    Context(Path directory) throws IOException {
      this.directory = directory;
      Files.createDirectories(directory());
      Files.createDirectories(attempts());
    }

    void await(Class<? extends AttemptReport> kind) throws InterruptedException {
      AttemptReport report = reports.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!kind.isInstance(report)) {
        throw new IllegalStateException("expected " + kind.getSimpleName() + ", got " + report);
      }
    }

    void awaitNode() throws InterruptedException {
      if (nodes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) == null) {
        throw new IllegalStateException("the node is not told of");
      }
    }

    @Override
    public String engineId() {
      return engineId;
    }

    @Override
    public Path attempts() {
      return directory.resolve("attempts");
    }

    @Override
    public Path directory() {
      return directory.resolve("executor");
    }

    @Override
    public void report(NodeReport report) {
      nodes.add(report);
    }

    @Override
    public void report(AttemptReport report) {
      reports.add(report);
    }
  }
}
