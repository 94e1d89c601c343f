package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

  private record Ending(long at, Task task, Booking booking) {}

  /** Named resources of the cluster, and of the engine. */
  static final Map<String, Integer> OF_CLUSTER = Map.of("site", 3);

  static final Map<String, Integer> OF_ENGINE = Map.of("licence", 5);

  final NodePool pool;
  final ClusterQueue<Task> queue;
  final Set<Task> waiting = new LinkedHashSet<>();
  final Map<String, Resources> used = new HashMap<>();
  long now;

  /** What is booked for the task that begins just now. */
  private @Nullable Booking beginning;

  private final Map<Long, List<Job>> arrivals = new TreeMap<>();
  private final PriorityQueue<Ending> endings =
      new PriorityQueue<>(Comparator.comparingLong(Ending::at));

  Farm(List<Resources> nodes) {
    List<Node> made = new ArrayList<>();
    nodes.forEach(size -> made.add(new Node("n" + made.size(), "any", size)));
    pool = new NodePool(made, OF_CLUSTER);
    pool.offer("any");
    queue = new ClusterQueue<>(pool, new NamedPool(OF_ENGINE));
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
      queue.place(Integer.MAX_VALUE, (task, booking) -> begin(task, booking, observer));
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

  private void begin(Task task, Booking booking, Observer observer) {
    checkDevices(booking);
    beginning = booking;
    observer.begins(task, booking.node().orElseThrow());
    used.merge(task.job.share, task.request, Resources::plus);
    task.waiting--;
    task.job.running++;
    endings.add(new Ending(now + task.minutes, task, booking));
  }

  private void end(Ending ending) {
    Job job = ending.task().job;
    ending.booking().free();
    queue.freed(job, ending.task().request);
    used.merge(job.share, ending.task().request, Resources::minus);
    job.running--;
    queue.capChanged(job);
  }

  /** One at a time has a device. */
  private void checkDevices(Booking booking) {
    for (Ending other : endings) {
      if (other.booking().node().equals(booking.node())
          && !Collections.disjoint(other.booking().gpuDevices(), booking.gpuDevices())) {
        throw new AssertionError(other.task() + " has one of " + booking.gpuDevices());
      }
    }
  }

  // ---- what can be said of it from outside ----

  /** Looks at the nodes as they were before the task that begins was booked. */
  void before(Task task, Runnable look) {
    Booking booking = Objects.requireNonNull(beginning);
    Node node = booking.node().orElseThrow();
    node.free(task.request, booking.gpuDevices());
    look.run();
    node.adopt(task.request, booking.gpuDevices());
  }

  /** Says whether a task could begin at this moment, were it not for the order. */
  boolean couldBegin(Task task, Set<Node> except) {
    return task.waiting > 0
        && !task.job.isCapped()
        && task.request.named().entrySet().stream()
            .allMatch(each -> each.getValue() <= left(each.getKey(), task))
        && pool.nodes().stream()
            .anyMatch(node -> !except.contains(node) && node.fits(task.request));
  }

  /** How many of a name a task could have, by what runs and what is kept for others. */
  private int left(String name, Task task) {
    int total = OF_CLUSTER.getOrDefault(name, OF_ENGINE.getOrDefault(name, 0));
    int taken = used.values().stream().mapToInt(each -> each.named().getOrDefault(name, 0)).sum();
    int kept =
        waiting.stream()
            .filter(other -> other != task && other.job.priority >= task.job.priority)
            .filter(queue::holdsReservation)
            .mapToInt(other -> other.request.named().getOrDefault(name, 0))
            .sum();
    return total - taken - kept;
  }

  /** The part of the cluster that a share uses of its dominant resource, by its weight. */
  double size(Job job) {
    return dominant(used.getOrDefault(job.share, Resources.NONE)) / job.weight;
  }

  double dominant(Resources request) {
    double cpus = 0;
    double memory = 0;
    double disk = 0;
    double gpus = 0;
    for (Node node : pool.nodes()) {
      cpus += node.capacity().cpuMillis();
      memory += node.capacity().memoryBytes();
      disk += node.capacity().diskBytes();
      gpus += node.capacity().gpus();
    }
    double largest = Math.max(request.cpuMillis() / cpus, request.memoryBytes() / memory);
    largest = Math.max(largest, disk == 0 ? 0 : request.diskBytes() / disk);
    largest = Math.max(largest, gpus == 0 ? 0 : request.gpus() / gpus);
    double site = OF_CLUSTER.get("site");
    return Math.max(largest, request.named().getOrDefault("site", 0) / site);
  }

  /** The nodes that are kept for something. */
  Set<Node> reserved() {
    Set<Node> reserved = new LinkedHashSet<>();
    waiting.forEach(task -> queue.reservedFor(task).ifPresent(reserved::add));
    return reserved;
  }
}
