package dev.windlass.benchmark;

import dev.windlass.core.schedule.Booking;
import dev.windlass.core.schedule.ClusterQueue;
import dev.windlass.core.schedule.NamedPool;
import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.NodePool;
import dev.windlass.core.schedule.ReadyJob;
import dev.windlass.core.schedule.ReadyTask;
import dev.windlass.job.Resources;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a decision of the scheduler costs: on a full cluster one instance ends, and of all that is
 * ready the queue places the next one. Every task always has another instance.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class QueueBenchmark {

  private static final String EXECUTOR = "any";
  private static final int NODES = 64;
  private static final Resources NODE = Resources.cpus(8);

  /** How many tasks are ready. */
  @Param({"100", "1000", "10000", "100000"})
  public int tasks;

  /**
   * Over how many jobs they are spread, each with a share of its own; at most one for each task.
   */
  @Param({"1", "1000"})
  public int jobs;

  private record Job(long sequence) implements ReadyJob {
    @Override
    public int priority() {
      return 0;
    }

    @Override
    public String share() {
      return Long.toString(sequence);
    }

    @Override
    public int weight() {
      return 1;
    }

    @Override
    public boolean isCapped() {
      return false;
    }
  }

  private record Task(Job job, int ordinal, long remainingPath, Resources request)
      implements ReadyTask {
    @Override
    public String executor() {
      return EXECUTOR;
    }

    @Override
    public boolean isReady() {
      return true;
    }
  }

  private record Running(Task task, Booking booking) {}

  private final Deque<Running> running = new ArrayDeque<>();
  private ClusterQueue<Task> queue = newQueue(new NodePool(List.of()));

  private static ClusterQueue<Task> newQueue(NodePool pool) {
    return new ClusterQueue<>(pool, new NamedPool(Map.of()));
  }

  /** Fills the queue, and then the cluster. */
  @Setup
  public void fill() {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      nodes.add(new Node("node" + i, EXECUTOR, NODE));
    }
    NodePool pool = new NodePool(nodes);
    pool.offer(EXECUTOR);
    queue = newQueue(pool);
    Random random = new Random(1);
    int spread = Math.min(jobs, tasks);
    for (int i = 0; i < tasks; i++) {
      Resources request = Resources.cpus(1 + random.nextInt(2));
      queue.update(new Task(new Job(i % spread), i / spread, random.nextInt(1_000), request));
    }
    place(Integer.MAX_VALUE);
  }

  private int place(int most) {
    return queue.place(most, (task, booking) -> running.add(new Running(task, booking)));
  }

  /**
   * One ends, and others begin in its place.
   *
   * @return how many began
   */
  @Benchmark
  public int decide() {
    Running ended = running.remove();
    ended.booking().free();
    queue.freed(ended.task().job(), ended.task().request());
    return place(Integer.MAX_VALUE);
  }
}
