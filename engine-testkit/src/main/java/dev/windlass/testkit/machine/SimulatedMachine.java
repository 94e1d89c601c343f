package dev.windlass.testkit.machine;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.NodeReport;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import dev.windlass.testkit.time.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where simulated programs run, and what is known of them until they are released. Outlives hosts:
 * what was launched goes on, and its evidence stays, when the host crashes.
 */
public final class SimulatedMachine {

  /** Is told what really happens, whoever hears of it. */
  public interface Observer {
    void submitted(AttemptSpec spec);

    void began(AttemptSpec spec);

    void ended(AttemptSpec spec, Outcome outcome);

    void released(AttemptId id);
  }

  private enum Phase {
    SUBMITTED,
    RUNNING,
    ENDED
  }

  /**
   * What is known of one attempt; without a specification if it was fenced before it was launched.
   */
  private static final class Evidence {
    final AttemptId id;
    final @Nullable AttemptSpec spec;
    final int life;
    Phase phase = Phase.SUBMITTED;
    @Nullable Course course;
    @Nullable Instant began;
    @Nullable Instant ended;
    @Nullable Outcome outcome;
    long beganNanos;
    long endedNanos;

    Evidence(AttemptId id, @Nullable AttemptSpec spec, int life) {
      this.id = id;
      this.spec = spec;
      this.life = life;
    }
  }

  private final Timeline timeline;
  private final InstantSource clock;
  private final Programs programs;
  private final Observer observer;
  private final Map<AttemptId, Evidence> attempts = new TreeMap<>();
  private final SimulatedNodes nodes;
  private Consumer<AttemptReport> listener = report -> {};
  private int life;

  public SimulatedMachine(
      Timeline timeline, InstantSource clock, Programs programs, Observer observer) {
    this.timeline = timeline;
    this.clock = clock;
    this.programs = programs;
    this.observer = observer;
    this.nodes = new SimulatedNodes(timeline, programs);
  }

  /** A host begins to listen; an earlier one hears nothing any more. */
  public void hostBegins(Consumer<AttemptReport> reports, Consumer<NodeReport> nodeReports) {
    life++;
    listener = reports;
    nodes.listen(nodeReports);
  }

  /** The host is gone. */
  public void hostEnds() {
    listener = report -> {};
    nodes.listen(report -> {});
  }

  // ---- nodes ----

  /** Makes a node, or tells again of one that is there. */
  public void startNode(NodeSpec spec) {
    nodes.start(spec);
  }

  /** Removes a node. */
  public void endNode(String node) {
    nodes.end(node);
  }

  /** Nodes that are there, about to be, or lost and not removed yet. */
  public Set<String> knownNodes() {
    return nodes.known();
  }

  /** Nodes that are there. */
  public List<String> nodesUp() {
    return nodes.up();
  }

  /** Says whether a node is there. */
  public boolean isUp(String node) {
    return nodes.isUp(node);
  }

  /** A node is gone, with all that ran on it. */
  public void loseNode(String node, String reason) {
    for (Evidence one : List.copyOf(attempts.values())) {
      if (one.spec != null && one.spec.node().equals(node) && one.phase != Phase.ENDED) {
        end(one, new Outcome.Lost(reason));
      }
    }
    nodes.lose(node, reason);
  }

  // ---- attempts ----

  /** Attempts that are not released. */
  public Set<AttemptId> known() {
    return attempts.keySet();
  }

  /** Attempts whose programs run. */
  public List<AttemptId> running() {
    return attempts.values().stream()
        .filter(one -> one.phase == Phase.RUNNING)
        .map(one -> one.id)
        .toList();
  }

  public boolean isOver(AttemptId id) {
    Evidence one = attempts.get(id);
    return one == null || one.phase == Phase.ENDED;
  }

  /** Launches an attempt, unless it is known: its claim is taken. */
  public void launch(AttemptSpec spec) {
    if (attempts.containsKey(spec.id())) {
      return;
    }
    Evidence one = new Evidence(spec.id(), spec, life);
    Course course = programs.course(spec);
    one.course = course;
    attempts.put(spec.id(), one);
    observer.submitted(spec);
    timeline.after(course.delay(), () -> begin(one));
  }

