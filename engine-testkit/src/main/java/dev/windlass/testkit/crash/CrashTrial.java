package dev.windlass.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.TaskStatus;
import dev.windlass.core.EngineBuilder;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.job.AttemptId;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One run of a ledger job, over as many lives of the host as it takes. */
final class CrashTrial {
  private static final Duration CLOSING = Duration.ofMinutes(1);
  private static final int PAGE = 1_000;

  private final LedgerJob job;
  private final Class<? extends HostPlugins> plugins;
  private final Path engine;
  private final Path store;

  CrashTrial(LedgerJob job, Class<? extends HostPlugins> plugins, Path directory)
      throws IOException {
    this.job = job;
    this.plugins = plugins;
    this.engine = directory.resolve("engine");
    this.store = Files.createDirectories(directory.resolve("store"));
    try (Storage storage = storage()) {
      Files.createDirectories(LedgerJob.ledger(storage));
    }
  }

  /** A host in a JVM of its own, whose job is always the brief one. */
  ChildJvm host() throws IOException {
    return ChildJvm.start(LedgerHost.class, plugins.getName(), engine, store);
  }

  /** Gives the host a life without a kill, in which the job comes to its end. */
  void runToEnd() throws IOException, InterruptedException {
    try (ChildJvm host = host()) {
      assertThat(host.line()).isEqualTo("open");
      assertThat(host.line()).isEqualTo("over FINISHED ");
      assertThat(host.endsWithin(CLOSING)).as("the host ends once it has closed").isTrue();
      assertThat(host.exitValue()).isZero();
    }
  }

  /** An engine of this JVM, with the job. */
  Engine open(Duration stopGrace) {
    HostPlugins made = LedgerHost.make(plugins);
    Executor executor = made.executor();
    Storage storage = made.storage(store);
    Engine opened =
        EngineBuilder.at(engine)
            .executor(executor)
            .storage(LedgerJob.SCHEME, storage)
            .stopGrace(stopGrace)
            .open();
    if (opened.jobs(JobQuery.all()).items().isEmpty()) {
      opened.submit(job.description(made, executor, storage));
    }
    return opened;
  }

  /** Whether the executor's work outlives its host. */
  boolean survivesHost() {
    try (Executor executor = LedgerHost.make(plugins).executor()) {
      return executor.info().can(Capability.SURVIVES_HOST);
    }
  }

  /** The instance that is held may end. */
  void letGo() throws IOException {
    try (Storage storage = storage()) {
      LedgerJob.letGo(storage);
    }
  }

  Ledger ledger() {
    try (Storage storage = storage()) {
      return new Ledger(LedgerJob.ledger(storage));
    }
  }

  private Storage storage() {
    return LedgerHost.make(plugins).storage(store);
  }

  /** The published outputs: name to content. */
  Map<String, String> outputs() throws IOException {
    Map<String, String> outputs = new TreeMap<>();
    try (Storage storage = storage()) {
      for (int level = 0; level < job.levels(); level++) {
        for (ObjectInfo object :
            storage.list(LedgerJob.outputs(level), Optional.empty(), PAGE).objects()) {
          try (InputStream in = storage.read(object.uri(), 0)) {
            String content = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            outputs.put(object.uri().toString(), content);
          }
        }
      }
    }
    return outputs;
  }

  /**
   * The instances whose end is in the store, with their outcome, read beside whoever has it open.
   */
  Map<String, Outcome> recorded() {
    if (Files.notExists(engine.resolve("state.db"))) {
      return Map.of();
    }
    try (Engine looking = EngineBuilder.at(engine).readOnly().open()) {
      Map<String, Outcome> recorded = new TreeMap<>();
      for (JobStatus job : looking.jobs(JobQuery.all()).items()) {
        for (TaskStatus task : looking.tasks(job.id())) {
          looking
              .instances(job.id(), task.name(), InstanceQuery.all().limit(PAGE))
              .items()
              .forEach(instance -> addIfEnded(recorded, instance));
        }
      }
      return recorded;
    } catch (EngineException e) {
      // Killed before the file was a store: there is nothing in it that could be lost.
      assertThat(e.code()).isIn(ErrorCode.STORE_UNAVAILABLE, ErrorCode.STORE_CORRUPT);
      return Map.of();
    }
  }

  private static void addIfEnded(Map<String, Outcome> recorded, InstanceStatus instance) {
    if (instance.state().isEnded()) {
      String name = instance.id().task() + "." + instance.id().index();
      recorded.put(name, instance.outcome().orElseThrow());
    }
  }

  /**
   * What was recorded before still is, and was not started again.
   *
   * @param before what was recorded
   * @param startsBefore what the ledger said of starts
   */
  void assertKept(Map<String, Outcome> before, Map<String, Integer> startsBefore)
      throws IOException {
    assertThat(recorded()).as("what was recorded").containsAllEntriesOf(before);
    Map<String, Integer> starts = ledger().starts();
    for (String instance : before.keySet()) {
      assertThat(starts.get(instance))
          .as("starts of %s, whose end was recorded", instance)
          .isEqualTo(startsBefore.get(instance));
    }
  }

  /** The job is over: all of it was run, with the outcomes and outputs that it should have. */
  void assertComplete() throws IOException {
    assertThat(ledger().ends()).as("run to the end").hasSize(job.instances());
    Map<String, Outcome> recorded = recorded();
    assertThat(recorded).hasSize(job.instances());
    recorded.forEach(
        (instance, outcome) ->
            assertThat(outcome)
                .as("outcome of %s", instance)
                .isEqualTo(new Outcome.Exited(instance.equals(job.failing()) ? 3 : 0)));
    assertThat(outputs()).as("outputs").hasSize(job.instances() - 1);
  }

  /** The one job, once it was accepted. */
  JobId job() {
    try (Engine looking = EngineBuilder.at(engine).readOnly().open()) {
      List<JobStatus> jobs = looking.jobs(JobQuery.all()).items();
      assertThat(jobs).hasSize(1);
      return jobs.get(0).id();
    }
  }

  /** Files of attempts that nobody needs any more. */
  List<Path> leftFiles() throws IOException {
    Path runs = engine.resolve("runs");
    try (Stream<Path> left = Files.walk(runs);
        Engine looking = EngineBuilder.at(engine).readOnly().open()) {
      return left.filter(Files::isRegularFile)
          .filter(file -> !isLogOfFailure(looking, runs.relativize(file)))
          .toList();
    }
  }

  /** Those stay with their job; of {@code <job>/<task>/<index>.<number>/stdout}. */
  private static boolean isLogOfFailure(Engine looking, Path file) {
    AttemptId id =
        AttemptId.parse(file.subpath(0, 2) + "/" + file.getName(2).toString().replace('.', '/'));
    return Set.of("stdout", "stderr").contains(String.valueOf(file.getFileName()))
        && looking.attempts(id.instance()).stream()
            .filter(attempt -> attempt.id().equals(id))
            .anyMatch(attempt -> !attempt.outcome().map(Outcome::isSuccess).orElse(true));
  }
}
