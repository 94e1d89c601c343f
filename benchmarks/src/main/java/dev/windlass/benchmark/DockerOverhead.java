package dev.windlass.benchmark;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.NodeReport;
import dev.windlass.executor.docker.DockerExecutor;
import dev.windlass.executor.docker.DockerExecutorConfig;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * What the executor adds to the same containers made, started, waited for and removed with bare
 * docker-java at the same concurrency. The two take turns, so that a busy host slows both.
 *
 * <p>Arguments: the image, which has {@code /bin/true}; then how many containers (200), how many at
 * a time (8), how many turns (3). The Docker engine is the one that {@code DOCKER_HOST} names.
 */
public final class DockerOverhead {

  private static final List<String> COMMAND = List.of("/bin/true");
  private static final double NANOS = 1e9;

  private final String image;
  private final int containers;
  private final int concurrency;

  private DockerOverhead(String image, int containers, int concurrency) {
    this.image = image;
    this.containers = containers;
    this.concurrency = concurrency;
  }

  /**
   * Runs the comparison.
   *
   * @param args see the class
   * @throws Exception if anything goes wrong
   */
  public static void main(String[] args) throws Exception {
    DockerOverhead benchmark =
        new DockerOverhead(args[0], number(args, 1, 200), number(args, 2, 8));
    int turns = number(args, 3, 3);
    double plain = 0;
    double same = 0;
    double executor = 0;
    for (int turn = 0; turn < turns; turn++) {
      double plainTurn = benchmark.bare(command -> command);
      double sameTurn = benchmark.same();
      double executorTurn = benchmark.executor();
      System.out.printf(
          Locale.ROOT,
          "bare, plain containers %.2f s; bare, the same containers %.2f s; executor %.2f s%n",
          plainTurn,
          sameTurn,
          executorTurn);
      plain += plainTurn;
      same += sameTurn;
      executor += executorTurn;
    }
    System.out.printf(
        Locale.ROOT,
        "%d containers, %d at a time: %.3f times as long as bare docker-java with the same"
            + " containers, %.3f times as long as with plain ones%n",
        benchmark.containers,
        benchmark.concurrency,
        executor / same,
        executor / plain);
  }

  private static int number(String[] args, int at, int otherwise) {
    return args.length > at ? Integer.parseInt(args[at]) : otherwise;
  }

  /** Containers like those that the executor makes. */
  private double same() throws Exception {
    Path directory = Files.createTempDirectory("windlass-benchmark");
    HostConfig host =
        HostConfig.newHostConfig()
            .withCapDrop(Capability.ALL)
            .withSecurityOpts(List.of("no-new-privileges"))
            .withPidsLimit(4096L)
            .withInit(true)
            .withLogConfig(new LogConfig(LogConfig.LoggingType.LOCAL))
            .withMounts(
                List.of(
                    new Mount()
                        .withType(MountType.BIND)
                        .withSource(directory.toString())
                        .withTarget(directory.toString())));
    return bare(
        command ->
            command
                .withHostConfig(host)
                .withUser("0:0")
                .withWorkingDir(directory.toString())
                .withHealthcheck(new HealthCheck().withTest(List.of("NONE"))));
  }

  private double bare(UnaryOperator<CreateContainerCmd> plan) throws Exception {
    var settings = DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    var http = new ZerodepDockerHttpClient.Builder().dockerHost(settings.getDockerHost()).build();
    ExecutorService threads = Executors.newFixedThreadPool(concurrency);
    try (DockerClient docker = DockerClientImpl.getInstance(settings, http)) {
      long begin = System.nanoTime();
      CountDownLatch left = new CountDownLatch(containers);
      for (int i = 0; i < containers; i++) {
        threads.execute(
            () -> {
              CreateContainerCmd create =
                  docker.createContainerCmd(image).withEntrypoint(COMMAND).withCmd(List.of());
              String id = plan.apply(create).exec().getId();
              docker.startContainerCmd(id).exec();
              docker.waitContainerCmd(id).exec(new WaitContainerResultCallback()).awaitStatusCode();
              docker.removeContainerCmd(id).exec();
              left.countDown();
            });
      }
      left.await();
      return (System.nanoTime() - begin) / NANOS;
    } finally {
      threads.shutdownNow();
    }
  }

  private double executor() throws Exception {
    Path directory = Files.createTempDirectory("windlass-benchmark");
    Context context = new Context(Files.createDirectory(directory.resolve("executor")));
    long begin;
    try (DockerExecutor executor =
        DockerExecutor.create(DockerExecutorConfig.builder().defaultImage(image).build())) {
      executor.open(context);
      executor.recover(Set.of());
      begin = System.nanoTime();
      for (int i = 0; i < containers; i++) {
        AttemptSpec spec = spec(directory, i);
        context.room.acquire();
        executor.launch(spec);
      }
      context.left.await();
      context.ended.forEach(end -> executor.release(end.id()));
    }
    // Closed, it has removed the last of them.
    double seconds = (System.nanoTime() - begin) / NANOS;
    System.out.println("failed: " + context.failed + ", most threads: " + context.mostThreads);
    return seconds;
  }

  private static AttemptSpec spec(Path directory, int index) throws IOException {
    AttemptSpec spec =
        AttemptSpec.builder(
                new InstanceId(new JobId("job-" + "0".repeat(32)), new TaskName("t"), index)
                    .attempt(1),
                directory.resolve("attempt-" + index),
                COMMAND)
            .build();
    Files.createDirectories(spec.workDirectory());
    return spec;
  }

  /** Lets the next one begin when one has ended. */
  private final class Context implements ExecutorContext {
    private final Path directory;
    private final String engineId = UUID.randomUUID().toString().replace("-", "");
    private final Semaphore room = new Semaphore(concurrency);
    private final CountDownLatch left = new CountDownLatch(containers);
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger mostThreads = new AtomicInteger();
    private final java.util.Queue<AttemptReport.Ended> ended =
        new java.util.concurrent.ConcurrentLinkedQueue<>();

    Context(Path directory) {
      this.directory = directory;
    }

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
      return directory;
    }

    @Override
    public void report(NodeReport report) {}

    @Override
    public void report(AttemptReport report) {
      mostThreads.accumulateAndGet(Thread.activeCount(), Math::max);
      if (report instanceof AttemptReport.Ended end) {
        if (!end.outcome().isSuccess()) {
          failed.incrementAndGet();
        }
        ended.add(end);
        room.release();
        left.countDown();
      }
    }
  }
}
