package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.NumberValue;
import dev.windlass.job.Resources;

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
    resources.finish();
    return cpus.plus(memory).plus(gpus);
  }

  static Members write(Resources resources) {
    return new Members()
        .put("cpus", new NumberValue(Numbers.fromMillis(resources.cpuMillis())))
        .putIf(resources.memoryBytes() > 0, "memoryBytes", resources.memoryBytes())
        .putIf(resources.gpus() > 0, "gpus", resources.gpus());
  }
}