  private void begin(Evidence one) {
    if (one.phase != Phase.SUBMITTED) {
      return;
    }
    AttemptSpec spec = Objects.requireNonNull(one.spec, "spec");
    if (nodes.isLost(spec.node())) {
      end(one, new Outcome.Refused("its node is gone", true));
      return;
    }
    Course course = Objects.requireNonNull(one.course, "course");
    one.phase = Phase.RUNNING;
    one.began = clock.instant();
    one.beganNanos = timeline.nanos();
    observer.began(spec);
    programs.begins(spec);
    tell(new AttemptReport.Started(one.id, one.began));
    if (course.isEndless()) {
      return;
    }
    timeline.after(
        course.runs(),
        () -> {
          if (one.phase == Phase.RUNNING) {
            programs.ends(spec, course);
            end(one, course.outcome());
          }
        });
  }

  private void end(Evidence one, Outcome outcome) {
    one.phase = Phase.ENDED;
    one.ended = clock.instant();
    one.endedNanos = timeline.nanos();
    one.outcome = outcome;
    if (one.spec != null) {
      observer.ended(one.spec, outcome);
    }
    tell(report(one));
  }

  private void tell(AttemptReport report) {
    Consumer<AttemptReport> present = listener;
    present.accept(report);
  }

  private static AttemptReport report(Evidence one) {
    if (one.phase == Phase.ENDED) {
      Usage usage =
          one.began == null
              ? Usage.unknown()
              : new Usage(
                  Optional.of(Duration.ofNanos(one.endedNanos - one.beganNanos)),
                  Optional.empty(),
                  OptionalLong.empty());
      return new AttemptReport.Ended(
          one.id,
          Objects.requireNonNull(one.ended, "ended"),
          Objects.requireNonNull(one.outcome, "outcome"),
          usage);
    }
    return new AttemptReport.Started(one.id, Objects.requireNonNull(one.began, "began"));
  }

  /** Ends an attempt, or keeps it from beginning. */
  public void cancel(AttemptId id, Duration grace) {
    Evidence one = attempts.get(id);
    if (one == null || one.phase == Phase.ENDED) {
      return;
    }
    if (one.phase == Phase.SUBMITTED) {
      end(one, new Outcome.Cancelled());
      return;
    }
    boolean obeys = Objects.requireNonNull(one.course, "course").obeys();
    Duration left = obeys ? timeline.upTo(grace) : grace;
    timeline.after(
        left,
        () -> {
          if (one.phase == Phase.RUNNING) {
            end(one, new Outcome.Cancelled());
          }
        });
  }

  /** Ends an attempt from outside, as an administrator or the kernel would. */
  public void kill(AttemptId id, Outcome outcome) {
    Evidence one = attempts.get(id);
    if (one != null && one.phase == Phase.RUNNING) {
      end(one, outcome);
    }
  }

  /**
   * Fences what has not begun, and tells what is known of all attempts and of the expected ones.
   */
  public List<AttemptReport> recover(Set<AttemptId> expected) {
    for (AttemptId id : expected) {
      attempts.computeIfAbsent(id, missing -> new Evidence(missing, null, life - 1));
    }
    List<AttemptReport> reports = new ArrayList<>();
    for (Evidence one : List.copyOf(attempts.values())) {
      if (one.phase == Phase.SUBMITTED && one.life < life) {
        fence(one);
      } else if (one.phase == Phase.SUBMITTED) {
        begin(one);
      }
      reports.add(report(one));
    }
    return reports;
  }

  private void fence(Evidence one) {
    one.phase = Phase.ENDED;
    one.ended = clock.instant();
    one.endedNanos = timeline.nanos();
    one.outcome = new Outcome.Refused("fenced before it began", true);
    if (one.spec != null) {
      observer.ended(one.spec, one.outcome);
    }
  }

  /** Forgets an attempt. */
  public void release(AttemptId id) {
    if (attempts.remove(id) != null) {
      observer.released(id);
    }
  }

  /** The machine loses its power and comes up again: nothing runs any more. */
  public void reboot() {
    nodes.loseAll("the machine was rebooted");
    for (Evidence one : attempts.values()) {
      if (one.phase == Phase.RUNNING) {
        one.phase = Phase.ENDED;
        one.ended = clock.instant();
        one.endedNanos = timeline.nanos();
        one.outcome = new Outcome.Lost("the machine was rebooted");
        observer.ended(Objects.requireNonNull(one.spec, "spec"), one.outcome);
      } else if (one.phase == Phase.SUBMITTED) {
        fence(one);
      }
    }
  }
}
