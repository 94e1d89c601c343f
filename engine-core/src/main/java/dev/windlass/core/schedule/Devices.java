package dev.windlass.core.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The GPUs of a node, numbered from 0 on, and who holds them.
 *
 * <p>One attempt at a time holds a device. In the books there can be more of them: a restart finds
 * an attempt that has ended, unknown to the store, beside the one that got its devices after it. So
 * a device is free only when all that hold it have given it back.
 */
final class Devices {
  private final int count;

  /** How many hold each device; those that are free are left out. */
  private final Map<Integer, Integer> holders = new TreeMap<>();

  Devices(int count) {
    this.count = count;
  }

  /** Takes the first devices that are free, as many as are wanted. */
  List<Integer> take(int wanted) {
    List<Integer> taken = new ArrayList<>(wanted);
    for (int device = 0; taken.size() < wanted; device++) {
      if (device >= count) {
        throw new AssertionError(wanted + " devices of " + count + " beside " + holders.keySet());
      }
      if (!holders.containsKey(device)) {
        taken.add(device);
      }
    }
    hold(taken);
    return List.copyOf(taken);
  }

  /** Somebody has these already, whatever the books say. */
  void hold(List<Integer> devices) {
    devices.forEach(device -> holders.merge(device, 1, Integer::sum));
  }

  /** All that is held of others is held of these. */
  void holdAll(Devices others) {
    holders.putAll(others.holders);
  }

  /** Somebody has these no longer. */
  void giveBack(List<Integer> devices) {
    devices.forEach(
        device -> holders.computeIfPresent(device, (any, held) -> held == 1 ? null : held - 1));
  }
}
