package dev.windlass.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.JobQuery;
import dev.windlass.LogKind;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import dev.windlass.error.ValidationException;
import dev.windlass.event.EventFilter;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine refuses it refuses early, typed, and without leaving anything behind. */
@Timeout(60)
final class RefusalTest {

  @TempDir Path directory;
  private final CountDownLatch unblock = new CountDownLatch(1);
  private Engine engine;

  @BeforeEach
  void open() {
    engine =
        EngineBuilder.at(directory.resolve("engine"))
            .executor(
                FunctionExecutor.builder("functions")
                    .capacity(new Resources(4_000, 1L << 30, 0))
                    .function(
                        "block",
                        run -> {
                          unblock.await();
                          return 0;
                        })
                    .build())
            .cluster(ClusterDescription.of("small", "functions", 2, Resources.cpus(1)))
            .open();
  }

  @AfterEach
  void close() {
    unblock.countDown();
    engine.close();
  }

  private static JobDescription job(UnaryOperator<TaskDescription.Builder> more) {
    return JobDescription.builder("job")
        .task("only", more.apply(TaskDescription.builder(Command.of("block"))).build())
        .build();
  }

  private void assertRefused(
      UnaryOperator<TaskDescription.Builder> more, ErrorCode code, String path, String... words) {
    assertThatThrownBy(() -> engine.submit(job(more)))
        .isInstanceOfSatisfying(
            ValidationException.class,
            refused -> {
              assertThat(refused.faults()).hasSize(1);
              Fault fault = refused.faults().get(0);
              assertThat(fault.code()).isEqualTo(code);
              assertThat(fault.path()).isEqualTo("$.DAG.Tasks.only" + path);
              assertThat(fault.rule()).contains(words);
            });
    assertThat(engine.jobs(JobQuery.all()).items()).isEmpty();
  }

  @Test
  void moreThanAnyNodeHasIsUnsatisfiable() {
    assertRefused(
        task -> task.resources(Resources.cpus(5)),
        ErrorCode.UNSATISFIABLE,
        ".windlass.resources",
        "'default'");
    assertRefused(
        task -> task.resources(Resources.cpus(1).withMemory(2L << 30)),
        ErrorCode.UNSATISFIABLE,
        ".windlass.resources",
        "'default'");
    assertRefused(
        task ->
            task.resources(Resources.cpus(2))
                .placement(new Placement.OnCluster(new ClusterName("small"))),
        ErrorCode.UNSATISFIABLE,
        ".windlass.resources",
        "'small'");
  }

  @Test
  void aMissingClusterOrExecutorIsNamedWithThoseThatAreThere() {
    assertRefused(
        task -> task.placement(new Placement.OnCluster(new ClusterName("large"))),
        ErrorCode.REFERENCE,
        ".ClusterId",
        "small");
    assertRefused(
        task -> task.executor("docker"), ErrorCode.REFERENCE, ".windlass.executor", "no such");
  }

  @Test
  void aSchemeThatNoStorageServesIsRefused() {
    assertThatThrownBy(
            () -> engine.submit(job(task -> task.logs("s3://bucket/logs/", "s3://bucket/logs/"))))
        .isInstanceOfSatisfying(
            ValidationException.class,
            refused ->
                assertThat(refused.faults())
                    .extracting(fault -> fault.code() + " " + fault.path())
                    .containsExactly(
                        "URI $.DAG.Tasks.only.Parameters.StdoutRedirectPath",
                        "URI $.DAG.Tasks.only.Parameters.StderrRedirectPath"));
  }

