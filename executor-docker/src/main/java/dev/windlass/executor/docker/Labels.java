package dev.windlass.executor.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.AttemptId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * By what our containers are told from all others: a deterministic name, and labels.
 *
 * <p>The name is the identity: the Docker engine lets it exist once, so a create whose answer was
 * lost can be repeated. The labels say whose it is, and where its output belongs, so that a host
 * that knows nothing but its own engine id can adopt it.
 *
 * @param engineId the engine's identity
 * @param executor the executor's name: an engine may have two on one daemon
 */
record Labels(String engineId, String executor) {

  static final String ENGINE = "dev.windlass.engine";
  static final String EXECUTOR = "dev.windlass.executor";
  static final String ATTEMPT = "dev.windlass.attempt";
  static final String NODE = "dev.windlass.node";
  private static final String STDOUT = "dev.windlass.stdout";
  private static final String STDERR = "dev.windlass.stderr";
  private static final String RETURNING = "dev.windlass.returning";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What every container of this executor carries. */
  Map<String, String> own() {
    return Map.of(ENGINE, engineId, EXECUTOR, executor);
  }

  /** The name of an attempt's container; letters, digits, dashes and dots. */
  String name(AttemptId id) {
    return "windlass-" + engineId + "-" + executor + "-" + id.toString().replace('/', '.');
  }

  /** The name of a node's container, which no attempt's has: executors have no dot in theirs. */
  String node(String node) {
    return "windlass-" + engineId + "-" + executor + ".node." + node;
  }

  /** The name of the control group in which an attempt is counted. */
  String group(AttemptId id) {
    return groups() + id.toString().replace('/', '.');
  }

  /** How the names of the groups of all attempts begin, and of nobody else's. */
  String groups() {
    return "windlass-" + engineId + "-" + executor + ".";
  }

  /** All labels of a node's container. */
  Map<String, String> ofNode(String node) {
    return Map.of(ENGINE, engineId, EXECUTOR, executor, NODE, node);
  }

  /** The node to which labels belong; empty if they are not ours, or not a node's. */
  Optional<String> nodeOf(Map<String, String> labels) {
    return owns(labels) ? Optional.ofNullable(labels.get(NODE)) : Optional.empty();
  }

  /** Says whether labels are those of a container of ours. */
  boolean owns(Map<String, String> labels) {
    return engineId.equals(labels.get(ENGINE)) && executor.equals(labels.get(EXECUTOR));
  }

  /**
   * All labels of an attempt's container.
   *
   * @param returning what is to be copied out of it after its end
   */
  Map<String, String> of(AttemptSpec spec, OutputFiles output, List<Returning> returning) {
    Map<String, String> labels = new HashMap<>(own());
    labels.put(ATTEMPT, spec.id().toString());
    labels.put(STDOUT, output.stdoutBase() + " " + output.stdout());
    labels.put(STDERR, output.stderrBase() + " " + output.stderr());
    if (!returning.isEmpty()) {
      labels.put(RETURNING, write(returning));
    }
    return labels;
  }

  private static String write(List<Returning> returning) {
    ArrayNode all = JSON.createArrayNode();
    for (Returning each : returning) {
      ObjectNode one =
          all.addObject().put("there", each.there()).put("here", each.here().toString());
      each.without().forEach(one.putArray("without")::add);
    }
    return all.toString();
  }

  /** What is to be copied out of a container after its end, as its labels say. */
  static List<Returning> returning(Map<String, String> labels) {
    String text = labels.get(RETURNING);
    if (text == null) {
      return List.of();
    }
    try {
      List<Returning> all = new ArrayList<>();
      for (JsonNode each : JSON.readTree(text)) {
        List<String> without = new ArrayList<>();
        each.path("without").forEach(path -> without.add(path.asText()));
        Path here = Path.of(each.path("here").asText());
        all.add(new Returning(each.path("there").asText(), here, without));
      }
      return all;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the label " + RETURNING + " is damaged: " + text, e);
    }
  }

  /** The attempt to which labels belong; empty if they are not ours. */
  Optional<AttemptId> attempt(Map<String, String> labels) {
    String id = labels.get(ATTEMPT);
    if (id == null || !owns(labels)) {
      return Optional.empty();
    }
    try {
      return Optional.of(AttemptId.parse(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Where the output of a container belongs, as its labels say. */
  static OutputFiles output(Map<String, String> labels) {
    String[] out = labels.getOrDefault(STDOUT, "0 /dev/null").split(" ", 2);
    String[] err = labels.getOrDefault(STDERR, "0 /dev/null").split(" ", 2);
    return new OutputFiles(
        Path.of(out[1]), Long.parseLong(out[0]), Path.of(err[1]), Long.parseLong(err[0]));
  }
}
