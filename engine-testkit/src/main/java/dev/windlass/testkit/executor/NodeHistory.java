package dev.windlass.testkit.executor;

import dev.windlass.executor.NodeReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** All that executors reported of nodes, over all lives of the host. Safe for several threads. */
final class NodeHistory {
  private final List<NodeReport> reports = new ArrayList<>();

  synchronized void add(NodeReport report) {
    reports.add(report);
    notifyAll();
  }

  synchronized List<NodeReport> about(String node) {
    return reports.stream().filter(report -> report.node().equals(node)).toList();
  }

  /** Waits until so many reports of a node have come; gives back the last of these. */
  synchronized NodeReport await(String node, int count, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (about(node).size() < count) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError(
            "of node " + node + " was reported only " + about(node) + ", awaited were " + count);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for reports of node " + node, e);
      }
    }
    return about(node).get(count - 1);
  }
}
