package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.job.Outcome;
import dev.windlass.testkit.contract.BrokenSentence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Steps on a few attempts, carried out by an executor and, beside it, by a model that knows which
 * outcomes each attempt may have. What holds of every attempt the rig checks when it is closed.
 */
final class Scenario {

  /** What is done with one attempt; some do it to the host, and then which one does not matter. */
  enum Action {
    LAUNCH,
    /** Lets the program exit, and goes on at once. */
    OPEN_GATE,
    /** Lets the program exit, and waits for the report. */
    FINISH,
    CANCEL,
    RELEASE,
    /** The engine believes that it launched, and may be wrong. */
    BELIEVE,
    RECOVER,
    RESTART,
    /** Lets a moment pass, so that what follows comes at another point of what is under way. */
    PAUSE
  }

  /**
   * One step.
   *
   * @param action what to do
   * @param index with which attempt
   */
  record Step(Action action, int index) {
    @Override
    public String toString() {
      return action + (ofHost(action) ? "" : " " + index);
    }
  }

  /** The same steps with the attempts numbered as they come, which makes a short scenario plain. */
  static List<Step> renumbered(List<Step> steps) {
    List<Integer> order =
        steps.stream().filter(step -> !ofHost(step.action())).map(Step::index).distinct().toList();
    return steps.stream()
        .map(
            step ->
                ofHost(step.action()) ? step : new Step(step.action(), order.indexOf(step.index())))
        .toList();
  }

  private static final long PAUSE_NANOS = 2_000_000;

  private static boolean ofHost(Action action) {
    return action == Action.RECOVER || action == Action.RESTART || action == Action.PAUSE;
  }

  /** The model of one attempt. */
  private static final class Model {
    final Attempt attempt;
    final int code;
    final Set<Outcome.Kind> admissible = EnumSet.noneOf(Outcome.Kind.class);
    boolean known;
    boolean believed;
    boolean fenced;
    boolean released;

    Model(Attempt attempt, int code) {
      this.attempt = attempt;
      this.code = code;
    }
  }

  private final ExecutorRig rig;
  private final boolean survivesHost;
  private final List<Model> models = new ArrayList<>();

  Scenario(ExecutorRig rig, boolean survivesHost, int attempts) {
    this.rig = rig;
    this.survivesHost = survivesHost;
    for (int i = 0; i < attempts; i++) {
      models.add(new Model(rig.attempt(RiggedContract.waiting(20 + i)), 20 + i));
    }
  }

  void run(List<Step> steps) {
    steps.forEach(step -> perform(step.action(), models.get(step.index())));
    models.forEach(this::finish);
    // What was started a second time shows in the ledger, given time.
    rig.letPass();
    models.forEach(this::release);
    BrokenSentence.unless(
        Sentences.RELEASED,
        () -> assertThat(rig.recover(Set.of())).as("evidence of what was released").isEmpty());
  }

  private void perform(Action action, Model model) {
    switch (action) {
      case LAUNCH -> launch(model);
      case OPEN_GATE -> model.attempt.openGate();
      case FINISH -> finish(model);
      case CANCEL -> cancel(model);
      case RELEASE -> release(model);
      case BELIEVE -> believe(model);
      case RECOVER -> recover();
      case RESTART -> restart();
      case PAUSE -> LockSupport.parkNanos(PAUSE_NANOS * (1 + models.indexOf(model)));
    }
  }

  private void launch(Model model) {
    if (model.released) {
      return;
    }
    rig.launch(model.attempt);
    if (!model.known && !model.fenced) {
      model.known = true;
      model.admissible.add(Outcome.Kind.EXITED);
    }
  }

  private void finish(Model model) {
    model.attempt.openGate();
    if (model.fenced) {
      BrokenSentence.unless(Sentences.FENCED, () -> assertFenced(model.attempt));
    }
    if (!model.known) {
      return;
    }
    Outcome outcome = rig.outcome(model.attempt);
    assertThat(outcome.kind()).as("%s", model.attempt).isIn(model.admissible);
    if (outcome.kind() == Outcome.Kind.EXITED) {
      BrokenSentence.unless(
          Sentences.OWN_CODE, () -> assertThat(outcome).isEqualTo(new Outcome.Exited(model.code)));
      assertThat(model.attempt.starts()).isEqualTo(1);
    }
    model.admissible.retainAll(Set.of(outcome.kind()));
  }

  private void assertFenced(Attempt attempt) {
    assertThat(rig.outcome(attempt)).isInstanceOfAny(Outcome.Refused.class, Outcome.Lost.class);
    assertThat(attempt.starts()).as("starts of what was fenced").isZero();
  }

  private void cancel(Model model) {
    boolean open = model.known && !rig.hasEnded(model.attempt);
    rig.cancel(model.attempt, Duration.ZERO);
    if (open) {
      model.admissible.add(Outcome.Kind.CANCELLED);
    }
  }

  private void release(Model model) {
    if ((model.known || model.fenced) && rig.hasEnded(model.attempt)) {
      rig.release(model.attempt);
      model.released = true;
      model.believed = false;
    }
  }

  private void believe(Model model) {
    if (!model.known && !model.released) {
      rig.believeLaunched(model.attempt);
      model.believed = true;
    }
  }

  private void recover() {
    models.forEach(this::fence);
    rig.recover();
  }

  private void restart() {
    models.forEach(this::restarted);
    models.forEach(this::fence);
    rig.restart();
  }

  /** What is expected and not known to the executor is fenced when it is asked for. */
  private void fence(Model model) {
    if (model.believed && !model.known) {
      model.fenced = true;
    }
  }

  /** What may become of a launched attempt. */
  private void restarted(Model model) {
    if (model.known && !survivesHost) {
      model.admissible.addAll(Set.of(Outcome.Kind.LOST, Outcome.Kind.CANCELLED));
    } else if (model.known && !rig.hasEnded(model.attempt)) {
      // On its way when the host ended: then it was fenced, or got through.
      model.admissible.add(Outcome.Kind.REFUSED);
    }
  }
}
