package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an owner, or a job without one, uses of a cluster.
 *
 * <p>Its size is that of its dominant resource: the largest part that it uses of any resource of
 * the cluster, divided by its weight. Source of the measure: Ghodsi and others, Dominant Resource
 * Fairness, NSDI 2011.
 */
final class Share<T extends ReadyTask> {
  private final String name;
  private final long order;
  private int weight = 1;
  private long weighedBy = Long.MIN_VALUE;
  private Resources used = Resources.NONE;

  /** Its queues, one for each priority at which it has something to place. */
  private final List<ShareQueue<T>> queues = new ArrayList<>(1);

  /**
   * An unused share.
   *
   * @param order settles what is equal otherwise
   */
  Share(String name, long order) {
    this.name = name;
    this.order = order;
  }

  /** The same without its queues. */
  <S extends ReadyTask> Share<S> copy() {
    Share<S> copy = new Share<>(name, order);
    copy.weight = weight;
    copy.weighedBy = weighedBy;
    copy.used = used;
    return copy;
  }

  String name() {
    return name;
  }

  long order() {
    return order;
  }

  List<ShareQueue<T>> queues() {
    return queues;
  }

  /** Says whether a job was submitted after all that were seen: its weight holds. */
  boolean isWeighedAnewBy(ReadyJob job) {
    return job.sequence() > weighedBy;
  }

  void weigh(ReadyJob job) {
    weighedBy = job.sequence();
    weight = job.weight();
  }

  void add(Resources request) {
    used = used.plus(request);
  }

  void subtract(Resources request) {
    used = used.minus(request);
  }

  /** Says whether nothing is known of it that would have to be kept. */
  boolean isForgettable() {
    return used.equals(Resources.NONE) && queues.isEmpty();
  }

  /**
   * How much of the cluster it uses, by its dominant resource and its weight.
   *
   * @param capacity what all nodes offer together, and the cluster's own named resources
   */
  double size(Resources capacity) {
    double dominant = part(used.cpuMillis(), capacity.cpuMillis());
    dominant = Math.max(dominant, part(used.memoryBytes(), capacity.memoryBytes()));
    dominant = Math.max(dominant, part(used.diskBytes(), capacity.diskBytes()));
    dominant = Math.max(dominant, part(used.gpus(), capacity.gpus()));
    for (Map.Entry<String, Integer> each : capacity.named().entrySet()) {
      int count = used.named().getOrDefault(each.getKey(), 0);
      dominant = Math.max(dominant, part(count, each.getValue()));
    }
    return dominant / weight;
  }

  private static double part(long used, long capacity) {
    return capacity == 0 ? 0 : (double) used / capacity;
  }
}
