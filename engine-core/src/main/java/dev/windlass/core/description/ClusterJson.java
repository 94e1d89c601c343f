package dev.windlass.core.description;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterDescription.Group;
import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.graph.Faults;
import dev.windlass.core.graph.FieldPath;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.ValidationException;
import dev.windlass.job.PassThrough;
import dev.windlass.job.Resources;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Cluster descriptions as JSON: the format of the BatchCompute service (reference, section 10),
 * with one object more for each group and one for the cluster, which has its named resources.
 *
 * <pre>{@code
 * { "Name": "render",
 *   "Groups": { "big": { "DesiredVMCount": 4, "InstanceType": "ecs.sn1.medium",
 *     "windlass": { "executor": "docker", "resources": { "cpus": 2, "memoryBytes": 4294967296 } } } },
 *   "EnvVars": { "SCENE": "7" }, "ImageId": "img-ubuntu", "Bootstrap": "mount-scratch",
 *   "windlass": { "named": { "licence-x": 4 } } }
 * }</pre>
 *
 * <p>A group says how large its nodes are by {@code InstanceType}, its own or that of the cluster,
 * or by {@code windlass.resources}, which stands for what the type means if both are given. {@code
 * ImageId} is needed by executors only that make nodes from images. Fields that mean something in
 * the service's cloud only are checked for their JSON type, kept, and written again.
 *
 * <p>Faults and bounds are as {@link JobJson} has them. All methods may be called by all threads.
 */
public final class ClusterJson {

  private static final FieldPath ROOT = FieldPath.ROOT;

  private ClusterJson() {}

  /**
   * Reads a description.
   *
   * @param text the document
   * @param types what an instance type means; empty if it is not known
   * @param executor the executor of groups that name none; empty if each must
   * @return the description
   * @throws ValidationException with all faults
   */
  public static ClusterDescription read(
      String text, Function<String, Optional<Resources>> types, Optional<String> executor) {
    Faults faults = new Faults();
    Optional<JsonValue> document =
        DocumentText.check(text, faults).flatMap(each -> JsonText.parse(each, faults));
    Optional<ClusterDescription> cluster = Optional.empty();
    if (document.isPresent() && document.get() instanceof ObjectValue object) {
      cluster = new Reader(new Fields(object, ROOT, faults), types, executor).read();
    } else if (document.isPresent()) {
      faults.add(ErrorCode.MALFORMED, ROOT, "", "a description is a JSON object");
    }
    if (!faults.isEmpty()) {
      String name = cluster.map(each -> each.name().value()).orElse("");
      throw new ValidationException(name, faults.list());
    }
    return cluster.orElseThrow();
  }

  /**
   * Writes a description for people: indented, with a line feed at the end.
   *
   * @param cluster any
   * @return the document; {@link #read} gives an equal description back
   * @throws IllegalArgumentException if a field that was kept is not JSON
   */
  public static String write(ClusterDescription cluster) {
    return JsonPrinter.pretty(tree(cluster));
  }

  /**
   * Writes a description without white space, as {@link #write}.
   *
   * @param cluster any
   * @return the document
   * @throws IllegalArgumentException if a field that was kept is not JSON
   */
  public static String writeCompact(ClusterDescription cluster) {
    return JsonPrinter.compact(tree(cluster));
  }

  private static ObjectValue tree(ClusterDescription cluster) {
    Members groups = new Members();
    cluster.groups().forEach(group -> groups.put(group.name(), tree(group)));
    Members variables = new Members();
    cluster.environment().forEach(variables::put);
    Members members =
        new Members()
            .put("Name", cluster.name().value())
            .putIf(!cluster.description().isEmpty(), "Description", cluster.description());
    cluster.imageId().ifPresent(image -> members.put("ImageId", image));
    members.put("Groups", groups.build()).putUnlessEmpty("EnvVars", variables);
    cluster.bootstrap().ifPresent(line -> members.put("Bootstrap", line));
    Members extension =
        new Members().putUnlessEmpty("named", ResourcesJson.writeNamed(cluster.named()));
    return members.putAll(cluster.passThrough()).putUnlessEmpty("windlass", extension).build();
  }

  private static ObjectValue tree(Group group) {
    Members members = new Members().put("DesiredVMCount", group.nodes());
    group.instanceType().ifPresent(type -> members.put("InstanceType", type));
    Members extension =
        new Members()
            .put("executor", group.executor())
            .putUnlessEmpty("resources", ResourcesJson.write(group.perNode()));
    return members.putAll(group.passThrough()).putUnlessEmpty("windlass", extension).build();
  }

  /** Resources as they stand in a document, without white space. */
  public static String writeResources(Resources resources) {
    return JsonPrinter.compact(ResourcesJson.write(resources).build());
  }

