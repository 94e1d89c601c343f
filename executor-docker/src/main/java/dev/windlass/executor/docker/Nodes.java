package dev.windlass.executor.docker;

import dev.windlass.executor.NodeSpec;
import dev.windlass.job.ClusterName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The nodes of a session, and what runs inside them. Safe for several threads. */
final class Nodes {

  private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);

  private final Path directory;
  private final Path attempts;
  private final DockerExecutorConfig config;
  private final Path pipe;
  private final Map<String, Node> known = new ConcurrentHashMap<>();

  /** Guarded by this. */
  private @Nullable News news;

  /** What runs in each node. Guarded by this. */
  private final Map<String, Set<InNode>> present = new ConcurrentHashMap<>();

  /**
   * Nodes of which there may be something from an earlier life of the host.
   *
   * @param directory where their files are
   * @param attempts where the engine keeps the files of attempts
   */
  Nodes(Path directory, Path attempts, DockerExecutorConfig config) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.attempts = attempts;
    this.config = config;
    this.pipe = directory.resolveSibling("news");
  }

  /** Takes up the nodes of an earlier life, so that attempts can be placed on them. */
  void load(Tools tools) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      entries
          .map(entry -> entry.getFileName().toString())
          .forEach(name -> known.put(name, new Node(name, this, tools)));
    }
    if (!known.isEmpty()) {
      try {
        news(tools);
      } catch (IOException e) {
        deaf(e);
      }
    }
  }

  NodeFiles files(String node) {
    return new NodeFiles(directory, node);
  }

  /** Where the engine keeps the files of attempts; every node sees it at the same path. */
  Path attempts() {
    return attempts;
  }

  void start(NodeSpec spec, Tools tools) {
    known.computeIfAbsent(spec.name(), name -> new Node(name, this, tools)).start(spec);
  }

  void end(String node, Tools tools) {
    known.computeIfAbsent(node, name -> new Node(name, this, tools)).end();
  }

  /** Only if it is that very object: its name is never used again. */
  void forget(Node node) {
    known.remove(node.name(), node);
  }

  /** A node that was started, and not ended, in whatever life. */
  Optional<Node> find(String node) {
    return Optional.ofNullable(known.get(node));
  }

  /** The image of the nodes of a cluster, if there are some. */
  Optional<String> image(ClusterName cluster) {
    return known.values().stream()
        .filter(node -> node.spec().filter(spec -> spec.cluster().equals(cluster)).isPresent())
        .flatMap(node -> imageOf(node).stream())
        .findFirst();
  }

  private Optional<String> imageOf(Node node) {
    return node.spec()
        .flatMap(
            spec -> {
              try {
                return Optional.of(image(spec).reference());
              } catch (ImageChoice.NoImageException e) {
                return Optional.empty();
              }
            });
  }

  /** From which image a node is to be made. */
  ImageChoice image(NodeSpec spec) throws ImageChoice.NoImageException {
    return ImageChoice.of(spec, config);
  }

  void lookAtAll() {
    known.values().forEach(Node::look);
  }

  // --- What runs inside -------------------------------------------------------------------------

  /**
   * Lets a node tell news, if this host can hear any.
   *
   * @param shared the directory that the node sees
   */
  void hear(Path shared, Tools tools) {
    try {
      news(tools).showIn(shared);
    } catch (IOException e) {
      deaf(e);
    }
  }

  private synchronized News news(Tools tools) throws IOException {
    if (news == null) {
      news = new News(pipe, tools.listeners()::happened);
    }
    return news;
  }

  private static void deaf(IOException e) {
    LOG.info("runs in nodes begin more slowly, since there are no named pipes: {}", e.toString());
  }

  /** Hears nothing any more. */
  synchronized void close() {
    if (news != null) {
      news.close();
    }
  }

  /** An attempt runs in its node from now on; all that are there then are no longer alone. */
  synchronized void enter(InNode run) {
    Set<InNode> there = present.computeIfAbsent(run.node(), any -> new HashSet<>());
    if (there.add(run) && there.size() > 1) {
      there.forEach(InNode::shares);
    }
  }

  synchronized void leave(InNode run) {
    Set<InNode> there = present.get(run.node());
    if (there != null && there.remove(run) && there.isEmpty()) {
      present.remove(run.node());
    }
  }
}
