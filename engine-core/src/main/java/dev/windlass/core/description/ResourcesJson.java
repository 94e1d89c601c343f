package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.NumberValue;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.Resources;
import java.util.Map;
import java.util.TreeMap;

/** How resources stand in a document, both ways. */
final class ResourcesJson {

  private ResourcesJson() {}

  /** What says nothing of processors means one, also if it speaks of memory. */
  static Resources read(Fields resources) {
    Resources cpus =
        resources
            .decimal(
                "cpus",
                Numbers.CPUS_DECIMALS,
                units -> new Resources(Numbers.toMillis(units), 0, 0))
            .orElse(Resources.cpus(1));
    Resources memory =
        resources
            .integer("memoryBytes", bytes -> new Resources(0, bytes, 0))
            .orElse(Resources.NONE);
    Resources gpus =
        resources
            .integer("gpus", count -> new Resources(0, 0, Numbers.toInt(count)))
            .orElse(Resources.NONE);
    Resources disk =
        resources
            .integer("diskBytes", bytes -> Resources.NONE.withDisk(bytes))
            .orElse(Resources.NONE);
    Resources named =
        Resources.NONE.withNamed(
            resources.object("named").map(each -> readNamed(each, 1)).orElse(Map.of()));
    resources.finish();
    return cpus.plus(memory).plus(disk).plus(gpus).plus(named);
  }

  /**
   * How many of each named resource.
   *
   * @param least the smallest number that means something
   */
  static Map<String, Integer> readNamed(Fields fields, int least) {
    Map<String, Integer> named = new TreeMap<>();
    for (String name : fields.all().keySet()) {
      boolean isName =
          fields
              .faults()
              .accept(
                  ErrorCode.NAME, fields.path().field(name), name, () -> Resources.checkName(name))
              .isPresent();
      if (isName) {
        fields
            .integer(name, count -> checked(name, Numbers.toInt(count), least))
            .ifPresent(count -> named.put(name, count));
      }
    }
    return named;
  }

  private static int checked(String name, int count, int least) {
    if (count < least || count > Resources.MAX_NAMED) {
      throw new IllegalArgumentException(
          name + " must be " + least + " to " + Resources.MAX_NAMED + ", was " + count);
    }
    return count;
  }

  static Members write(Resources resources) {
    return new Members()
        .put("cpus", new NumberValue(Numbers.fromMillis(resources.cpuMillis())))
        .putIf(resources.memoryBytes() > 0, "memoryBytes", resources.memoryBytes())
        .putIf(resources.diskBytes() > 0, "diskBytes", resources.diskBytes())
        .putIf(resources.gpus() > 0, "gpus", resources.gpus())
        .putUnlessEmpty("named", writeNamed(resources.named()));
  }

  static Members writeNamed(Map<String, Integer> named) {
    Members counts = new Members();
    named.forEach(counts::put);
    return counts;
  }
}
