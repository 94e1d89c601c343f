package dev.windlass.cli;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.control.EngineControl;
import dev.windlass.core.description.ClusterJson;
import dev.windlass.job.ClusterName;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A command that does one thing to a cluster, in whichever process has its engine open. */
abstract class ClusterOperationCommand implements Callable<Integer> {

  @Mixin private Home home = new Home();
  @Mixin private Executors executors = new Executors();
  @Mixin private Output output = new Output();

  /** Does it, and says to which cluster. */
  abstract ClusterName operate(Session session);

  @Override
  public final Integer call() {
    try (Session session = home.openToOperate(executors)) {
      ClusterName cluster = operate(session);
      output.print(
          () -> Json.object().put("cluster", cluster.value()).put("done", true),
          () -> System.out.println(cluster + " done"));
    }
    return ExitCode.OK;
  }

  /** Groups that name no executor get the one of tasks that name none. */
  final ClusterDescription read(Session session, Path file) {
    String executor = executors.choose(home.directory()).names().get(0);
    return ClusterJson.read(JobFile.text(file), session.types()::find, Optional.of(executor));
  }

  @Command(
      name = "create",
      description = {
        "Makes a cluster, which is there until it is deleted; its nodes come up by themselves.",
        Home.WHERE_IT_IS_DONE
      })
  static final class Create extends ClusterOperationCommand {
    @Parameters(paramLabel = "CLUSTER.json", description = "The description; see docs/clusters.md.")
    private Path file = Path.of("");

    @Override
    ClusterName operate(Session session) {
      ClusterDescription cluster = read(session, file);
      session.control().createCluster(cluster);
      return cluster.name();
    }
  }

  @Command(
      name = "change",
      description = {
        "Changes a cluster to another description of the same name.",
        Home.WHERE_IT_IS_DONE
      })
  static final class Change extends ClusterOperationCommand {
    @Parameters(paramLabel = "CLUSTER.json", description = "The description; see docs/clusters.md.")
    private Path file = Path.of("");

    @Override
    ClusterName operate(Session session) {
      ClusterDescription cluster = read(session, file);
      session.control().changeCluster(cluster);
      return cluster.name();
    }
  }

  @Command(
      name = "resize",
      description = {"Changes how many nodes a group of a cluster has.", Home.WHERE_IT_IS_DONE})
  static final class Resize extends ClusterOperationCommand {
    @Parameters(index = "0", paramLabel = "CLUSTER", description = "Its name.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "GROUP", description = "One of its groups.")
    private String group = "";

    @Parameters(index = "2", paramLabel = "NODES", description = "How many there are to be.")
    private int nodes;

    @Override
    ClusterName operate(Session session) {
      if (nodes < 0 || nodes > ClusterDescription.Group.MAX_NODES) {
        throw new UsageException(
            "a group has 0 to " + ClusterDescription.Group.MAX_NODES + " nodes, not " + nodes);
      }
      ClusterName cluster = Names.cluster(name);
      session.control().setNodes(cluster, group, nodes);
      return cluster;
    }
  }

  @Command(
      name = "drain",
      description = {
        "Takes a node out of service: it gets no new work, and goes when its work has ended.",
        Home.WHERE_IT_IS_DONE
      })
  static final class Drain extends OfNode {
    @Override
    void operate(EngineControl control, ClusterName cluster, String node) {
      control.drainNode(cluster, node);
    }
  }

  @Command(
      name = "recreate",
      description = {
        "Deletes a node, makes a new one in its place, and runs what ran on it anew.",
        Home.WHERE_IT_IS_DONE
      })
  static final class Recreate extends OfNode {
    @Override
    void operate(EngineControl control, ClusterName cluster, String node) {
      control.recreateNode(cluster, node);
    }
  }

  /** A command that does one thing to a node. */
  abstract static class OfNode extends ClusterOperationCommand {
    @Parameters(index = "0", paramLabel = "CLUSTER", description = "The name of its cluster.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "NODE", description = "The name of the node.")
    private String node = "";

    abstract void operate(EngineControl control, ClusterName cluster, String node);

    @Override
    final ClusterName operate(Session session) {
      ClusterName cluster = Names.cluster(name);
      operate(session.control(), cluster, node);
      return cluster;
    }
  }

  @Command(
      name = "delete",
      description = {
        "Deletes a cluster with all its nodes, or one of its nodes; what runs there is ended.",
        "Jobs that have something left to run on a cluster that is deleted fail; what ran on a"
            + " node begins anew elsewhere.",
        Home.WHERE_IT_IS_DONE
      })
  static final class Delete extends ClusterOperationCommand {
    @Parameters(index = "0", paramLabel = "CLUSTER", description = "Its name.")
    private String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NODE", description = "One of its nodes.")
    private @Nullable String node;

    @Override
    ClusterName operate(Session session) {
      ClusterName cluster = Names.cluster(name);
      if (node == null) {
        session.control().deleteCluster(cluster);
      } else {
        session.control().deleteNode(cluster, node);
      }
      return cluster;
    }
  }
}
