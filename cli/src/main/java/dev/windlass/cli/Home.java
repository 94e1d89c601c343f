package dev.windlass.cli;

import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.SecretProvider;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.control.ControlSocket;
import dev.windlass.control.EngineControl;
import dev.windlass.core.EngineBuilder;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.Executor;
import dev.windlass.job.State;
import dev.windlass.storage.directory.DirectoryStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which engine is meant, and the ways to open it. */
final class Home {

  /** Said by every command that changes something in an engine. */
  static final String WHERE_IT_IS_DONE =
      "If another process runs the jobs of this home it is done there; else it is done here, and"
          + " jobs that are not over go on meanwhile.";

  private static final String DEFAULT = ".windlass";

  /** How long one process may take to open or close an engine, before it is one in the way. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "The engine's directory (default: $$WINDLASS_HOME, or .windlass).")
  private @Nullable Path home;

  @Option(
      names = "--store",
      paramLabel = "SCHEME=DIR",
      description =
          "Serve the URIs of a scheme from a directory; repeatable. By default oss and s3 are"
              + " served from the folder 'store' beside the job, if there is one, as last time in"
              + " this home, or from DIR/store of the home.")
  private Map<String, Path> given = new LinkedHashMap<>();

  @Option(
      names = "--secrets",
      paramLabel = "DIR",
      description =
          "Give programs the secrets that lie in this directory, a file each (default:"
              + " $$WINDLASS_SECRETS, or none).")
  private @Nullable Path secrets;

  /** The engine's directory, absolute. */
  Path directory() {
    if (home != null) {
      return home.toAbsolutePath().normalize();
    }
    String variable = System.getenv().getOrDefault("WINDLASS_HOME", "");
    return Path.of(variable.isEmpty() ? DEFAULT : variable).toAbsolutePath().normalize();
  }

  /** Opens the engine to look at what it holds, also while another process runs it. */
  Session openToRead() {
    requireExisting();
    Stores stores = Stores.choose(directory(), given, Optional.empty());
    return Session.toLook(reader(stores), stores, InstanceTypes.builtIn());
  }

  /**
   * Opens the engine to look at what waits, and for what; the executors are asked only what they
   * offer.
   */
  Session openToExplain(Executors executors) {
    requireExisting();
    Stores stores = Stores.choose(directory(), given, Optional.empty());
    EngineBuilder builder = withStores(stores.existing());
    List<Executor> made = executors.choose(directory()).create(executors.fetches());
    made.forEach(builder::executor);
    InstanceTypes types = executors.types(made.get(0));
    return Session.toLook(builder.instanceTypes(types).readOnly().open(), stores, types);
  }

  /**
   * Reaches the process that has the engine open; if there is none, opens the engine and takes up
   * whatever is not over. A process that is just coming or going is waited for.
   */
  Session openToOperate(Executors executors) {
    requireExisting();
    String holder = "";
    long end = 0;
    while (true) {
      Optional<Session> beside = openBeside(executors);
      if (beside.isPresent()) {
        return beside.get();
      }
      try {
        return openToResume(executors);
      } catch (EngineException e) {
        String holds = String.valueOf(e.getMessage()); // names the process
        if (e.code() != ErrorCode.DIRECTORY_IN_USE) {
          throw e;
        } else if (!holds.equals(holder)) {
          holder = holds;
          end = System.nanoTime() + PATIENCE.toNanos();
        } else if (System.nanoTime() - end >= 0) {
          throw new EngineException(
              e.code(), e.subject(), holds + ", which offers no control socket", e);
        }
      }
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
  }

  /** Empty if no process serves the engine. */
  private Optional<Session> openBeside(Executors executors) {
    Optional<EngineControl> probe = EngineControl.connect(directory());
    if (probe.isEmpty()) {
      return Optional.empty();
    }
    probe.get().close();
    Session look = openToExplain(executors);
    boolean reached = false;
    try {
      // Last: a process that is about to leave waits for whoever is connected, and not for long.
      Optional<EngineControl> host = EngineControl.connect(directory());
      reached = host.isPresent();
      return host.map(
          control ->
              new Session(look.engine(), control, Optional.empty(), look.stores(), look.types()));
    } finally {
      if (!reached) {
        look.close();
      }
    }
  }

  /** Opens the engine and takes up whatever is not over. */
  Session openToResume(Executors executors) {
    requireExisting();
    return open(Stores.choose(directory(), given, Optional.empty()), executors);
  }

  /** Opens the engine, made if absent, for a job that lies in a file. */
  Session openToRun(Path jobFile, Executors executors) {
    return open(Stores.choose(directory(), given, Optional.of(jobFile)), executors);
  }

  private Session open(Stores stores, Executors executors) {
    Path directory = directory();
    Optional<Stores> before = Stores.remembered(directory);
    if (before.isPresent() && before.get().contradicts(stores)) {
      requireNothingUnfinished(before.get());
    }
    stores.createDefault(directory);
    stores.requireExisting();
    Executors.Choice chosen = executors.choose(directory);
    EngineBuilder builder = withStores(stores);
    List<Executor> made = chosen.create(executors.fetches());
    made.forEach(builder::executor);
    InstanceTypes types = executors.types(made.get(0));
    Engine engine = builder.instanceTypes(types).open();
    try {
      stores.remember(directory);
      chosen.remember(directory);
      return new Session(engine, EngineControl.of(engine), serve(engine), stores, types);
    } catch (IOException e) {
      engine.close();
      throw new EngineException(
          ErrorCode.DIRECTORY_UNUSABLE, directory.toString(), "cannot write: " + e, e);
    }
  }

  /** Jobs run as well where a file system has no sockets. */
  private Optional<ControlSocket> serve(Engine engine) {
    try {
      return Optional.of(ControlSocket.serve(engine, directory()));
    } catch (EngineException e) {
      System.err.println("windlass: other processes can only look on: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Jobs that are taken up again must find the stores they were submitted with. */
  private void requireNothingUnfinished(Stores before) {
    try (Engine engine = reader(before)) {
      for (State state : List.of(State.WAITING, State.RUNNING)) {
        if (!engine.jobs(JobQuery.all().inState(state).limit(1)).items().isEmpty()) {
          throw new UsageException(
              directory()
                  + " holds jobs that are not over and use other stores ("
                  + before
                  + "); run 'windlass resume' first, or take another --home");
        }
      }
    }
  }

  /** A store that is not there hides the logs in it, and nothing else. */
  private Engine reader(Stores stores) {
    return withStores(stores.existing()).readOnly().open();
  }

  private EngineBuilder withStores(Stores stores) {
    EngineBuilder builder = EngineBuilder.at(directory());
    stores
        .directories()
        .forEach((scheme, root) -> builder.storage(scheme, DirectoryStorage.at(root)));
    secrets().map(SecretProvider::ofDirectory).ifPresent(builder::secrets);
    return builder;
  }

  private Optional<Path> secrets() {
    String variable = System.getenv().getOrDefault("WINDLASS_SECRETS", "");
    return Optional.ofNullable(secrets)
        .or(() -> Optional.of(variable).filter(text -> !text.isEmpty()).map(Path::of));
  }

  private void requireExisting() {
    if (!Files.isDirectory(directory())) {
      throw new UsageException(
          "there is no engine in " + directory() + "; give its directory with --home");
    }
  }
}
