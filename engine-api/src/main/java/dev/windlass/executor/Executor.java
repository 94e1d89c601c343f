package dev.windlass.executor;

import dev.windlass.job.AttemptId;
import dev.windlass.job.TaskDescription;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * A plug-in that runs attempts somewhere.
 *
 * <p>An executor that simply blocks while it works need not implement this; {@link
 * BlockingExecutor} makes one from a function.
 *
 * <h2>Identity and repetition</h2>
 *
 * <ul>
 *   <li>An {@link AttemptId} stands for one run of a program. The program of one id MUST NOT be
 *       started twice, whatever is called how often, also after a crash of the host.
 *   <li>Two attempts with different ids are independent. Their reports MUST NOT be mixed up.
 * </ul>
 *
 * <h2>Claim and evidence</h2>
 *
 * <ul>
 *   <li>Before a program's first instruction the attempt MUST take a <em>claim</em> that can be
 *       taken once only, by the attempt or by whoever fences it. {@link #recover} fences what has
 *       not begun by taking the claim itself.
 *   <li>From then until {@link #release} there MUST be <em>evidence</em> of the attempt: that it
 *       runs, or how it ended. An executor that declares {@link Capability#SURVIVES_HOST} keeps it
 *       outside the JVM.
 * </ul>
 *
 * <h2>Reports</h2>
 *
 * <ul>
 *   <li>Every launched attempt MUST end in exactly one {@link AttemptReport.Ended}, in this life of
 *       the host or by {@link #recover} in a later one. A {@link AttemptReport.Started} MUST
 *       precede it if the program began, and none may follow it.
 *   <li>{@code Ended} MUST NOT be reported while anything that the attempt started still runs
 *       (within its {@link dev.windlass.job.Isolation}), nor while its output is still being
 *       written.
 *   <li>An outcome MUST be proven. {@code Exited} carries the program's own code; {@code
 *       OutOfMemory} the proof; where nothing can be known any more, {@code Lost}. While the
 *       backend does not answer, nothing is reported. Where it answers with 128 + n for an end by
 *       signal n and an exit with that code alike, the two MUST be reported alike.
 * </ul>
 *
 * <h2>Command, environment, output</h2>
 *
 * <ul>
 *   <li>Arguments reach the program unchanged, byte for byte in UTF-8; no shell sees them.
 *   <li>The program gets the variables of the specification and MUST NOT inherit the host's.
 *   <li>A secret variable reaches the program like any other, and once that has begun no file of
 *       the executor MUST hold its value.
 *   <li>It starts in the working directory, its standard input is empty.
 *   <li>Standard output and error are appended to the given files, whole and in order each; output
 *       MUST NOT block the program, and a crash of the host MUST NOT end it.
 * </ul>
 *
 * <h2>Cancellation</h2>
 *
 * <ul>
 *   <li>{@link #cancel} asks the program to end and, after the grace period, ends it with
 *       everything it started.
 *   <li>An attempt cancelled before its program began MUST NOT begin. An attempt that ends by
 *       itself during the grace period MAY be reported with its own outcome or as {@code
 *       Cancelled}.
 * </ul>
 *
 * <h2>Capabilities</h2>
 *
 * <ul>
 *   <li>What is declared MUST work. The engine asks for nothing else; an attempt that needs more
 *       all the same MUST be refused for good, by {@link #launch} with {@code UNSUPPORTED} or as
 *       {@code Refused}, and MUST NOT start.
 *   <li>Attempts whose resources together fit into {@link ExecutorInfo#capacity} MUST run at the
 *       same time; none waits for another's end.
 * </ul>
 *
 * <h2>Nodes</h2>
 *
 * <ul>
 *   <li>An executor that declares {@link Capability#NODES} MUST report every node that was started
 *       as {@link NodeReport.Up} once its bootstrap command has ended well, and as {@link
 *       NodeReport.Gone} once nothing of it is left: because the engine ended it, because its
 *       bootstrap command failed, or because it was lost. Until {@link #endNode} there MUST be
 *       evidence of the latter two, and it is told again when the node is started again.
 *   <li>A node MUST outlive the host if attempts do. After a restart the engine starts each node
 *       that it has again, by the same name; that MUST make no second one.
 *   <li>The attempts of a node that is lost MUST be reported each on its own, as ever.
 * </ul>
 *
 * <h2>Threads</h2>
 *
 * <p>The engine calls from several threads, but for one attempt one call at a time. Calls SHOULD
 * return soon; waiting belongs on threads of the executor. Exceptions other than those named are a
 * defect of the executor; the engine then goes on and treats the attempt's fate as unknown until it
 * is reported.
 */
public interface Executor extends AutoCloseable {

  /**
   * What this executor is. May be called at any time, also before {@link #open}.
   *
   * @return always equal
   */
  ExecutorInfo info();

  /**
   * Says why instances of a task could never run here, beyond what the capabilities tell.
   *
   * <p>Asked at submission, possibly before {@link #open}. The default has no objection.
   *
   * @param task a task that asks for nothing that is not declared
   * @return one sentence for the user, or empty if there is no objection
   */
  default Optional<String> refuse(TaskDescription task) {
    return Optional.empty();
  }

  /**
   * Begins work for an engine. Called once, before all that follow.
   *
   * @param context what the engine offers
   * @throws dev.windlass.error.EngineException if it cannot work; the engine then does not open
   */
  void open(ExecutorContext context);

  /**
   * Starts an attempt; returns soon and reports to the context what becomes of it. A second call
   * with the same id changes nothing, also after a restart of the host.
   *
   * @param spec what to run
   * @throws ExecutorException if the attempt certainly did not start and never will under this id;
   *     nothing is then reported and no evidence is left. Where there is doubt, nothing is thrown
   *     and the outcome is reported later
   */
  void launch(AttemptSpec spec);

  /**
   * Ends an attempt; returns soon. Does nothing for an attempt that has ended or is not known. May
   * be called again, with a shorter grace period too.
   *
   * @param id the attempt
   * @param grace how long the program may take to end by itself; zero ends it at once
   */
  void cancel(AttemptId id, Duration grace);

  /**
   * Finds out, after a restart of the host or of the engine's store, what became of attempts.
   *
   * <p>Called after {@link #open}, before the first {@link #launch}, and possibly again later while
   * attempts run. The answer covers every expected attempt and every other one of this engine of
   * which there is evidence: {@code Started} for what runs, {@code Ended} for what is over. An
   * attempt whose program has not begun and that is not known to be on its way in this very JVM is
   * fenced first and then reported as ended and {@code Refused}. What runs is watched from then on
   * and will be reported to the context when it ends.
   *
   * @param expected attempts that the engine believes are launched and not released
   * @return one report for each attempt, in no order
   * @throws dev.windlass.error.EngineException if the backend does not answer; the engine then asks
   *     again later and starts nothing here meanwhile
   */
  Collection<AttemptReport> recover(Set<AttemptId> expected);

  /**
   * Forgets an ended attempt: its outcome is durable in the engine. Leaves nothing of it behind.
   * Does nothing if the attempt is not known.
   *
   * @param id an attempt that was reported as ended
   */
  void release(AttemptId id);

  /**
   * Makes a node, or finds it again; returns soon and reports to the context what becomes of it.
   * Called only if {@link Capability#NODES} is declared, for one node one call at a time. A second
   * call for a node that is there changes nothing and has it reported again.
   *
   * @param spec what it is to be
   */
  default void startNode(NodeSpec spec) {
    throw new UnsupportedOperationException("'" + info().name() + "' keeps no nodes");
  }

  /**
   * Removes a node on which no attempt runs, and forgets it; returns soon and reports it as gone
   * once nothing of it is left. Called only if {@link Capability#NODES} is declared, also for a
   * node that was reported as gone. May be called again, and for a node that is not known, which is
   * reported as gone too.
   *
   * @param node its name
   */
  default void endNode(String node) {
    throw new UnsupportedOperationException("'" + info().name() + "' keeps no nodes");
  }

  /**
   * Ends work for the engine and lets go of threads. Attempts of an executor that declares {@link
   * Capability#SURVIVES_HOST} go on; those of others are over when it returns. Idempotent. Nothing
   * is reported after it has returned.
   */
  @Override
  void close();
}
