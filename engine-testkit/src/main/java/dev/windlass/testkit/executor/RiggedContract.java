package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.error.ErrorCode;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorException;
import dev.windlass.job.ContainerImage;
import dev.windlass.job.Outcome;
import dev.windlass.testkit.contract.SentenceOfProperty;
import dev.windlass.testkit.contract.SentenceOfTest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What the parts of the suite share: a fresh rig for each test, and for each try of a property.
 *
 * <p>Sentences are package-private, so that no author of an executor can override one.
 */
@Isolated("looks at the threads and processes of the host")
@Timeout(180)
@ExtendWith(SentenceOfTest.class)
@AddLifecycleHook(SentenceOfProperty.class)
abstract class RiggedContract {

  /** How often a property is tried where nobody says otherwise. */
  static final int TRIES = 20;

  private @Nullable ExecutorRig current;

  /** See {@link ExecutorContract}, which documents these for authors. */
  protected abstract Executor create();

  protected abstract List<String> command(Script script);

  protected abstract Optional<ContainerImage> image();

  protected abstract void endHost(Executor executor);

  protected abstract boolean knowsSignals();

  protected abstract int breadth();

  protected abstract Duration patience();

  @BeforeEach
  @BeforeTry
  final void beginRig() {
    current = new ExecutorRig(this);
  }

  @AfterEach
  @AfterTry
  final void endRig() {
    if (current != null) {
      current.close();
    }
  }

  final ExecutorRig rig() {
    if (current == null) {
      throw new IllegalStateException("the rig exists during a test only");
    }
    return current;
  }

  final boolean survivesHost() {
    return rig().can(Capability.SURVIVES_HOST);
  }

  /** Waits at the gate, then exits. */
  static Script waiting(int code) {
    return Script.of(Script.await(Attempt.GATE), Script.exit(code));
  }

  final void assertExited(Attempt attempt, int code) {
    assertThat(rig().outcome(attempt)).as("%s", attempt).isEqualTo(new Outcome.Exited(code));
  }

  /** Refused for good, in one of the two ways there are, and never started. */
  final void assertRefused(Attempt attempt, String why, ErrorCode code) {
    Optional<ExecutorException> thrown = attempt.refusal();
    if (thrown.isPresent()) {
      assertThat(thrown.get().code()).as(why).isEqualTo(code);
    } else {
      Outcome outcome = rig().outcome(attempt);
      assertThat(outcome).as(why).isInstanceOf(Outcome.Refused.class);
      assertThat(((Outcome.Refused) outcome).retryable()).as(why).isFalse();
    }
    rig().letPass();
    assertThat(attempt.starts()).as("what was refused never starts").isZero();
  }
}
