package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterDescription.Group;
import dev.windlass.cluster.NodeState;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.core.EngineBuilder;
import dev.windlass.error.ValidationException;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.ContainerImage;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.directory.DirectoryStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole engine with a cluster of warm nodes, from its making to its end. */
@Tag("slow")
final class WarmClusterTest {

  private static final ClusterName WARM = new ClusterName("warm");

  @TempDir Path directory;

  /** The executor has no default image, so that all images are the cluster's. */
  private Engine engine(TestDaemon daemon, Path store) {
    return EngineBuilder.at(directory.resolve("engine"))
        .executor(DockerExecutor.create(DockerExecutorConfig.builder().host(daemon.host()).build()))
        .storage("warm", DirectoryStorage.at(store))
        .open();
  }

  private static TaskDescription.Builder task(String script) {
    return TaskDescription.builder(Command.shell(script))
        .placement(new Placement.OnCluster(WARM))
        .resources(Resources.cpus(1));
  }

  private static JobStatus run(Engine engine, TaskDescription task) throws Exception {
    JobId job = engine.submit(JobDescription.builder("warm").task("t", task).build());
    return engine
        .await(job, Bench.PATIENCE)
        .orElseThrow(() -> new AssertionError(engine.why(job) + ", " + engine.cluster(WARM)));
  }

  private static Set<String> up(Engine engine) {
    Set<String> names = new HashSet<>();
    engine.nodes(WARM).stream()
        .filter(node -> node.state() == NodeState.RUNNING)
        .map(NodeStatus::name)
        .forEach(names::add);
    return names;
  }

  private static void awaitUp(Engine engine, int count) {
    await(count + " nodes")
        .atMost(Bench.PATIENCE)
        .until(() -> up(engine).size() == count && engine.nodes(WARM).size() == count);
  }

  @Test
  void aClusterIsMadeUsedResizedRenewedAndDeletedAndNothingIsLeft() throws Exception {
    TestDaemon daemon = TestDaemon.shared();
    Path store = Files.createDirectories(directory.resolve("store"));
    Files.createDirectories(store.resolve("b/in"));
    Files.writeString(store.resolve("b/in/x"), "input");
    List<String> before = daemon.containers();
    try (Engine engine = engine(daemon, store)) {
      engine.createCluster(
          ClusterDescription.builder("warm")
              .group(new Group("g", "docker", 1, Resources.cpus(2).withMemory(128 << 20)))
              .imageId(TestDaemon.IMAGE)
              .environment("SCENE", "7")
              .bootstrap("echo warm >/tmp/boot")
              .build());
      // At once: what the nodes will be made of is not known to the executor yet.
      JobStatus first =
          run(
              engine,
              task("cat /tmp/boot in/x >out/$BATCH_COMPUTE_DAG_INSTANCE_ID; echo $SCENE >>out/s")
                  .instances(4)
                  .input("warm://b/in/", "in/")
                  .output("out/", "warm://b/out/")
                  .build());
      assertThat(first.state()).isEqualTo(State.FINISHED);
      assertThat(store.resolve("b/out/3")).hasContent("warm\ninput");
      assertThat(store.resolve("b/out/s")).hasContent("7");
      assertThat(daemon.containers()).hasSize(before.size() + 1);

      engine.setNodes(WARM, "g", 2);
      awaitUp(engine, 2);
      Set<String> two = up(engine);
      String old = two.iterator().next();
      engine.recreateNode(WARM, old);
      await("another node in place of " + old)
          .atMost(Bench.PATIENCE)
          .until(() -> !up(engine).contains(old) && up(engine).size() == 2);
      assertThat(daemon.containers()).hasSize(before.size() + 2);
      assertThat(run(engine, task("test -e /tmp/boot").instances(6).build()).state())
          .isEqualTo(State.FINISHED);

      assertThatThrownBy(
              () ->
                  run(
                      engine,
                      task("true")
                          .image(new ContainerImage("another:1", Optional.empty()))
                          .build()))
          .isInstanceOf(ValidationException.class)
          .hasMessageContaining("another:1");
      assertThatThrownBy(() -> run(engine, task("true").input("warm://b/in/", "/data/").build()))
          .isInstanceOf(ValidationException.class)
          .hasMessageContaining("/data/");

      engine.deleteCluster(WARM);
      await("the end of the cluster")
          .atMost(Bench.PATIENCE)
          .until(() -> engine.clusters().isEmpty() || daemon.containers().equals(before));
      await("no container").atMost(Bench.PATIENCE).until(() -> daemon.containers().equals(before));
    }
    try (var left = Files.list(directory.resolve("engine/executors/docker/nodes"))) {
      assertThat(left).isEmpty();
    }
  }
}
