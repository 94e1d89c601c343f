package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.executor.docker.TestDaemon;
import dev.windlass.system.WindlassCommand.Result;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The windlass command with containers, on a real Docker engine. */
@Timeout(180)
final class DockerTest {

  @TempDir private Path directory;

  private TestDaemon daemon;
  private WindlassCommand windlass;

  @BeforeEach
  void makeCommand() {
    daemon = TestDaemon.shared();
    windlass = new WindlassCommand(directory, Map.of("DOCKER_HOST", daemon.host()));
  }

  @Test
  void theExampleRunsUnchangedInContainers() {
    Path example = Checkout.copy("examples/log-count", directory.resolve("log-count"));

    Result result =
        windlass.run(
            "run", "--executor", "docker", "--image", TestDaemon.IMAGE, "log-count/job.json");

    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    assertThat(example.resolve("store/log-count/output/result.json"))
        .hasContent("{\"INFO\": 2460, \"WARN\": 2448, \"ERROR\": 2583, \"DEBUG\": 2509}");
    assertThat(daemon.containers()).isEmpty();
    String soon = Long.toString(Instant.now().getEpochSecond() + 1);
    assertThat(daemon.docker("events", "--since", "1h", "--until", soon, "--filter", "event=start"))
        .as("containers that were started")
        .hasLineCount(5);
  }

  @Test
  void aJobWithoutAnImageIsToldWhatToDo() {
    Checkout.copy("examples/log-count", directory.resolve("log-count"));

    Result result = windlass.run("run", "--executor", "docker", "log-count/job.json");

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.err()).contains("names no container image").contains("Command.Docker.Image");
  }

  @Test
  void anImageWithoutContainersIsAMistake() {
    Checkout.copy("examples/log-count", directory.resolve("log-count"));

    Result result = windlass.run("run", "--image", "x:1", "log-count/job.json");

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.err()).contains("--executor docker");
  }
}