  @Test
  void aClusterHasNodesANameAndAKnownExecutor() {
    Resources one = Resources.cpus(1);
    for (int nodes : new int[] {-1, 65_537, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> ClusterDescription.of("c", "functions", nodes, one))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(Integer.toString(nodes));
    }
    assertThatThrownBy(() -> ClusterDescription.builder("c").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'c'");
    for (String name : List.of("", "../x", "a/b", ".", "-c", "c".repeat(300))) {
      assertThatThrownBy(() -> ClusterDescription.of(name, "functions", 1, one))
          .isInstanceOf(IllegalArgumentException.class);
    }
    EngineBuilder builder =
        EngineBuilder.at(directory.resolve("other"))
            .executor(FunctionExecutor.builder("functions").build())
            .cluster(ClusterDescription.of("c", "functions", 1, one));
    assertThatThrownBy(() -> builder.cluster(ClusterDescription.of("c", "functions", 2, one)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'c'");
    assertThatThrownBy(() -> builder.cluster(ClusterDescription.of("e", "functions", 0, one)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no nodes");
    assertThatThrownBy(() -> builder.cluster(ClusterDescription.of("d", "slurm", 1, one)).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("slurm");
    assertThat(directory.resolve("other")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "job", "../../x", "job-../../../../../../../../../../etc/passwd", "job-\0"})
  void anIdThatIsNoneIsRefusedBeforeAnyFileIsLookedAt(String text) {
    assertThatThrownBy(() -> new JobId(text)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TaskName(text + "/")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsNotThereIsNotFoundAndNothingIsTouched() throws Exception {
    JobId nobodys = new JobId("job-" + "0".repeat(32));
    TaskName task = new TaskName("only");
    InstanceId instance = new InstanceId(nobodys, task, 0);
    List<String> before = tree();
    List<ThrowingCallable> calls =
        List.of(
            () -> engine.stop(nobodys),
            () -> engine.restart(nobodys),
            () -> engine.delete(nobodys),
            () -> engine.job(nobodys),
            () -> engine.description(nobodys),
            () -> engine.tasks(nobodys),
            () -> engine.task(nobodys, task),
            () -> engine.instances(nobodys, task, InstanceQuery.all()),
            () -> engine.instance(instance),
            () -> engine.attempts(instance),
            () -> engine.openLog(instance, LogKind.STDOUT, false),
            () -> engine.whenOver(nobodys),
            () -> engine.await(nobodys, Duration.ofSeconds(1)));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
          .hasMessageContaining(nobodys.value());
    }
    assertThat(tree()).isEqualTo(before);
  }

  private List<String> tree() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.map(Path::toString).sorted().toList();
    }
  }

  @Test
  void anOperationThatDoesNotFitTheStateSaysTheState() throws Exception {
    JobId running = engine.submit(job(task -> task));
    assertConflict(() -> engine.restart(running), "ing");
    assertConflict(() -> engine.delete(running), "ing");

    unblock.countDown();
    engine.await(running);
    assertConflict(() -> engine.stop(running), "Finished");
    assertConflict(() -> engine.restart(running), "Finished");
  }

  private static void assertConflict(ThrowingCallable call, String state) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_CONFLICT))
        .hasMessageContaining(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a-b", "../x", "a\0"})
  void aTokenKeepsToItsAlphabet(String token) {
    assertThatThrownBy(() -> engine.submit(job(task -> task), token))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NAME));
    assertThat(engine.jobs(JobQuery.all()).items()).isEmpty();
  }

  @Test
  void nullIsRefusedByTheNameOfTheArgumentAndTheEngineGoesOn() throws Exception {
    JobDescription job = job(task -> task);
    JobId id = engine.submit(job);
    TaskName task = new TaskName("only");
    assertNull("job", () -> engine.submit(null));
    assertNull("job", () -> engine.submit(null, "token"));
    assertNull("token", () -> engine.submit(job, null));
    assertNull("job", () -> engine.stop(null));
    assertNull("job", () -> engine.restart(null));
    assertNull("job", () -> engine.delete(null));
    assertNull("job", () -> engine.job(null));
    assertNull("job", () -> engine.description(null));
    assertNull("query", () -> engine.jobs(null));
    assertNull("job", () -> engine.tasks(null));
    assertNull("task", () -> engine.task(id, null));
    assertNull("job", () -> engine.instances(null, task, InstanceQuery.all()));
    assertNull("task", () -> engine.instances(id, null, InstanceQuery.all()));
    assertNull("query", () -> engine.instances(id, task, null));
    assertNull("instance", () -> engine.instance(null));
    assertNull("instance", () -> engine.attempts(null));
    assertNull("kind", () -> engine.openLog(new InstanceId(id, task, 0), null, false));
    assertNull("job", () -> engine.whenOver(null));
    assertNull("job", () -> engine.await(null));
    assertNull("atMost", () -> engine.await(id, null));
    assertNull("listener", () -> engine.subscribe(null));
    assertNull("listener", () -> engine.subscribe(EventFilter.all(), 0, null));
    assertNull("filter", () -> engine.subscribe(null, 0, event -> {}));
    assertNull("consumer", () -> engine.subscribe(null, EventFilter.all(), event -> {}));
    assertNull("query", () -> engine.events(null));

    unblock.countDown();
    engine.await(id);
  }

  private static void assertNull(String argument, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(argument);
  }
}