  /**
   * Reads what {@link #writeResources} wrote.
   *
   * @throws ValidationException if it is something else
   */
  public static Resources readResources(String text) {
    Faults faults = new Faults();
    Optional<Resources> resources =
        JsonText.parse(text, faults)
            .filter(ObjectValue.class::isInstance)
            .map(tree -> ResourcesJson.read(new Fields((ObjectValue) tree, ROOT, faults)));
    if (!faults.isEmpty() || resources.isEmpty()) {
      throw new ValidationException("resources", faults.list());
    }
    return resources.get();
  }

  /** From a tree to a description. What was refused is left out, so that the rest can be read. */
  private static final class Reader {
    private final Fields fields;
    private final Function<String, Optional<Resources>> types;
    private final Optional<String> executor;

    Reader(Fields fields, Function<String, Optional<Resources>> types, Optional<String> executor) {
      this.fields = fields;
      this.types = types;
      this.executor = executor;
    }

    Optional<ClusterDescription> read() {
      Optional<ClusterDescription.Builder> named =
          fields.required("Name", ErrorCode.NAME, ClusterDescription::builder);
      ClusterDescription.Builder cluster =
          named.orElseGet(() -> ClusterDescription.builder("unnamed"));
      fields.string("Description", ErrorCode.LIMIT, cluster::description);
      fields.nonEmpty("ImageId").ifPresent(cluster::imageId);
      fields.nonEmpty("Bootstrap").ifPresent(cluster::bootstrap);
      fields
          .strings("EnvVars", false)
          .forEach(
              (name, value) ->
                  accept(
                      ErrorCode.NAME,
                      fields.path().field("EnvVars").field(name),
                      () -> cluster.environment(name, value)));
      Optional<String> type = fields.nonEmpty("InstanceType");
      Map<String, Group> groups = new LinkedHashMap<>();
      fields
          .requiredObject("Groups")
          .ifPresent(
              all ->
                  all.all()
                      .keySet()
                      .forEach(
                          name ->
                              all.object(name)
                                  .flatMap(each -> readGroup(name, each, type))
                                  .ifPresent(group -> groups.put(name, group))));
      groups.values().forEach(cluster::group);
      Fields extension = fields.objectOrNone("windlass");
      extension
          .object("named")
          .ifPresent(each -> ResourcesJson.readNamed(each, 0).forEach(cluster::named));
      extension.finish();
      cluster.passThrough(fields.keep(ServiceFields.CLUSTER));
      fields.finish();
      return fields.faults().isEmpty()
          ? fields.faults().accept(ErrorCode.LIMIT, ROOT, "", cluster::build)
          : Optional.empty();
    }

    private Optional<Group> readGroup(String name, Fields group, Optional<String> ofCluster) {
      Optional<Integer> nodes =
          group.integer(
              "DesiredVMCount",
              count -> new Group("g", "e", Numbers.toInt(count), Resources.NONE).nodes());
      if (!group.has("DesiredVMCount")) {
        missing(group, "DesiredVMCount", "must be given");
      }
      Optional<String> type = group.nonEmpty("InstanceType").or(() -> ofCluster);
      Fields extension = group.objectOrNone("windlass");
      Optional<String> runs = extension.nonEmpty("executor").or(() -> executor);
      Optional<Resources> told = extension.object("resources").map(ResourcesJson::read);
      Optional<Resources> perNode = told.or(() -> type.flatMap(types));
      extension.finish();
      PassThrough kept = group.keep(ServiceFields.GROUP);
      group.finish();
      if (runs.isEmpty()) {
        missing(group, "windlass", "its executor must be given");
      }
      if (perNode.isEmpty() && type.isPresent()) {
        String rule = "is not in the catalogue; windlass.resources can say what it means";
        FieldPath path = group.path().field("InstanceType");
        group.faults().add(ErrorCode.REFERENCE, path, type.get(), rule);
      } else if (perNode.isEmpty()) {
        missing(group, "InstanceType", "it or windlass.resources must be given");
      }
      if (nodes.isEmpty() || runs.isEmpty() || perNode.isEmpty()) {
        return Optional.empty();
      }
      return group
          .faults()
          .accept(
              ErrorCode.NAME,
              group.path(),
              name,
              () -> new Group(name, runs.get(), nodes.get(), perNode.get(), type, kept));
    }

    private static void missing(Fields group, String field, String rule) {
      group.faults().add(ErrorCode.REQUIRED, group.path().field(field), "", rule);
    }

    private void accept(
        ErrorCode code,
        FieldPath path,
        java.util.function.Supplier<ClusterDescription.Builder> set) {
      fields.faults().accept(code, path, "", set);
    }
  }
}
