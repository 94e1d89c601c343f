package dev.windlass.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.core.description.ClusterJson;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the engine do what a line asks for. May be called from several threads. */
final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final EngineControl engine;

  Dispatcher(EngineControl engine) {
    this.engine = engine;
  }

  /**
   * An answer.
   *
   * @param line what is sent back
   * @param next what becomes of the connection
   */
  record Answer(String line, Next next) {}

  /** What becomes of a connection after an answer. */
  enum Next {
    /** It may ask for more. */
    MORE,
    /** It does not speak the protocol. */
    DROP,
    /** The engine is closed, so that there is nothing to serve any more. */
    ENGINE_CLOSED
  }

  /** Does what is asked for. Whatever goes wrong is an answer too. */
  Answer answer(String request) {
    Document document;
    try {
      document = Document.of(request);
    } catch (EngineException e) {
      return new Answer(refused(Wire.refusal(e)), Next.DROP);
    }
    try {
      ObjectNode done = Document.object();
      done.set("done", carryOut(document));
      String line = Document.line(done);
      return line.getBytes(StandardCharsets.UTF_8).length <= Wire.MOST_ANSWER_BYTES
          ? new Answer(line, Next.MORE)
          : new Answer(refused(Wire.refusal(tooLong())), Next.MORE);
    } catch (EngineException e) {
      boolean closed = e.code() == ErrorCode.ENGINE_CLOSED;
      return new Answer(refused(Wire.refusal(e)), closed ? Next.ENGINE_CLOSED : Next.MORE);
    } catch (IllegalArgumentException e) {
      return new Answer(refused(Wire.refusal(e)), Next.MORE);
    } catch (RuntimeException e) {
      LOG.warn("a request through the control socket failed", e);
      return new Answer(
          refused(Wire.refusal(new EngineException(ErrorCode.INTERNAL, "", e.toString(), e))),
          Next.MORE);
    }
  }

  /** Refuses a line that could not even be read. */
  static String refused(String why) {
    return refused(Wire.refusal(Document.malformed(why)));
  }

  private static String refused(ObjectNode refusal) {
    ObjectNode object = Document.object();
    object.set("refused", refusal);
    return Document.line(object);
  }

  private static EngineException tooLong() {
    return new EngineException(
        ErrorCode.LIMIT, "", "it was done, and what came of it is too long to be told");
  }

  private ObjectNode carryOut(Document document) {
    String name = document.text("request");
    Optional<Request> request =
        Arrays.stream(Request.values()).filter(each -> each.name().equals(name)).findFirst();
    if (request.isEmpty()) {
      throw Document.malformed(
          "there is no request '%s' in version %d of the protocol"
              .formatted(Wire.shortened(name), Wire.VERSION));
    }
    return carryOut(request.get(), document);
  }

  /** Reads all of a request before anything is done. */
  private ObjectNode carryOut(Request request, Document document) {
    switch (request) {
      case MANAGE -> {
        JobId job = new JobId(document.text("job"));
        var operation = Wire.operation(document.document("operation"));
        String reason = document.text("reason");
        document.finish();
        engine.manage(job, operation, reason);
      }
      case MANAGE_ALL -> {
        var jobs = Wire.query(document.document("jobs"));
        var operation = Wire.operation(document.document("operation"));
        String reason = document.text("reason");
        document.finish();
        return Wire.managed(engine.manage(jobs, operation, reason));
      }
      case RELEASE -> {
        InstanceId instance =
            new InstanceId(
                new JobId(document.text("job")),
                new TaskName(document.text("task")),
                document.integer("index"));
        document.finish();
        engine.release(instance);
      }
      case RELEASE_ALL -> {
        JobId job = new JobId(document.text("job"));
        document.finish();
        engine.releaseAll(job);
      }
      case CREATE_CLUSTER -> engine.createCluster(description(document));
      case CHANGE_CLUSTER -> engine.changeCluster(description(document));
      case SET_NODES -> {
        ClusterName cluster = cluster(document);
        String group = document.text("group");
        int nodes = document.integer("nodes");
        document.finish();
        engine.setNodes(cluster, group, nodes);
      }
      case DELETE_CLUSTER -> {
        ClusterName cluster = cluster(document);
        document.finish();
        engine.deleteCluster(cluster);
      }
      case DRAIN_NODE -> engine.drainNode(cluster(document), node(document));
      case DELETE_NODE -> engine.deleteNode(cluster(document), node(document));
      case RECREATE_NODE -> engine.recreateNode(cluster(document), node(document));
    }
    return Document.object();
  }

  private static ClusterName cluster(Document document) {
    return new ClusterName(document.text("cluster"));
  }

  /** The last field of a request. */
  private static String node(Document document) {
    String node = document.text("node");
    document.finish();
    return node;
  }

  /** The only field of a request. The sizes of nodes stand in it, whatever types are called. */
  private static ClusterDescription description(Document document) {
    String description = document.text("description");
    document.finish();
    return ClusterJson.read(description, type -> Optional.empty(), Optional.empty());
  }
}
