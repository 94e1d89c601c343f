package dev.windlass.executor.docker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Docker engine, as far as we need it: each call with a deadline, and containers by name.
 *
 * <p>All methods throw {@link DaemonSilentException} if there is no answer, and docker-java's
 * {@code DockerException} if the answer is an error that is not part of their contract. Safe for
 * several threads.
 */
final class Daemon implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Enough for a path of the longest kind, below the engine's own directory, and what is wrong with
   * it.
   */
  private static final int MOST_ERROR_BYTES = 16 * 1024;

  private final DockerClientConfig client;
  private final DockerHttpClient http;
  private final DockerClient docker;
  private final Calls calls;
  private final Duration callTimeout;
  private final boolean sharedFiles;
  private final Credentials credentials;

  Daemon(DockerExecutorConfig config) {
    DefaultDockerClientConfig.Builder settings =
        DefaultDockerClientConfig.createDefaultConfigBuilder();
    config.host().ifPresent(settings::withDockerHost);
    config
        .certificates()
        .ifPresent(
            folder -> settings.withDockerTlsVerify(true).withDockerCertPath(folder.toString()));
    config.dockerConfig().ifPresent(folder -> settings.withDockerConfig(folder.toString()));
    DefaultDockerClientConfig built = settings.build();
    this.client = built;
    this.credentials =
        new Credentials(
            Path.of(built.getDockerConfigPath()),
            name -> "docker-credential-" + name,
            image -> Optional.ofNullable(built.effectiveAuthConfig(image)));
    this.http =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(client.getDockerHost())
            .sslConfig(client.getSSLConfig())
            .connectionTimeout(config.callTimeout())
            .build();
    this.docker = DockerClientImpl.getInstance(client, http);
    this.sharedFiles = config.sharedFiles().orElse(isLocal());
    this.callTimeout = config.callTimeout();
    this.calls = new Calls("windlass-" + config.name(), config.callTimeout());
  }

  /** Where it is, for messages. */
  String address() {
    return client.getDockerHost().toString();
  }

  /** True if it is reached through a socket of this host. */
  boolean isLocal() {
    return client.getDockerHost().getScheme().equals("unix");
  }

  /** True if it sees this host's files at the same paths. */
  boolean sharesFiles() {
    return sharedFiles;
  }

  /** The path of its socket, if it has one. */
  Optional<String> socket() {
    return isLocal() ? Optional.of(client.getDockerHost().getPath()) : Optional.empty();
  }

  /** What to show to registries. */
  Credentials credentials() {
    return credentials;
  }

  DockerClient docker() {
    return docker;
  }

  Calls calls() {
    return calls;
  }

  /** The connection, for requests that the client does not know. */
  DockerHttpClient http() {
    return http;
  }

  Info info() {
    return calls.within(() -> docker.infoCmd().exec());
  }

  // --- Containers ------------------------------------------------------------------------------

  /**
   * Makes a container.
   *
   * @throws com.github.dockerjava.api.exception.ConflictException if the name is taken
   * @throws NotFoundException if there is no such image
   */
  void create(String image, UnaryOperator<CreateContainerCmd> plan) {
    calls.within(() -> plan.apply(docker.createContainerCmd(image)).exec());
  }

  /** Starts a container. One that is started already stays as it is; one that ended runs again! */
  void start(String name) {
    calls.within(
        () -> {
          try {
            return docker.startContainerCmd(name).exec();
          } catch (NotModifiedException e) {
            LOG.debug("{} was started already", name);
            return null;
          }
        });
  }

  /** A container that is ours; a stranger's of the same name counts as absent. */
  ContainerState inspect(String name, Labels ours) {
    ContainerState state = inspect(name);
    return ours.owns(state.labels()) ? state : ContainerState.ABSENT;
  }

  private ContainerState inspect(String name) {
    try {
      return get(
          "/containers/" + name + "/json",
          callTimeout,
          response -> ContainerState.of(JSON.readTree(response.getBody())));
    } catch (NotFoundException e) {
      return ContainerState.ABSENT;
    }
  }

  /**
   * Says whether the init of a container has begun the program: from then on it passes signals on.
   * Before that the kernel drops those that pid 1 does not handle.
   *
   * @return true also for a container that does not run; empty if the engine cannot tell, for want
   *     of {@code ps} on its machine
   */
  Optional<Boolean> hasProgram(String name) {
    return calls.within(
        () -> {
          try {
            String[][] processes = docker.topContainerCmd(name).exec().getProcesses();
            // Null if the last of them ended just then.
            return Optional.of(processes == null || processes.length > 1);
          } catch (NotFoundException | ConflictException e) {
            return Optional.of(true);
          } catch (DockerException e) {
            LOG.debug("the processes of {} cannot be listed", name, e);
            return Optional.empty();
          }
        });
  }

  /** Sends a signal; does nothing if the container does not run. */
  void signal(String name, String signal) {
    calls.within(
        () -> {
          try {
            return docker.killContainerCmd(name).withSignal(signal).exec();
          } catch (NotFoundException | ConflictException e) {
            LOG.debug("{} does not run any more", name);
            return null;
          }
        });
  }

  /** Removes a container of ours with its volumes, killing it if it runs. Absent is well. */
  void remove(String name, Labels ours) {
    ContainerState state = inspect(name, ours);
    if (state.phase() != ContainerState.Phase.ABSENT) {
      remove(state.id());
    }
  }

  /** The same by the Docker engine's own id, which is never anybody else's. */
  void remove(String id) {
    calls.within(
        () -> {
          try {
            return docker.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
          } catch (NotFoundException e) {
            return null;
          }
        });
  }

  /**
   * Removes a container, by its id, unless it runs.
   *
   * @return false if it runs, or is being removed by somebody else
   */
  boolean removeUnlessRunning(String id) {
    return calls.within(
        () -> {
          try {
            docker.removeContainerCmd(id).withRemoveVolumes(true).exec();
            return true;
          } catch (NotFoundException e) {
            return true;
          } catch (ConflictException e) {
            return false;
          }
        });
  }

  /** The labels of all containers, in whatever state, that carry the given labels. */
  List<Map<String, String>> labelsOfContainers(Map<String, String> labels) {
    return calls.within(
        () ->
            docker.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec().stream()
                .map(container -> (Map<String, String>) new HashMap<>(container.getLabels()))
                .toList());
  }

  /** Says whether there is a container, whoever made it. */
  boolean exists(String id) {
    return inspect(id).phase() != ContainerState.Phase.ABSENT;
  }

  /**
   * Unpacks a tar at the root of a container.
   *
   * @param tar is read to its end; an exception while it is read ends the call
   * @param most how long it may take
   * @param stop asked often; true gives up
   * @throws NotFoundException if there is no such container
   */
  void putArchive(String container, InputStream tar, Duration most, BooleanSupplier stop) {
    calls.within(
        most,
        stop,
        () -> {
          try (var command = docker.copyArchiveToContainerCmd(container)) {
            return command.withRemotePath("/").withTarInputStream(tar).exec();
          }
        });
  }

  // --- Images ----------------------------------------------------------------------------------

  /** The image of a name or id, if the engine has it. */
  Optional<InspectImageResponse> image(String reference) {
    return calls.within(
        () -> {
          try {
            return Optional.of(docker.inspectImageCmd(reference).exec());
          } catch (NotFoundException e) {
            return Optional.<InspectImageResponse>empty();
          }
        });
  }

  /** Loads what {@code docker save} wrote. */
  void load(Path archive, Duration most) {
    calls.within(
        most,
        () -> {
          try (InputStream content = Files.newInputStream(archive)) {
            return docker.loadImageCmd(content).exec();
          }
        });
  }

  // --- Streams ---------------------------------------------------------------------------------

  /**
   * Answers a GET, whole or up to where the reader stops.
   *
   * @param path path and query, without a version
   * @param most how long it may take from the first byte to the last
   * @throws NotFoundException if the answer is 404
   */
  <T> T get(String path, Duration most, Reader<T> reader) {
    return get(path, most, () -> false, reader);
  }

  /** The same, given up when that is asked for. */
  <T> T get(String path, Duration most, BooleanSupplier stop, Reader<T> reader) {
    return calls.within(
        most,
        stop,
        () -> {
          DockerHttpClient.Request request =
              DockerHttpClient.Request.builder()
                  .method(DockerHttpClient.Request.Method.GET)
                  .path(path)
                  .build();
          try (DockerHttpClient.Response response = http.execute(request)) {
            if (response.getStatusCode() == 404) {
              throw new NotFoundException("GET " + path);
            }
            if (response.getStatusCode() >= 300) {
              throw new DockerException(
                  "GET " + path + ": " + beginning(response.getBody()), response.getStatusCode());
            }
            return take(path, reader, response);
          }
        });
  }

  /** Where a reader writes files, it may as well be this host that fails. */
  private static <T> T take(String path, Reader<T> reader, DockerHttpClient.Response response) {
    try {
      return reader.read(response);
    } catch (IOException e) {
      throw new DaemonSilentException(
          "what the Docker engine answers to GET " + path + " could not be taken in: " + e, e);
    }
  }

  /** What the engine says is wrong. */
  private static String beginning(InputStream body) throws IOException {
    return new String(body.readNBytes(MOST_ERROR_BYTES), StandardCharsets.UTF_8).strip();
  }

  /** Takes what is of interest from an answer. */
  @FunctionalInterface
  interface Reader<T> {
    T read(DockerHttpClient.Response response) throws IOException;
  }

  /**
   * Follows what happens to containers with the given labels: their starts, ends and removals,
   * signals to them, and the ends of what is executed in them. What else the engine tells is not
   * asked for, since it costs both sides something.
   *
   * @param since seconds and nanoseconds of the first event to be told, as the engine writes them
   * @param each gets every event, on a thread of the stream
   * @param broken is run once when the stream has ended, however it came
   * @return ends the stream
   */
  Closeable events(
      Map<String, String> labels, String since, Consumer<Event> each, Runnable broken) {
    var command =
        docker
            .eventsCmd()
            .withEventTypeFilter(EventType.CONTAINER)
            .withEventFilter("start", "kill", "die", "destroy", "exec_die")
            .withLabelFilter(labels)
            .withSince(since);
    return command.exec(
        new ResultCallback.Adapter<Event>() {
          @Override
          public void onNext(Event event) {
            each.accept(event);
          }

          /** Without what the superclass does, which is to log it as an error of ours. */
          @Override
          public void onError(Throwable thrown) {
            LOG.debug("the event stream broke", thrown);
            try {
              close();
            } catch (IOException e) {
              LOG.debug("the event stream did not close", e);
            }
            broken.run();
          }

          @Override
          public void onComplete() {
            super.onComplete();
            broken.run();
          }
        });
  }

  @Override
  public void close() {
    calls.close();
    try {
      docker.close();
    } catch (IOException e) {
      LOG.debug("the client did not close", e);
    }
  }
}
