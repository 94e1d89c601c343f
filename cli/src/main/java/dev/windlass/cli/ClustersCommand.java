package dev.windlass.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.NodeState;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.job.ClusterName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "clusters",
    synopsisSubcommandLabel = "[COMMAND]",
    description = {
      "Lists the clusters that were made in this home; with a command, shows or changes one.",
      "What belongs to the configuration of a host, as the cluster 'default', only the host knows.",
      "Looks only, and may do so while another process runs the jobs."
    },
    subcommands = {
      ClustersCommand.Show.class,
      ClusterOperationCommand.Create.class,
      ClusterOperationCommand.Change.class,
      ClusterOperationCommand.Resize.class,
      ClusterOperationCommand.Drain.class,
      ClusterOperationCommand.Recreate.class,
      ClusterOperationCommand.Delete.class
    })
final class ClustersCommand implements Callable<Integer> {

  @Mixin private Home home = new Home();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    try (Session session = home.openToRead()) {
      List<ClusterStatus> clusters = session.engine().clusters();
      output.print(() -> json(clusters), () -> print(clusters));
    }
    return ExitCode.OK;
  }

  private static ObjectNode json(List<ClusterStatus> clusters) {
    ObjectNode object = Json.object();
    ArrayNode all = object.putArray("clusters");
    clusters.forEach(cluster -> all.add(Json.cluster(cluster)));
    return object;
  }

  private static void print(List<ClusterStatus> clusters) {
    if (clusters.isEmpty()) {
      System.out.println("no cluster was made here");
      return;
    }
    Table table = new Table("NAME", "STATE", ">GROUPS", ">WANTED", ">NODES", "CREATED", "MESSAGE");
    for (ClusterStatus cluster : clusters) {
      List<ClusterDescription.Group> groups = cluster.description().groups();
      table.row(
          cluster.name(),
          cluster.state().serviceName(),
          groups.size(),
          groups.stream().mapToInt(ClusterDescription.Group::nodes).sum(),
          groups.stream().mapToInt(group -> cluster.actualNodes(group.name())).sum(),
          Words.time(cluster.created()),
          cluster.message());
    }
    table.lines().forEach(System.out::println);
  }

  @Command(
      name = "show",
      description = {
        "Shows a cluster with its groups and nodes.",
        "Looks only, and may do so while another process runs the jobs."
      })
  static final class Show implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "CLUSTER", description = "Its name.")
    private String name = "";

    @Mixin private Home home = new Home();
    @Mixin private Output output = new Output();

    @Override
    public Integer call() {
      ClusterName cluster = Names.cluster(name);
      try (Session session = home.openToRead()) {
        ClusterStatus status = session.engine().cluster(cluster);
        List<NodeStatus> nodes = session.engine().nodes(cluster);
        output.print(() -> json(status, nodes), () -> print(status, nodes));
      }
      return ExitCode.OK;
    }

    private static ObjectNode json(ClusterStatus cluster, List<NodeStatus> nodes) {
      ObjectNode object = Json.cluster(cluster);
      ArrayNode all = object.putArray("nodes");
      nodes.forEach(node -> all.add(Json.node(node)));
      return object;
    }

    private static void print(ClusterStatus cluster, List<NodeStatus> nodes) {
      System.out.println(cluster.name() + "  " + cluster.state().serviceName());
      for (String text : List.of(cluster.description().description(), cluster.message())) {
        if (!text.isBlank()) {
          System.out.println(text);
        }
      }
      System.out.println();
      Table groups =
          new Table(
              "GROUP",
              "EXECUTOR",
              "EACH",
              ">WANTED",
              ">STARTING",
              ">RUNNING",
              ">DRAINING",
              ">DELETING");
      for (ClusterDescription.Group group : cluster.description().groups()) {
        Map<NodeState, Integer> counts = cluster.nodes().getOrDefault(group.name(), Map.of());
        groups.row(
            group.name(),
            group.executor(),
            Words.resources(group.perNode()),
            group.nodes(),
            counts.getOrDefault(NodeState.STARTING, 0),
            counts.getOrDefault(NodeState.RUNNING, 0),
            counts.getOrDefault(NodeState.DRAINING, 0),
            counts.getOrDefault(NodeState.DELETING, 0));
      }
      groups.lines().forEach(System.out::println);
      System.out.println();
      Table table = new Table("NODE", "GROUP", "STATE", "CAPACITY", "CREATED", "MESSAGE");
      for (NodeStatus node : nodes) {
        table.row(
            node.name(),
            node.group(),
            node.state().serviceName(),
            Words.resources(node.capacity()),
            Words.time(node.created()),
            node.message());
      }
      table.lines().forEach(System.out::println);
    }
  }
}
