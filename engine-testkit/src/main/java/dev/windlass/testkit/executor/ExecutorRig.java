package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.NodeReport;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.ContainerImage;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.TaskName;
import dev.windlass.testkit.contract.BrokenSentence;
import dev.windlass.testkit.crash.HostProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Stands for the engine while an executor is tested: makes attempts and their directories, lives
 * one life of the host after the other on the same directory, and checks at the end what must hold
 * whatever a test did.
 */
final class ExecutorRig implements AutoCloseable {

  /** The variable by which the processes of an attempt are told from all others. */
  static final String MARK = "WINDLASS_CONTRACT";

  private static final String PATH = "/usr/local/bin:/usr/bin:/bin";

  private final RiggedContract contract;
  private final String engineId = UUID.randomUUID().toString().replace("-", "");
  private final AtomicInteger attemptCount = new AtomicInteger();
  private final Collection<Attempt> attempts = new ConcurrentLinkedQueue<>();
  private final Set<AttemptId> expected = ConcurrentHashMap.newKeySet();
  private final History history = new History();
  private final NodeHistory nodeHistory = new NodeHistory();
  private final Collection<NodeSpec> nodes = new ConcurrentLinkedQueue<>();
  private final Path root;
  private final Path directory;
  private Executor executor;
  private Life life;

  ExecutorRig(RiggedContract contract) {
    this.contract = contract;
    this.root = Directories.temporary();
    this.directory = Directories.makePrivate(root.resolve("executor"));
    this.executor = contract.create();
    this.life = newLife(1);
    executor.open(life);
    recover();
  }

  private Life newLife(int number) {
    return new Life(
        number,
        engineId,
        directory,
        root,
        history,
        nodeHistory,
        report -> HostProcesses.marked(mark(report.id())));
  }

  Executor executor() {
    return executor;
  }

  boolean can(Capability capability) {
    return executor.info().can(capability);
  }

  /** The executor's own directory: every path below it. */
  List<String> evidence() {
    return Directories.list(directory);
  }

  /** The files of the executor's own directory that hold a text as it is, in UTF-8. */
  List<String> evidenceHolding(String text) {
    return Directories.holding(directory, text);
  }

  /** A new directory for what is bound into attempts. */
  Path newDirectory(String name) {
    return Directories.make(root.resolve(name));
  }

  /** A name that nothing on this host has. */
  String newName() {
    return engineId;
  }

  // --- Attempts --------------------------------------------------------------------------------

  /** A mark that is not the beginning of another attempt's. */
  private String mark(AttemptId id) {
    return engineId + "-" + id.instance().index() + "-";
  }

  Attempt attempt(Script script) {
    return attempt(script, Map.of());
  }

  Attempt attempt(Script script, Map<String, String> variables) {
    return attempt(command(script), variables, builder -> builder);
  }

  /** An attempt of which all the given variables are secret. */
  Attempt attemptWithSecrets(Script script, Map<String, String> secrets) {
    return attempt(command(script), secrets, more -> more.secretVariables(secrets.keySet()));
  }

  Attempt attempt(Script script, UnaryOperator<AttemptSpec.Builder> more) {
    return attempt(command(script), Map.of(), more);
  }

  /** An attempt with the given command itself. */
  Attempt attempt(List<String> command) {
    return attempt(command, Map.of(), builder -> builder);
  }

  /** Every program first writes its ledger. */
  private List<String> command(Script script) {
    return contract.command(script.beginningWith(Script.append(Attempt.LEDGER)));
  }

  private Attempt attempt(
      List<String> command,
      Map<String, String> variables,
      UnaryOperator<AttemptSpec.Builder> more) {
    AttemptId id =
        new InstanceId(
                new JobId("job-" + engineId),
                new TaskName("contract"),
                attemptCount.getAndIncrement())
            .attempt(1);
    Map<String, String> environment = new TreeMap<>(Map.of("PATH", PATH, MARK, mark(id)));
    environment.putAll(variables);
    AttemptSpec.Builder builder =
        AttemptSpec.builder(id, root.resolve("attempt-" + id.instance().index()), command)
            .environment(environment)
            .image(contract.image())
            .node("contract");
    AttemptSpec spec = more.apply(builder).build();
    if (can(Capability.PROGRAMS)) {
      Directories.make(spec.workDirectory());
    }
    Attempt attempt = new Attempt(spec, contract.patience());
    attempts.add(attempt);
    return attempt;
  }

  Attempt launch(Script script) {
    return launch(attempt(script));
  }

  /** Launches, also for a second time. A refusal is kept with the attempt. */
  Attempt launch(Attempt attempt) {
    try {
      attempt.noteLaunched();
      executor.launch(attempt.spec());
      expected.add(attempt.id());
    } catch (ExecutorException e) {
      attempt.noteRefused(e);
    }
    return attempt;
  }

