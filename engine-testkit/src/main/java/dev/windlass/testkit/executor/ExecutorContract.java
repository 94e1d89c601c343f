package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.job.ContainerImage;
import dev.windlass.testkit.contract.Sentence;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link Executor} as tests, one for each sentence and named after it. The author
 * of an executor extends this class, or {@link ProgramExecutorContract} if the executor declares
 * {@link Capability#PROGRAMS}, and is done:
 *
 * <pre>{@code
 * class MyExecutorContractTest extends ProgramExecutorContract {
 *   @Override
 *   protected Executor create() {
 *     return new MyExecutor();
 *   }
 * }
 * }</pre>
 *
 * <p>What an executor declares decides what is expected of it: what is declared must work, what is
 * not must be refused. Nothing is skipped. Each test has an engine id and directories of its own,
 * and besides its sentence checks at the end what must hold whatever was done: one end for each
 * attempt, at most one start, no process left.
 *
 * <p>A failure quotes the sentence that was broken and, where a property found it, the shortest
 * scenario that breaks it.
 *
 * <p>The tests are JUnit Jupiter's, the properties jqwik's; the module of the executor needs both
 * engines in test scope. The system property {@code windlass.contract.tries} says how often a
 * property is tried (20).
 */
public abstract class ExecutorContract extends CapabilityContract {

  private static final int ATTEMPTS = 3;

  /** For use by extension. */
  protected ExecutorContract() {}

  /**
   * Makes an executor that is not open yet. Called for each life of the host, also while another
   * one from here, already closed, is around.
   *
   * @return always one of the same configuration
   */
  @Override
  protected abstract Executor create();

  /**
   * The command by which the executor does what a script says. For executors of something else than
   * programs {@link Script#encode} and {@link ScriptInterpreter} help.
   *
   * @param script what to do
   * @return the program and its arguments
   */
  @Override
  protected abstract List<String> command(Script script);

  /**
   * The image in which everything is run. Must be there if the executor declares {@link
   * Capability#IMAGES}, and hold {@code sh}, {@code cat}, {@code env}, {@code setsid}, {@code
   * sleep} and {@code tail}.
   *
   * @return by default none
   */
  @Override
  protected Optional<ContainerImage> image() {
    return Optional.empty();
  }

  /**
   * Ends a life of the host. By default closes the executor; one that declares {@link
   * Capability#SURVIVES_HOST} may let go of its threads and files as a crash would, if it can.
   *
   * @param executor the executor of that life; never used again
   */
  @Override
  protected void endHost(Executor executor) {
    executor.close();
  }

  /**
   * Takes a node away from an executor that declares {@link Capability#NODES}, as if its machine
   * had died: everything of it is gone, and nobody has told the executor. Must be overridden if
   * that is declared.
   *
   * @param node its name; it is up
   * @return whether that was done; by default false
   */
  @Override
  protected boolean loseNode(String node) {
    return false;
  }

  /**
   * Says whether the executor can tell an end by signal n from an exit with 128 + n. Many cannot: a
   * shell, a container or {@link Process#exitValue} give the same for both.
   *
   * @return by default false; it may then report either, but must do so for both alike
   */
  @Override
  protected boolean knowsSignals() {
    return false;
  }

  /**
   * How many attempts are made where each is one more sample, such as an exit code.
   *
   * @return by default 256; less for executors that take long, at least 1
   */
  @Override
  protected int breadth() {
    return 256;
  }

  /**
   * How long something may take before it counts as not happening.
   *
   * @return by default 30 seconds: a machine may be slow, but not so slow
   */
  @Override
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  @Test
  @Sentence("Runs the command as a program of an operating system, with files.")
  void anExecutorOfProgramsIsHeldToTheContractOfPrograms() {
    assertThat(this instanceof ProgramExecutorContract)
        .as("extends ProgramExecutorContract if, and only if, PROGRAMS is declared")
        .isEqualTo(rig().can(Capability.PROGRAMS));
  }

  @Property(tries = TRIES)
  @Sentence(Sentences.STARTED_ONCE)
  void whateverIsCalledHowOftenAnAttemptRunsOnceAndEndsOnce(
      @ForAll("scenarios") List<Scenario.Step> steps) {
    new Scenario(rig(), survivesHost(), ATTEMPTS).run(steps);
  }

  @Provide
  Arbitrary<List<Scenario.Step>> scenarios() {
    Arbitrary<Scenario.Action> actions =
        Arbitraries.frequency(
            Tuple.of(6, Scenario.Action.LAUNCH),
            Tuple.of(3, Scenario.Action.OPEN_GATE),
            Tuple.of(2, Scenario.Action.FINISH),
            Tuple.of(2, Scenario.Action.CANCEL),
            Tuple.of(2, Scenario.Action.RELEASE),
            Tuple.of(1, Scenario.Action.BELIEVE),
            Tuple.of(1, Scenario.Action.RECOVER),
            Tuple.of(1, Scenario.Action.PAUSE),
            Tuple.of(2, Scenario.Action.RESTART));
    return Combinators.combine(actions, Arbitraries.integers().between(0, ATTEMPTS - 1))
        .as(Scenario.Step::new)
        .list()
        .ofMaxSize(16)
        .map(Scenario::renumbered);
  }
}
