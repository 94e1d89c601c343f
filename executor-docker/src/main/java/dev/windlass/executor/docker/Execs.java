package dev.windlass.executor.docker;

import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.transport.DockerHttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What the Docker engine runs inside containers that run already. Throws as {@link Daemon} does,
 * and is as safe for several threads.
 */
final class Execs {

  /** How long what is run for our own ends may take. */
  private static final Duration SHORT_RUN = Duration.ofSeconds(30);

  private static final Duration SHORT_PAUSE = Duration.ofMillis(4);

  private final Daemon daemon;

  Execs(Daemon daemon) {
    this.daemon = daemon;
  }

  /**
   * Makes an exec, which is not started.
   *
   * @return the Docker engine's id of it
   * @throws NotFoundException if the container is not there
   * @throws ConflictException if it does not run
   */
  String make(String container, NodeProgram.Exec exec) {
    return daemon
        .calls()
        .within(
            () -> {
              var command =
                  daemon
                      .docker()
                      .execCreateCmd(container)
                      .withCmd(exec.command().toArray(String[]::new))
                      .withEnv(
                          exec.variables().entrySet().stream()
                              .map(variable -> variable.getKey() + "=" + variable.getValue())
                              .toList());
              return command.exec().getId();
            });
  }

  /** Starts an exec, and does not wait for its end. One that was started stays as it is. */
  void start(String id) {
    daemon
        .calls()
        .within(
            () -> {
              DockerHttpClient.Request request =
                  DockerHttpClient.Request.builder()
                      .method(DockerHttpClient.Request.Method.POST)
                      .path("/exec/" + id + "/start")
                      .putHeader("Content-Type", "application/json")
                      .bodyBytes("{\"Detach\":true}".getBytes(StandardCharsets.UTF_8))
                      .build();
              try (DockerHttpClient.Response response = daemon.http().execute(request)) {
                String answer =
                    new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
                int status = response.getStatusCode();
                if (status >= 300 && status != 409) {
                  throw status == 404
                      ? new NotFoundException(answer)
                      : new DockerException(answer, status);
                }
                return Boolean.TRUE;
              }
            });
  }

  /** Says whether an exec runs; empty if the engine knows nothing of it, as after its restart. */
  Optional<Boolean> isRunning(String id) {
    return inspect(id).map(exec -> Boolean.TRUE.equals(exec.isRunning()));
  }

  private Optional<InspectExecResponse> inspect(String id) {
    return daemon
        .calls()
        .within(
            () -> {
              try {
                return Optional.of(daemon.docker().inspectExecCmd(id).exec());
              } catch (NotFoundException e) {
                return Optional.<InspectExecResponse>empty();
              }
            });
  }

  /**
   * Runs something short in a container, to its end. Throws as {@link #make} does too.
   *
   * @return its exit code
   */
  int run(String container, NodeProgram.Exec what) {
    String id = make(container, what);
    start(id);
    long deadline = System.nanoTime() + SHORT_RUN.toNanos();
    while (System.nanoTime() - deadline < 0) {
      InspectExecResponse state =
          inspect(id)
              .orElseThrow(
                  () -> new DaemonSilentException("the Docker engine forgot an exec", null));
      if (!Boolean.TRUE.equals(state.isRunning())) {
        Long code = state.getExitCodeLong();
        return code == null ? 1 : code.intValue();
      }
      LockSupport.parkNanos(SHORT_PAUSE.toNanos());
    }
    throw new DaemonSilentException("what was run in " + container + " does not end", null);
  }
}
