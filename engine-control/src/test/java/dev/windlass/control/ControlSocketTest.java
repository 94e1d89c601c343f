package dev.windlass.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.windlass.Engine;
import dev.windlass.JobOperation;
import dev.windlass.JobQuery;
import dev.windlass.Managed;
import dev.windlass.Page;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterDescription.Group;
import dev.windlass.cluster.NodeState;
import dev.windlass.core.EngineBuilder;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import dev.windlass.error.ValidationException;
import dev.windlass.event.Event;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventQuery;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real engine, operated through its socket by a client in the same JVM. */
@Timeout(60)
@SuppressWarnings("try") // closing is what some of them are about
class ControlSocketTest {

  @TempDir Path parent;

  private final CountDownLatch letGo = new CountDownLatch(1);
  private Path directory;
  private Engine engine;
  private ControlSocket socket;

  @BeforeEach
  void open() {
    directory = parent.resolve("engine");
    engine = open(directory);
    socket = ControlSocket.serve(engine, directory);
  }

  @AfterEach
  void close() {
    letGo.countDown();
    socket.close();
    engine.close();
  }

  private Engine open(Path where) {
    return EngineBuilder.at(where)
        .executor(
            FunctionExecutor.builder("functions")
                .function("quick", run -> 0)
                .function(
                    "slow",
                    run -> {
                      letGo.await();
                      return 0;
                    })
                .build())
        .open();
  }

  private JobId submit(String function) {
    return engine.submit(
        JobDescription.builder("job")
            .owner("ann")
            .label("kind", "test")
            .task("only", TaskDescription.builder(Command.of(function)).build())
            .build());
  }

  private EngineControl connect() {
    return EngineControl.connect(directory).orElseThrow();
  }

  private Path file() {
    return directory.resolve("control.sock");
  }

  @Test
  void whatIsDoneToAJobIsDurableInTheHostWhenItReturns() {
    JobId job = submit("slow");
    try (EngineControl host = connect();
        Engine look = EngineBuilder.at(directory).readOnly().open()) {
      host.manage(job, new JobOperation.Pause(), "lunch \n \u00fc \u2028 \"");
      assertThat(look.job(job).paused()).contains("lunch \n \u00fc \u2028 \"");
      host.manage(job, new JobOperation.SetPriority(7), "");
      assertThat(look.job(job).priority()).isEqualTo(7);
      host.manage(job, new JobOperation.Stop(), "enough");
      assertThat(look.job(job).state()).isEqualTo(State.STOPPED);
      assertThat(engine.events(EventQuery.of(EventFilter.all().ofKinds(Event.Kind.JOB_OPERATED))))
          .extracting(page -> page.events().size())
          .isEqualTo(3);
    }
  }

