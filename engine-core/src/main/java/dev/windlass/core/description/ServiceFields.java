package dev.windlass.core.description;

import static java.util.Map.entry;

import dev.windlass.core.description.JsonValue.ArrayValue;
import dev.windlass.core.graph.Faults;
import dev.windlass.core.graph.FieldPath;
import dev.windlass.error.ErrorCode;
import java.util.Map;

/**
 * The fields of the service's format that mean something in its cloud only, by the object that
 * holds them. Their JSON types are those of the service's pages (reference, section 2); their
 * values are not looked at.
 */
final class ServiceFields {

  private static final Shape STRING = Shape.of(JsonType.STRING);
  private static final Shape BOOLEAN = Shape.of(JsonType.BOOLEAN);
  private static final Shape INTEGER = Shape.of(JsonType.INTEGER);
  private static final Shape NUMBER = Shape.of(JsonType.NUMBER);
  private static final Shape STRINGS = Shape.listOf(STRING);
  private static final Shape SECRET = Shape.secret(JsonType.STRING);

  private static final Shape NOTIFICATION =
      Shape.object(
          Map.of(
              "Topic",
              Shape.object(Map.of("Name", STRING, "Endpoint", STRING, "Events", STRINGS))));

  /** Of the job. {@code App} stands here for a job of type DAG, which does not use it. */
  static final Map<String, Shape> JOB =
      Map.of("Notification", NOTIFICATION, "App", Shape.mapOf(Shape.ANY));

  /** Of a task. */
  static final Map<String, Shape> TASK =
      Map.of(
          "CredentialConfig",
          Shape.object(
              Map.of(
                  "ServiceRole",
                  STRING,
                  "Chain",
                  Shape.listOf(Shape.object(Map.of("Role", STRING, "UserId", STRING))))));

  /** Where a task keeps the fields of {@link #INPUT_MAPPING_CONFIG}. */
  static final String INPUT_MAPPING_CONFIG_PATH = "Parameters.InputMappingConfig";

  /** Where a task keeps the fields of {@link #MOUNTS}. */
  static final String MOUNTS_PATH = "Mounts";

  /** Of {@code Parameters.InputMappingConfig}. */
  static final Map<String, Shape> INPUT_MAPPING_CONFIG = Map.of("Locale", STRING, "Lock", BOOLEAN);

  /** Of {@code Mounts}, beside its entries. */
  static final Map<String, Shape> MOUNTS =
      Map.of(
          "Locale", STRING,
          "Lock", BOOLEAN,
          "CacheSupport", BOOLEAN,
          "CacheBlockSize", INTEGER,
          "CacheTotalSize", INTEGER,
          "NAS", Shape.object(Map.of("AccessGroup", STRINGS, "FileSystem", STRINGS)),
          "OSS",
              Shape.object(
                  Map.of(
                      "AccessKeyId", SECRET, "AccessKeySecret", SECRET, "SecurityToken", SECRET)));

  private static final Map<String, Shape> DISK = Map.of("Type", STRING, "Size", INTEGER);

  private static final Shape DISKS =
      Shape.object(
          Map.of(
              "SystemDisk",
              Shape.object(DISK),
              "DataDisk",
              Shape.object(Map.of("Type", STRING, "Size", INTEGER, "MountPoint", STRING))));

  private static final Shape NETWORKS =
      Shape.object(
          Map.of(
              "VPC",
              Shape.openObject(Map.of("CidrBlock", STRING, "VpcId", STRING)),
              "Classic",
              Shape.object(
                  Map.of(
                      "AllowIpAddress", STRINGS,
                      "AllowIpAddressEgress", STRINGS,
                      "AllowSecurityGroup", STRINGS,
                      "AllowSecurityGroupEgress", STRINGS))));

  /** Of {@code AutoCluster}. */
  static final Map<String, Shape> AUTO_CLUSTER =
      Map.ofEntries(
          entry("ResourceType", STRING),
          entry("SpotStrategy", STRING),
          entry("SpotPriceLimit", NUMBER),
          entry("UserData", Shape.mapOf(SECRET)),
          entry("ClusterId", STRING),
          entry("DependencyIsvService", STRING),
          entry(
              "Configs",
              Shape.object(
                  Map.of("Disks", DISKS, "Networks", NETWORKS, "Mounts", clusterMounts()))));

  /** Of a cluster. */
  static final Map<String, Shape> CLUSTER =
      Map.ofEntries(
          entry("UserData", Shape.mapOf(SECRET)),
          entry("ScheduleType", STRING),
          entry("PasswordInherit", BOOLEAN),
          entry("DependencyIsvService", STRING),
          entry("Notification", NOTIFICATION),
          entry(
              "Configs",
              Shape.object(
                  Map.of("Disks", DISKS, "Networks", NETWORKS, "Mounts", clusterMounts()))));

  /** Of a group of a cluster. */
  static final Map<String, Shape> GROUP =
      Map.of(
          "ResourceType", STRING,
          "SpotStrategy", STRING,
          "SpotPriceLimit", NUMBER,
          "HostnamePrefix", STRING,
          "ImageId", STRING);

  private ServiceFields() {}

  /**
   * What a cluster's machines mount would be missing here without a word, so only a task may mount.
   */
  private static Shape clusterMounts() {
    return Shape.object(
        Map.ofEntries(
            entry("Entries", ServiceFields::checkNoEntries),
            entry("Locale", STRING),
            entry("Lock", BOOLEAN),
            entry("CacheSupport", BOOLEAN),
            entry("CacheBlockSize", INTEGER),
            entry("CacheTotalSize", INTEGER),
            entry("NAS", MOUNTS.get("NAS")),
            entry("OSS", MOUNTS.get("OSS"))));
  }

  private static void checkNoEntries(JsonValue value, FieldPath path, Faults faults) {
    if (JsonType.ARRAY.check(value, path, faults, true)
        && !((ArrayValue) value).elements().isEmpty()) {
      String rule = "a cluster mounts nothing; put the entries into the task's own Mounts";
      faults.add(ErrorCode.UNSATISFIABLE, path, "", rule);
    }
  }
}
