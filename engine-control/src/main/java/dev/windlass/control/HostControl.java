package dev.windlass.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.JobOperation;
import dev.windlass.JobQuery;
import dev.windlass.Managed;
import dev.windlass.Page;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.core.description.ClusterJson;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations of a host in another process, through its socket. */
final class HostControl implements EngineControl {
  private static final Logger LOG = LoggerFactory.getLogger(HostControl.class);

  private final Path directory;
  private final LineChannel line;
  private final Patience patience;

  private HostControl(Path directory, LineChannel line, Patience patience) {
    this.directory = directory;
    this.line = line;
    this.patience = patience;
  }

  /** As {@link EngineControl#connect}. */
  static Optional<HostControl> connect(Path directory, Patience patience) {
    LineChannel line = null;
    boolean greeted = false;
    try {
      Optional<SocketChannel> channel = SocketFile.connect(directory);
      if (channel.isEmpty()) {
        return Optional.empty();
      }
      line = new LineChannel(channel.get(), Wire.MOST_ANSWER_BYTES);
      Optional<String> greeting = line.read(patience.greeting());
      if (greeting.isEmpty()) {
        return Optional.empty(); // it is just closing, or has all the clients that it takes
      }
      checkGreeting(directory, greeting.get());
      greeted = true;
      return Optional.of(new HostControl(directory, line, patience));
    } catch (LineChannel.TooSlowException e) {
      throw inUse(directory, "its host does not answer: " + e.getMessage());
    } catch (LineChannel.BadLineException e) {
      throw inUse(directory, "its host answers with something else: " + e.getMessage());
    } catch (IOException e) {
      LOG.debug("the host of {} went away", directory, e);
      return Optional.empty();
    } finally {
      if (line != null && !greeted) {
        closeQuietly(line);
      }
    }
  }

  private static void checkGreeting(Path directory, String greeting) {
    String kind;
    int version;
    try {
      Document document = Document.of(greeting);
      kind = document.text("windlass");
      version = document.integer("version");
    } catch (EngineException e) {
      throw inUse(directory, "its host answers with something else: " + e.getMessage());
    }
    if (!kind.equals("control") || version != Wire.VERSION) {
      throw inUse(
          directory,
          "its host speaks version %d of the protocol and this is %d; use the version of the host"
              .formatted(version, Wire.VERSION));
    }
  }

  private static EngineException inUse(Path directory, String why) {
    return new EngineException(
        ErrorCode.DIRECTORY_IN_USE,
        directory.toString(),
        "the directory " + directory + " is in use, and " + why);
  }

  private static ObjectNode request(Request request) {
    return Document.object().put("request", request.name());
  }

  private static ObjectNode request(Request request, ClusterName cluster) {
    return request(request).put("cluster", cluster.value());
  }

  /** Asks and waits for the answer. */
  private synchronized Document ask(ObjectNode request) {
    String asked = Document.line(request);
    if (asked.getBytes(StandardCharsets.UTF_8).length > Wire.MOST_REQUEST_BYTES) {
      throw new EngineException(
          ErrorCode.LIMIT,
          directory.toString(),
          "a request to a host has at most " + Wire.MOST_REQUEST_BYTES + " bytes");
    }
    Document answer;
    try {
      line.write(asked, patience.taking());
      answer =
          Document.of(line.read(patience.work()).orElseThrow(() -> new IOException("it left")));
    } catch (IOException e) {
      close();
      throw new EngineException(
          ErrorCode.ENGINE_CLOSED,
          directory.toString(),
          "the host that has "
              + directory
              + " open was lost before it answered, so look whether it was done: "
              + e.getMessage(),
          e);
    }
    if (answer.has("refused")) {
      throw Wire.refusal(answer.document("refused"));
    }
    return answer.document("done");
  }

  @Override
  public void manage(JobId job, JobOperation operation, String reason) {
    ObjectNode request = request(Request.MANAGE).put("job", job.value());
    request.set("operation", Wire.operation(operation));
    ask(request.put("reason", JobOperation.checkReason(reason)));
  }

  @Override
  public Page<Managed> manage(JobQuery jobs, JobOperation operation, String reason) {
    ObjectNode request = request(Request.MANAGE_ALL);
    request.set("jobs", Wire.query(jobs));
    request.set("operation", Wire.operation(operation));
    return Wire.managed(ask(request.put("reason", JobOperation.checkReason(reason))));
  }

  @Override
  public void release(InstanceId instance) {
    ask(
        request(Request.RELEASE)
            .put("job", instance.job().value())
            .put("task", instance.task().value())
            .put("index", instance.index()));
  }

  @Override
  public void releaseAll(JobId job) {
    ask(request(Request.RELEASE_ALL).put("job", job.value()));
  }

  @Override
  public void createCluster(ClusterDescription cluster) {
    ask(request(Request.CREATE_CLUSTER).put("description", ClusterJson.writeCompact(cluster)));
  }

  @Override
  public void changeCluster(ClusterDescription cluster) {
    ask(request(Request.CHANGE_CLUSTER).put("description", ClusterJson.writeCompact(cluster)));
  }

  @Override
  public void setNodes(ClusterName cluster, String group, int nodes) {
    ask(request(Request.SET_NODES, cluster).put("group", group).put("nodes", nodes));
  }

  @Override
  public void deleteCluster(ClusterName cluster) {
    ask(request(Request.DELETE_CLUSTER, cluster));
  }

  @Override
  public void drainNode(ClusterName cluster, String node) {
    ask(request(Request.DRAIN_NODE, cluster).put("node", node));
  }

  @Override
  public void deleteNode(ClusterName cluster, String node) {
    ask(request(Request.DELETE_NODE, cluster).put("node", node));
  }

  @Override
  public void recreateNode(ClusterName cluster, String node) {
    ask(request(Request.RECREATE_NODE, cluster).put("node", node));
  }

  @Override
  public void close() {
    closeQuietly(line);
  }

  private static void closeQuietly(LineChannel line) {
    try {
      line.close();
    } catch (IOException e) {
      LOG.debug("closing the connection to a host", e);
    }
  }
}
