package dev.windlass.cli;

import dev.windlass.cluster.InstanceTypes;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.Executor;
import dev.windlass.executor.docker.DockerExecutor;
import dev.windlass.executor.docker.DockerExecutorConfig;
import dev.windlass.executor.docker.PullListener;
import dev.windlass.executor.local.LocalExecutor;
import dev.windlass.executor.local.LocalExecutorConfig;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that say where programs run.
 *
 * <p>The engine's directory remembers them in a file, so that {@code resume} finds the executors
 * that {@code run} was given. Local processes are always there, beside what else is used.
 */
final class Executors {

  private static final String FILE = "executors.properties";
  private static final String LOCAL = LocalExecutorConfig.DEFAULT_NAME;
  private static final String DOCKER = DockerExecutorConfig.DEFAULT_NAME;

  @Option(
      names = "--executor",
      paramLabel = "NAME",
      description =
          "Where tasks run that do not say so themselves: local, as processes of this host, or"
              + " docker, as containers of the Docker engine that DOCKER_HOST names or that of this"
              + " host. By default as last time in this home, and local at first.")
  private @Nullable String given;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "The container image for tasks that name none; with --executor docker.")
  private @Nullable String image;

  @Option(
      names = "--exact-types",
      description =
          "Refuse jobs whose instance types this host is too small for. By default such types are"
              + " cut down to what it has.")
  private boolean exactTypes;

  private final Fetches fetches = new Fetches();

  /**
   * What is used.
   *
   * @param names of the executors, the one for tasks that name none first
   * @param image for tasks that name none, if there is one
   */
  record Choice(List<String> names, Optional<String> image) {

    /**
     * Makes them, in order.
     *
     * @param fetches hears how images are fetched
     */
    List<Executor> create(PullListener fetches) {
      List<Executor> executors = new ArrayList<>();
      for (String name : names) {
        executors.add(name.equals(DOCKER) ? docker(fetches) : LocalExecutor.create());
      }
      return executors;
    }

    private Executor docker(PullListener fetches) {
      DockerExecutorConfig.Builder config = DockerExecutorConfig.builder().pullListener(fetches);
      image.ifPresent(config::defaultImage);
      return DockerExecutor.create(config.build());
    }

    /** Writes them down for the next time in this home. */
    void remember(Path home) throws IOException {
      Properties properties = new Properties();
      properties.setProperty("executors", String.join(",", names));
      image.ifPresent(name -> properties.setProperty("image", name));
      try (Writer writer = Files.newBufferedWriter(home.resolve(FILE))) {
        properties.store(writer, null);
      }
    }
  }

  /** What there is to say about images that are being fetched. */
  Fetches fetches() {
    return fetches;
  }

  /** What is given; else what was used last in this home; else local processes. */
  Choice choose(Path home) {
    Choice before = remembered(home);
    Set<String> names = new LinkedHashSet<>();
    if (given != null) {
      names.add(checked(given));
    }
    names.addAll(before.names());
    if (image != null && !names.iterator().next().equals(DOCKER)) {
      throw new UsageException("--image is for containers; give --executor docker too");
    }
    return new Choice(List.copyOf(names), image != null ? Optional.of(image) : before.image());
  }

  /**
   * What instance types mean on this host.
   *
   * @param first the executor of tasks that name none
   */
  InstanceTypes types(Executor first) {
    InstanceTypes all = InstanceTypes.builtIn();
    return exactTypes ? all : all.atMost(first.info().capacity());
  }

  private static String checked(String name) {
    if (!name.equals(LOCAL) && !name.equals(DOCKER)) {
      throw new UsageException("--executor " + name + ": there are " + LOCAL + " and " + DOCKER);
    }
    return name;
  }

  private static Choice remembered(Path home) {
    Path file = home.resolve(FILE);
    if (!Files.exists(file)) {
      return new Choice(List.of(LOCAL), Optional.empty());
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.DIRECTORY_UNUSABLE, file.toString(), "cannot read " + file + ": " + e, e);
    }
    return new Choice(
        List.of(properties.getProperty("executors", LOCAL).split(",")),
        Optional.ofNullable(properties.getProperty("image")));
  }
}
