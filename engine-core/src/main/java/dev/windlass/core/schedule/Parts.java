package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The parts of {@link Resources} that nodes offer, for what looks at each of them in the same way.
 */
public final class Parts {

  /**
   * One part.
   *
   * @param name as it is told to users
   * @param unit one unit of it and nothing else
   */
  public record Part(String name, ToLongFunction<Resources> amount, Resources unit) {

    /** How much of it there is. */
    public long of(Resources resources) {
      return amount.applyAsLong(resources);
    }
  }

  private static final List<Part> ALL =
      List.of(
          new Part("cpus", Resources::cpuMillis, new Resources(1, 0, 0)),
          new Part("memory", Resources::memoryBytes, new Resources(0, 1, 0)),
          new Part("disk", Resources::diskBytes, Resources.NONE.withDisk(1)),
          new Part("gpus", Resources::gpus, new Resources(0, 0, 1)));

  private Parts() {}

  /** All parts, in the order in which they are told. */
  public static List<Part> all() {
    return ALL;
  }

  /** What must be added to an amount, part by part, so that it covers another. */
  public static Resources lacking(Resources wanted, Resources offered) {
    return new Resources(
        Math.max(0, wanted.cpuMillis() - offered.cpuMillis()),
        Math.max(0, wanted.memoryBytes() - offered.memoryBytes()),
        Math.max(0, wanted.diskBytes() - offered.diskBytes()),
        Math.max(0, wanted.gpus() - offered.gpus()),
        Map.of());
  }

  /** How large something is beside something else: the largest part of any resource. */
  public static double largestPart(Resources some, Resources whole) {
    double largest = 0;
    for (Part part : ALL) {
      if (part.of(some) > 0) {
        largest = Math.max(largest, part.of(some) / (double) Math.max(1, part.of(whole)));
      }
    }
    return largest;
  }
}