  @Test
  void manyJobsAreManagedPageByPage() throws Exception {
    JobId ended = submit("quick");
    engine.await(ended);
    JobId first = submit("slow");
    JobId second = submit("slow");
    try (EngineControl host = connect()) {
      JobQuery query =
          JobQuery.all()
              .ownedBy("ann")
              .named("job")
              .labelled("kind", "test")
              .inStates(EnumSet.allOf(State.class))
              .createdFrom(Instant.EPOCH)
              .createdBefore(Instant.now().plusSeconds(60))
              .limit(2);
      Page<Managed> page = host.manage(query, new JobOperation.Stop(), "all");
      assertThat(page.items()).extracting(Managed::job).containsExactly(second, first);
      assertThat(page.items()).allMatch(Managed::isDone);
      Page<Managed> rest =
          host.manage(query.after(page.next().orElseThrow()), new JobOperation.Stop(), "all");
      assertThat(rest.next()).isEmpty();
      assertThat(rest.items()).extracting(Managed::job).containsExactly(ended);
      EngineException refusal = rest.items().get(0).refusal().orElseThrow();
      assertThat(refusal.code()).isEqualTo(ErrorCode.STATE_CONFLICT);
      assertThat(engine.job(first).message()).contains("all");
      assertThatThrownBy(() -> host.manage(query.after("x"), new JobOperation.Stop(), ""))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED));
    }
  }

  @Test
  void theHostRefusesAsTheEngineDoes() throws Exception {
    JobId job = submit("quick");
    engine.await(job);
    JobOperation.Stop stop = new JobOperation.Stop();
    try (EngineControl host = connect();
        EngineControl direct = EngineControl.of(engine)) {
      assertSame(() -> host.manage(job, stop, ""), () -> direct.manage(job, stop, ""));
      InstanceId instance = new InstanceId(job, new TaskName("only"), 0);
      assertSame(() -> host.release(instance), () -> direct.release(instance));
      ClusterName none = new ClusterName("none");
      assertSame(() -> host.deleteCluster(none), () -> direct.deleteCluster(none));
      assertSame(() -> host.setNodes(none, "g", -1), () -> direct.setNodes(none, "g", -1));
      String reason = "x".repeat(JobOperation.MAX_REASON_LENGTH + 1);
      assertSame(() -> host.manage(job, stop, reason), () -> direct.manage(job, stop, reason));
      host.releaseAll(job);
      host.manage(job, new JobOperation.Delete(), "");
      assertSame(() -> host.releaseAll(job), () -> direct.releaseAll(job));
    }
  }

  private static void assertSame(Runnable remote, Runnable local) {
    RuntimeException expected = refusal(local);
    RuntimeException actual = refusal(remote);
    assertThat(actual).hasSameClassAs(expected).hasMessage(expected.getMessage());
    if (expected instanceof EngineException of) {
      assertThat(((EngineException) actual).code()).isEqualTo(of.code());
      assertThat(((EngineException) actual).subject()).isEqualTo(of.subject());
    }
  }

  private static RuntimeException refusal(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      return e;
    }
    throw new AssertionError("it was not refused");
  }

  @Test
  void clustersAreMadeChangedAndDeleted() {
    ClusterName grid = new ClusterName("grid");
    ClusterDescription small =
        ClusterDescription.builder("grid")
            .description("for \"tests\"")
            .group(new Group("g", "functions", 1, Resources.cpus(1)))
            .environment("SCENE", "7")
            .named("licence", 3)
            .build();
    try (EngineControl host = connect()) {
      host.createCluster(small);
      assertThat(engine.cluster(grid).description()).isEqualTo(small);
      ClusterDescription other =
          ClusterDescription.builder("grid")
              .group(new Group("g", "functions", 3, Resources.cpus(2)))
              .build();
      host.changeCluster(other);
      assertThat(engine.cluster(grid).description()).isEqualTo(other);
      host.setNodes(grid, "g", 2);
      await().until(() -> running(grid).size() == 2);
      String first = running(grid).get(0);
      host.recreateNode(grid, first);
      await().until(() -> running(grid).size() == 2 && !running(grid).contains(first));
      host.drainNode(grid, running(grid).get(0));
      host.deleteNode(grid, running(grid).get(0));
      await().until(() -> engine.nodes(grid).isEmpty());
      host.deleteCluster(grid);
      await().until(() -> engine.clusters().stream().noneMatch(each -> each.name().equals(grid)));
    }
  }

  private List<String> running(ClusterName cluster) {
    return engine.nodes(cluster).stream()
        .filter(node -> node.state() == NodeState.RUNNING)
        .map(node -> node.name())
        .toList();
  }

  static Stream<JobOperation> everyOperation() {
    return Stream.of(
        new JobOperation.Stop(),
        new JobOperation.Pause(),
        new JobOperation.Resume(),
        new JobOperation.SetPriority(1_000),
        new JobOperation.Restart(),
        new JobOperation.RestartFailed(),
        new JobOperation.RestartFrom(new TaskName("from_here")),
        new JobOperation.Delete());
  }

  @ParameterizedTest
  @MethodSource("everyOperation")
  void operationsArriveAsTheyWereSent(JobOperation operation) {
    String line = Document.line(Wire.operation(operation));
    assertThat(Wire.operation(Document.of(line))).isEqualTo(operation);
  }

  @Test
  void everyKindOfOperationIsAmongThem() {
    assertThat(everyOperation().map(JobOperation::kind))
        .containsExactlyInAnyOrder(JobOperation.Kind.values());
  }

  @Test
  void faultsOfADescriptionArriveOneByOne() {
    ValidationException refused =
        new ValidationException("grid", List.of(new Fault(ErrorCode.RANGE, "$.a", "9", "is 1")));
    String line = Document.line(Wire.refusal(refused));
    assertThat(Wire.refusal(Document.of(line)))
        .hasMessage(refused.getMessage())
        .isInstanceOfSatisfying(
            ValidationException.class, e -> assertThat(e.faults()).isEqualTo(refused.faults()));
  }

  @Test
  void onlyTheOwnerMayConnect() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(directory.resolve("control.new")).doesNotExist();
  }

  @Test
  void aDeepDirectoryIsReachedAsWell() throws IOException {
    Path deep = directory;
    for (int level = 0; level < 10; level++) {
      deep = deep.resolve("a-directory-of-some-length-" + level);
    }
    try (Engine second = open(deep);
        ControlSocket served = ControlSocket.serve(second, deep);
        EngineControl host = EngineControl.connect(deep).orElseThrow()) {
      assertThat(deep.resolve("control.sock").toString().length()).isGreaterThan(200);
      host.createCluster(ClusterDescription.of("deep", "functions", 1, Resources.cpus(1)));
      assertThat(second.cluster(new ClusterName("deep")).name().value()).isEqualTo("deep");
      served.close();
      assertThat(deep.resolve("control.sock")).doesNotExist();
    }
  }

  @Test
  void aFileThatAKilledHostLeftIsNobodyAndIsReplaced() throws IOException {
    Path other = parent.resolve("other");
    try (Engine second = open(other)) {
      ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      left.bind(UnixDomainSocketAddress.of(other.resolve("control.sock")));
      left.close();
      Files.createDirectory(other.resolve("control.new"));
      assertThat(Files.exists(other.resolve("control.sock"), LinkOption.NOFOLLOW_LINKS)).isTrue();
      assertThat(EngineControl.connect(other)).isEmpty();
      try (ControlSocket served = ControlSocket.serve(second, other)) {
        assertThat(EngineControl.connect(other)).get().satisfies(EngineControl::close);
        served.close();
        assertThat(EngineControl.connect(other)).isEmpty();
      }
    }
  }

  @Test
  void nobodyListensWhereThereIsNoFile() {
    assertThat(EngineControl.connect(parent)).isEmpty();
    assertThat(EngineControl.connect(parent.resolve("nowhere"))).isEmpty();
  }

  @Test
  void closingTakesTheFileAwayButNotThatOfAnother() {
    ControlSocket next = ControlSocket.serve(engine, directory);
    socket.close();
    assertThat(file()).exists();
    try (EngineControl host = connect()) {
      host.createCluster(ClusterDescription.of("grid", "functions", 1, Resources.cpus(1)));
    }
    next.close();
    next.close();
    assertThat(file()).doesNotExist();
  }

  @Test
  void closingDropsClientsThatAskForNothing() {
    JobId job = submit("slow");
    try (EngineControl host = connect()) {
      host.manage(job, new JobOperation.Pause(), "");
      socket.close();
      assertThatThrownBy(() -> host.manage(job, new JobOperation.Resume(), ""))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_CLOSED))
          .hasMessageContaining("look whether it was done");
    }
    assertThat(engine.job(job).isPaused()).isTrue();
  }

  @Test
  void whoeverCameInTimeIsAnsweredBeforeItCloses() throws Exception {
    var threads = Executors.newCachedThreadPool();
    try {
      for (int round = 0; round < 20; round++) {
        ControlSocket served = ControlSocket.serve(engine, directory);
        EngineControl host = connect();
        JobId job = submit("slow");
        Future<Boolean> told = threads.submit(() -> isPaused(host, job));
        served.close();
        assertThat(engine.job(job).isPaused()).isEqualTo(told.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Pauses a job and leaves; false if the host was lost. */
  private static boolean isPaused(EngineControl host, JobId job) {
    try (host) {
      host.manage(job, new JobOperation.Pause(), "");
      return true;
    } catch (EngineException e) {
      return false;
    }
  }

  @Test
  void anEngineThatIsClosedFirstTakesItsSocketAlongWithTheNextRequest() {
    try (EngineControl host = connect()) {
      engine.close();
      assertThatThrownBy(() -> host.deleteCluster(new ClusterName("grid")))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_CLOSED));
    }
    await().until(() -> !Files.exists(file(), LinkOption.NOFOLLOW_LINKS));
    assertThat(EngineControl.connect(directory)).isEmpty();
  }

  @Test
  void aHostOfAnotherVersionOrThatSaysNothingIsRefused() throws IOException {
    assertRefused("{\"windlass\":\"control\",\"version\":2}\n", "speaks version 2");
    assertRefused("{\"windlass\":\"something\",\"version\":1}\n", "speaks version");
    assertRefused("hello\n", "answers with something else");
    assertRefused("\u00ff".repeat(3), "does not answer");
  }

  private void assertRefused(String greeting, String message) throws IOException {
    Path other = Files.createTempDirectory(parent, "fake");
    try (ServerSocketChannel fake = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      fake.bind(UnixDomainSocketAddress.of(other.resolve("control.sock")));
      Thread thread =
          new Thread(
              () -> {
                try (var client = fake.accept()) {
                  client.write(ByteBuffer.wrap(greeting.getBytes(StandardCharsets.ISO_8859_1)));
                  while (client.read(ByteBuffer.allocate(10)) >= 0) {
                    Thread.onSpinWait();
                  }
                } catch (IOException e) {
                  // the client has left
                }
              });
      thread.start();
      Patience patience =
          new Patience(
              Duration.ofMillis(500),
              Duration.ofSeconds(5),
              Duration.ofSeconds(5),
              Duration.ofSeconds(5));
      assertThatThrownBy(() -> HostControl.connect(other, patience))
          .isInstanceOfSatisfying(
              EngineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DIRECTORY_IN_USE))
          .hasMessageContaining(message);
    }
  }
}
