package dev.windlass.executor.docker;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.executor.NodeReport;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.ContainerImage;
import dev.windlass.job.Isolation;
import dev.windlass.job.Resources;
import dev.windlass.testkit.executor.ProgramExecutorContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/**
 * The whole contract of executors, with everything that a node can give run inside one. What it
 * cannot give has a container of its own.
 *
 * <p>Takes minutes, so it is called by its name only: {@code -Dtest=WarmNodeContract}. What matters
 * most is in {@link WarmNodesTest} too.
 */
@AddLifecycleHook(DockerRequired.class)
@Tag("slow")
@net.jqwik.api.Tag("slow")
final class WarmNodeContract extends ProgramExecutorContract {

  @BeforeAll
  static void requireDocker() {
    TestDaemon.require();
  }

  @Override
  protected Executor create() {
    return new Inside(DockerExecutor.create(TestDaemon.shared().config().build()));
  }

  @Override
  protected Optional<ContainerImage> image() {
    return Optional.of(new ContainerImage(TestDaemon.IMAGE, Optional.empty()));
  }

  @Override
  protected boolean loseNode(String node) {
    TestDaemon.shared().loseNode(node);
    return true;
  }

  @Override
  protected int breadth() {
    return 32;
  }

  /** Has a node of its own, and puts attempts there that are placed nowhere in particular. */
  private static final class Inside implements Executor {
    private static final String NODE = "inside";

    /** Engines that are closed, and whose nodes are still there. */
    private static final Set<String> CLOSED = new HashSet<>();

    private final DockerExecutor docker;
    private String engine = "";
    private final CountDownLatch up = new CountDownLatch(1);

    Inside(DockerExecutor docker) {
      this.docker = docker;
    }

    @Override
    public ExecutorInfo info() {
      return docker.info();
    }

    @Override
    public void open(ExecutorContext context) {
      engine = context.engineId();
      CLOSED.remove(engine);
      for (String closed : CLOSED) {
        String container = new Labels(closed, docker.info().name()).node(NODE);
        TestDaemon.shared().docker("rm", "--force", container);
      }
      CLOSED.clear();
      docker.open(listening(context));
      docker.startNode(
          new NodeSpec(
              NODE,
              new ClusterName("contract"),
              "group",
              Resources.NONE,
              Map.of(),
              Optional.empty(),
              Optional.empty()));
      try {
        if (!up.await(Bench.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          throw new AssertionError("the node does not come up");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private ExecutorContext listening(ExecutorContext context) {
      return new ExecutorContext() {
        @Override
        public String engineId() {
          return context.engineId();
        }

        @Override
        public Path directory() {
          return context.directory();
        }

        @Override
        public Path attempts() {
          return context.attempts();
        }

        @Override
        public void report(AttemptReport report) {
          context.report(report);
        }

        @Override
        public void report(NodeReport report) {
          if (report.equals(new NodeReport.Up(NODE))) {
            up.countDown();
          }
          context.report(report);
        }
      };
    }

    @Override
    public void launch(AttemptSpec spec) {
      docker.launch(fitsInside(spec) ? inside(spec) : spec);
    }

    private static boolean fitsInside(AttemptSpec spec) {
      return spec.node().equals("contract")
          && spec.isolation() != Isolation.SEALED
          && spec.resources().memoryBytes() == 0
          && spec.bindings().stream()
              .allMatch(binding -> binding.readOnly() && !Path.of(binding.program()).isAbsolute());
    }

    private static AttemptSpec inside(AttemptSpec spec) {
      return AttemptSpec.builder(spec.id(), spec.directory(), spec.arguments())
          .environment(spec.environment())
          .secretVariables(spec.secretVariables())
          .bindings(spec.bindings())
          .resources(spec.resources())
          .image(spec.image())
          .isolation(spec.isolation())
          .node(NODE)
          .build();
    }

    @Override
    public void startNode(NodeSpec spec) {
      docker.startNode(spec);
    }

    @Override
    public void endNode(String node) {
      docker.endNode(node);
    }

    @Override
    public void cancel(AttemptId id, Duration grace) {
      docker.cancel(id, grace);
    }

    @Override
    public Collection<AttemptReport> recover(Set<AttemptId> expected) {
      return docker.recover(expected);
    }

    @Override
    public void release(AttemptId id) {
      docker.release(id);
    }

    @Override
    public void close() {
      docker.close();
      CLOSED.add(engine);
    }
  }
}