  /** Lets the engine believe that it launched an attempt, as after a crash just before it did. */
  void believeLaunched(Attempt attempt) {
    expected.add(attempt.id());
  }

  void cancel(Attempt attempt, Duration grace) {
    executor.cancel(attempt.id(), grace);
  }

  /** The attempt's outcome, as soon as it was told. */
  Outcome outcome(Attempt attempt) {
    attempt
        .refusal()
        .filter(thrown -> !hasEnded(attempt))
        .ifPresent(
            thrown -> {
              throw new AssertionError("the launch of " + attempt + " was refused", thrown);
            });
    return history.awaitEnded(attempt.id(), contract.patience());
  }

  boolean hasEnded(Attempt attempt) {
    return history.hasEnded(attempt.id());
  }

  List<History.Entry> told(Attempt attempt) {
    return history.about(attempt.id());
  }

  void release(Attempt attempt) {
    executor.release(attempt.id());
    expected.remove(attempt.id());
  }

  /** What still runs of any attempt. */
  List<String> running() {
    return HostProcesses.marked(engineId + "-").stream().map(HostProcesses::describe).toList();
  }

  /** Launches one more attempt and sees it through: whatever was on its way has had its time. */
  void letPass() {
    Attempt later = launch(Script.of());
    assertThat(outcome(later).isSuccess()).as("an empty program succeeds").isTrue();
    release(later);
  }

  // --- Nodes -----------------------------------------------------------------------------------

  /** A node of a name that no other has. */
  NodeSpec node(String bootstrap) {
    return new NodeSpec(
        "node-" + attemptCount.getAndIncrement(),
        new ClusterName("contract"),
        "group",
        executor.info().capacity(),
        Map.of(),
        Optional.of(bootstrap),
        contract.image().map(ContainerImage::name));
  }

  void startNode(NodeSpec node) {
    nodes.add(node);
    executor.startNode(node);
  }

  void endNode(NodeSpec node) {
    executor.endNode(node.name());
  }

  /** The report with that number, from 1, of a node, as soon as it was made. */
  NodeReport reportOf(NodeSpec node, int number) {
    return nodeHistory.await(node.name(), number, contract.patience());
  }

  // --- Lives of the host -----------------------------------------------------------------------

  /** Asks for all evidence, expecting what is launched and not released. */
  Map<AttemptId, AttemptReport> recover() {
    return recover(Set.copyOf(expected));
  }

  Map<AttemptId, AttemptReport> recover(Set<AttemptId> expectedHere) {
    Collection<AttemptReport> reports = executor.recover(expectedHere);
    reports.forEach(life::recovered);
    BrokenSentence.unless(
        Sentences.ONE_REPORT,
        () -> assertThat(reports).extracting(AttemptReport::id).doesNotHaveDuplicates());
    Map<AttemptId, AttemptReport> answer = new HashMap<>();
    reports.forEach(report -> answer.put(report.id(), report));
    BrokenSentence.unless(
        Sentences.COVERED, () -> assertThat(answer.keySet()).containsAll(expectedHere));
    return answer;
  }

  Map<AttemptId, AttemptReport> restart() {
    return restart(() -> {});
  }

  /** Ends this life of the host and begins the next, in which the evidence is asked for first. */
  Map<AttemptId, AttemptReport> restart(Runnable meanwhile) {
    endLife();
    meanwhile.run();
    executor = contract.create();
    life = newLife(life.number() + 1);
    executor.open(life);
    return recover();
  }

  private void endLife() {
    contract.endHost(executor);
    life.end();
    if (!can(Capability.SURVIVES_HOST)) {
      assertNothingRuns(Sentences.AFTER_CLOSE);
    }
  }

  /** Ends and releases what is left, and checks what must always hold. */
  @Override
  public void close() {
    try {
      settle();
      executor.close();
      life.end();
      history.checkViolations();
      attempts.forEach(attempt -> history.check(attempt, can(Capability.SURVIVES_HOST)));
      assertNothingRuns(Sentences.ALL_GONE);
    } finally {
      executor.close();
      HostProcesses.marked(engineId + "-").forEach(ExecutorRig::kill);
      Directories.delete(root);
    }
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  private void assertNothingRuns(String sentence) {
    BrokenSentence.unless(
        sentence, () -> assertThat(running()).as("programs that still run").isEmpty());
  }

  private void settle() {
    List<Attempt> launched = attempts.stream().filter(Attempt::isLaunched).toList();
    launched.stream()
        .filter(attempt -> !hasEnded(attempt))
        .forEach(attempt -> cancel(attempt, Duration.ZERO));
    BrokenSentence.unless(Sentences.ONE_END, () -> launched.forEach(this::outcome));
    Set<AttemptId> kept = Set.copyOf(expected);
    launched.stream().filter(attempt -> kept.contains(attempt.id())).forEach(this::release);
    nodes.forEach(this::endNode);
  }
}
