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
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * What the executor adds to the same containers made, started, waited for and removed with bare
 * docker-java at the same concurrency. The two take turns, so that a busy host slows both.
 *
 * <p>Before that comes a turn that is not counted: the JVM has compiled most of either way by then.
 *
 * <p>Arguments: the image, which has {@code /bin/true}; then how many containers (200), how many at
 * a time (8), how many turns (3). The Docker engine is the one that {@code DOCKER_HOST} names.
 */
public final class DockerOverhead {

  private static final List<String> COMMAND = List.of("/bin/true");
  private static final double NANOS = 1e9;

  /** Beside those of the executor. */
  private static final String GROUPS = "/windlass-benchmark";

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
    benchmark.plain();
    benchmark.same();
    benchmark.executor();
    double plain = 0;
    double same = 0;
    double executor = 0;
    for (int turn = 0; turn < turns; turn++) {
      double plainTurn = benchmark.plain();
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

  /** Nothing asked of the containers. */
  private double plain() throws Exception {
    return bare((command, index) -> command);
  }

  /**
   * Containers with all that those of the executor have, down to the control group of each in which
   * the kernel counts what it uses.
   */
  private double same() throws Exception {
    Path directory = Files.createTempDirectory("windlass-benchmark");
    String run = UUID.randomUUID().toString().replace("-", "");
    Map<String, String> log = Map.of("max-size", "33554432", "max-file", "3", "compress", "false");
    double seconds =
        bare(
            (command, index) -> {
              Path work = directory.resolve("attempt-" + index);
              if (!work.toFile().mkdir()) {
                throw new IllegalStateException(work + " cannot be made");
              }
              return command
                  .withName("windlass-benchmark-" + run + "-" + index)
                  .withLabels(
                      Map.of(
                          "dev.windlass.benchmark", run,
                          "dev.windlass.executor", "docker",
                          "dev.windlass.attempt", "attempt-" + index,
                          "dev.windlass.stdout", "0 " + work.resolve("stdout"),
                          "dev.windlass.stderr", "0 " + work.resolve("stderr")))
                  .withUser("0:0")
                  .withWorkingDir(work.toString())
                  .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                  .withHostConfig(
                      HostConfig.newHostConfig()
                          .withCgroupParent(GROUPS + "/" + run + "/" + index)
                          .withCapDrop(Capability.ALL)
                          .withSecurityOpts(List.of("no-new-privileges"))
                          .withPidsLimit(4096L)
                          .withInit(true)
                          .withLogConfig(new LogConfig(LogConfig.LoggingType.LOCAL, log))
                          .withMounts(
                              List.of(
                                  new Mount()
                                      .withType(MountType.BIND)
                                      .withSource(work.toString())
                                      .withTarget(work.toString()))));
            });
    removeGroups();
    return seconds;
  }

  /** Outside of what is measured; the executor removes those of its own within. */
  private static void removeGroups() throws IOException {
    try (DirectoryStream<Path> hierarchies = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
      for (Path hierarchy : hierarchies) {
        Path groups = hierarchy.resolve(GROUPS.substring(1));
        if (Files.isDirectory(groups)) {
          try (Stream<Path> all = Files.walk(groups)) {
            all.filter(Files::isDirectory)
                .sorted(Comparator.reverseOrder())
                .forEach(group -> group.toFile().delete());
          }
        }
      }
    }
  }

  private double bare(BiFunction<CreateContainerCmd, Integer, CreateContainerCmd> plan)
      throws Exception {
    var settings = DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    var http = new ZerodepDockerHttpClient.Builder().dockerHost(settings.getDockerHost()).build();
    ExecutorService threads = Executors.newFixedThreadPool(concurrency);
    try (DockerClient docker = DockerClientImpl.getInstance(settings, http)) {
      long begin = System.nanoTime();
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < containers; i++) {
        int index = i;
        all.add(
            threads.submit(
                () -> {
                  CreateContainerCmd create =
                      docker.createContainerCmd(image).withEntrypoint(COMMAND).withCmd(List.of());
                  String id = plan.apply(create, index).exec().getId();
                  docker.startContainerCmd(id).exec();
                  docker
                      .waitContainerCmd(id)
                      .exec(new WaitContainerResultCallback())
                      .awaitStatusCode();
                  docker.removeContainerCmd(id).exec();
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
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
