package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/**
 * A cluster in virtual time: jobs come in, instances begin where the queue places them, and end
 * after their time. Nothing of it knows how the queue keeps its order.
 */
final class Farm {

  /** A job as it is thrown. */
  static final class Job implements ReadyJob {
    final long sequence;
    final int priority;
    final String share;
    final int weight;
    final int maxRunning;
    final List<Task> tasks = new ArrayList<>();
    int running;

    Job(long sequence, int priority, String share, int weight, int maxRunning) {
      this.sequence = sequence;
      this.priority = priority;
      this.share = share;
      this.weight = weight;
      this.maxRunning = maxRunning;
    }

    @Override
    public int priority() {
      return priority;
    }

    @Override
    public String share() {
      return share;
    }

    @Override
    public int weight() {
      return weight;
    }

    @Override
    public long sequence() {
      return sequence;
    }

    @Override
    public boolean isCapped() {
      return running >= maxRunning;
    }

    Task task(int instances, long minutes, Resources request) {
      Task task = new Task(this, tasks.size(), instances, minutes, request);
      tasks.add(task);
      return task;
    }

    @Override
    public String toString() {
      return "job " + sequence + " of " + share;
    }
  }

  /** A task of equal instances. */
  static final class Task implements ReadyTask {
    final Job job;
    final int ordinal;
    final long minutes;
    final Resources request;
    int waiting;

    Task(Job job, int ordinal, int instances, long minutes, Resources request) {
      this.job = job;
      this.ordinal = ordinal;
      this.waiting = instances;
      this.minutes = minutes;
      this.request = request;
    }

    @Override
    public ReadyJob job() {
      return job;
    }

    @Override
    public long remainingPath() {
      return minutes;
    }

    @Override
    public int ordinal() {
      return ordinal;
    }

    @Override
    public Resources request() {
      return request;
    }

    @Override
    public String executor() {
      return "any";
    }

    @Override
    public boolean isReady() {
      return waiting > 0;
    }

    @Override
    public String toString() {
      return "task " + ordinal + " of " + job + " (" + request + ")";
    }
  }

  /** An instance begins. Told before anything of it is counted. */
  interface Observer {
    void begins(Task task, Node node);
  }

  private record Ending(long at, Task task, Node node) {}

  final NodePool pool;
  final ClusterQueue<Task> queue;
  final Set<Task> waiting = new LinkedHashSet<>();
  final Map<String, Resources> used = new HashMap<>();
  long now;

  private final Map<Long, List<Job>> arrivals = new TreeMap<>();
  private final PriorityQueue<Ending> endings =
      new PriorityQueue<>(Comparator.comparingLong(Ending::at));

  Farm(List<Resources> nodes) {
    List<Node> made = new ArrayList<>();
    nodes.forEach(size -> made.add(new Node("n" + made.size(), "any", size)));
    pool = new NodePool(made);
    pool.offer("any");
    queue = new ClusterQueue<>(pool);
  }

  void arrives(long at, Job job) {
    arrivals.computeIfAbsent(at, any -> new ArrayList<>()).add(job);
  }

  /** Runs until nothing waits and nothing runs. */
  void run(Observer observer) {
    while (!arrivals.isEmpty() || !endings.isEmpty()) {
      now = next();
      List<Job> come = arrivals.remove(now);
      if (come != null) {
        come.forEach(this::come);
      }
      while (!endings.isEmpty() && endings.element().at() == now) {
        end(endings.remove());
      }
      queue.place(Integer.MAX_VALUE, (task, node) -> begin(task, node, observer));
      Set<Job> placed = new LinkedHashSet<>();
      waiting.forEach(task -> placed.add(task.job));
      placed.forEach(queue::capChanged);
      waiting.removeIf(task -> task.waiting == 0);
    }
    if (!waiting.isEmpty()) {
      throw new AssertionError("nothing runs any more, and there wait " + waiting);
    }
  }

  private long next() {
    long arrival = arrivals.isEmpty() ? Long.MAX_VALUE : arrivals.keySet().iterator().next();
    return endings.isEmpty() ? arrival : Math.min(arrival, endings.element().at());
  }

  private void come(Job job) {
    waiting.addAll(job.tasks);
    job.tasks.forEach(queue::update);
  }

  private void begin(Task task, Node node, Observer observer) {
    observer.begins(task, node);
    used.merge(task.job.share, task.request, Resources::plus);
    task.waiting--;
    task.job.running++;
    endings.add(new Ending(now + task.minutes, task, node));
  }

  private void end(Ending ending) {
    Job job = ending.task().job;
    ending.node().free(ending.task().request);
    queue.freed(job, ending.task().request);
    used.merge(job.share, ending.task().request, Resources::minus);
    job.running--;
    queue.capChanged(job);
  }

  // ---- what can be said of it from outside ----

  /** Says whether a task could begin at this moment, were it not for the order. */
  boolean couldBegin(Task task, Set<Node> except) {
    return task.waiting > 0
        && !task.job.isCapped()
        && pool.nodes().stream()
            .anyMatch(node -> !except.contains(node) && node.fits(task.request));
  }

  /** The part of the cluster that a share uses of its dominant resource, by its weight. */
  double size(Job job) {
    return dominant(used.getOrDefault(job.share, Resources.NONE)) / job.weight;
  }

  double dominant(Resources request) {
    double cpus = 0;
    double memory = 0;
    for (Node node : pool.nodes()) {
      cpus += node.capacity().cpuMillis();
      memory += node.capacity().memoryBytes();
    }
    return Math.max(request.cpuMillis() / cpus, request.memoryBytes() / memory);
  }

  /** The nodes that are kept for something. */
  Set<Node> reserved() {
    Set<Node> reserved = new LinkedHashSet<>();
    waiting.forEach(task -> queue.reservedFor(task).ifPresent(reserved::add));
    return reserved;
  }
}
