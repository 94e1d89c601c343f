package dev.windlass.cli;

import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.SecretProvider;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.core.EngineBuilder;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.Executor;
import dev.windlass.job.State;
import dev.windlass.storage.directory.DirectoryStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which engine is meant, and the ways to open it. */
final class Home {

  private static final String DEFAULT = ".windlass";

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
    return new Session(reader(stores), stores, InstanceTypes.builtIn());
  }

  /**
   * Opens the engine to look at what waits, and for what; the executors are asked only what they
   * offer.
   */
  Session openToExplain(Executors executors) {
    requireExisting();
    Stores stores = Stores.choose(directory(), given, Optional.empty());
    EngineBuilder builder = withStores(stores.existing());
    List<Executor> made = executors.choose(directory()).create();
    made.forEach(builder::executor);
    InstanceTypes types = executors.types(made.get(0));
    return new Session(builder.instanceTypes(types).readOnly().open(), stores, types);
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
    List<Executor> made = chosen.create();
    made.forEach(builder::executor);
    InstanceTypes types = executors.types(made.get(0));
    Engine engine = builder.instanceTypes(types).open();
    try {
      stores.remember(directory);
      chosen.remember(directory);
      return new Session(engine, stores, types);
    } catch (IOException e) {
      engine.close();
      throw new EngineException(
          ErrorCode.DIRECTORY_UNUSABLE, directory.toString(), "cannot write: " + e, e);
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
