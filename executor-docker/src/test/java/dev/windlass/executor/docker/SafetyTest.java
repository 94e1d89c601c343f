package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a container may do, and to whom its files belong. */
@Tag("slow")
final class SafetyTest {

  @TempDir Path directory;
  private TestDaemon daemon;

  @BeforeEach
  void requireDaemon() {
    daemon = TestDaemon.shared();
  }

  private String printed(DockerExecutorConfig.Builder config, String script) {
    try (Bench bench = new Bench(directory, config.build())) {
      AttemptSpec spec = bench.shell(script);
      assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(0));
      return Bench.text(spec.stdout());
    }
  }

  @Test
  void aProgramHasNoCapabilitiesAndCanGainNone() {
    String status = printed(daemon.config(), "cat /proc/self/status");
    assertThat(status)
        .containsPattern("CapEff:\\s+0{16}")
        .containsPattern("CapBnd:\\s+0{16}")
        .containsPattern("NoNewPrivs:\\s+1")
        .containsPattern("Seccomp:\\s+2");
  }

  @Test
  void filesBelongToTheUserOfTheHostOrTheOneThatIsConfigured() throws Exception {
    try (Bench bench = new Bench(directory, daemon.config().build())) {
      AttemptSpec spec = bench.shell("echo >mine");
      bench.run(spec);
      assertThat(owner(spec)).isEqualTo(Host.user().orElseThrow());
    }
    try (Bench bench = new Bench(directory, daemon.config().user("1234:2345").build())) {
      AttemptSpec spec = bench.shell("echo >mine");
      Files.setAttribute(spec.workDirectory(), "unix:uid", 1234);
      Files.deleteIfExists(spec.workDirectory().resolve("mine"));
      bench.run(spec);
      assertThat(owner(spec)).isEqualTo("1234:2345");
    }
  }

  private static String owner(AttemptSpec spec) throws Exception {
    Path file = spec.workDirectory().resolve("mine");
    return Files.getAttribute(file, "unix:uid") + ":" + Files.getAttribute(file, "unix:gid");
  }

  @Test
  void theRootCanBeReadOnly() {
    String script =
        "echo >/here 2>/dev/null && echo written; echo x >/tmp/a && echo y >b && echo rest";
    assertThat(printed(daemon.config(), script)).isEqualTo("written\nrest\n");
    assertThat(printed(daemon.config().readOnlyRoot(true), script)).isEqualTo("rest\n");
  }

  @Test
  void theNetworkIsTheConfiguredOne() {
    assertThat(printed(daemon.config().network("none"), "ls /sys/class/net")).isEqualTo("lo\n");
  }

  @Test
  void processesAreLimited() {
    try (Bench bench = new Bench(directory, daemon.config().pidsLimit(8).build())) {
      AttemptSpec spec = bench.shell("for i in 1 2 3 4 5 6 7 8 9 10; do sleep 5 & done");
      assertThat(bench.run(spec)).isNotEqualTo(new Outcome.Exited(0));
      assertThat(Bench.text(spec.stderr())).contains("fork");
    }
  }

  @Test
  void memoryComesWithoutSwapAndProcessorsAsBooked() {
    try (Bench bench = new Bench(directory, daemon.config().build())) {
      AttemptSpec spec =
          bench.launch(
              bench.shell(
                  "echo >running; while [ ! -e gate ]; do sleep 0.05; done",
                  some -> some.resources(new Resources(500, 64 << 20, 0))));
      bench.awaitFile(spec, "running");
      assertThat(
              daemon.docker(
                  "inspect",
                  "-f",
                  "{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.NanoCpus}}",
                  bench.container(spec)))
          .isEqualTo((64 << 20) + " " + (64 << 20) + " 500000000");
      bench.openGate(spec);
      bench.outcome(spec);
    }
  }

  @Test
  void theSocketOfTheDockerEngineIsNeverBound() {
    try (Bench bench = new Bench(directory, daemon.config().build())) {
      Path socket = Path.of(daemon.host().substring("unix://".length()));
      for (Path host : List.of(socket, socket.getParent())) {
        AttemptSpec spec =
            bench.shell(
                "true", some -> some.bindings(List.of(new PathBinding(host, "/bound", false))));
        assertThatThrownBy(() -> bench.launch(spec))
            .isInstanceOfSatisfying(
                EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
            .hasMessageContaining("socket");
      }
    }
  }

  @Test
  void aLinkInTheWorkingDirectoryIsNotBoundOver() throws Exception {
    try (Bench bench = new Bench(directory, daemon.config().build())) {
      Path bound = Files.createDirectory(directory.resolve("bound"));
      AttemptSpec spec =
          bench.shell(
              "true", some -> some.bindings(List.of(new PathBinding(bound, "in/data", false))));
      Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
      Files.createSymbolicLink(spec.workDirectory().resolve("in"), elsewhere);
      assertThat(bench.run(spec)).isInstanceOf(Outcome.Refused.class);
      assertThat(elsewhere).isEmptyDirectory();
    }
  }

  @Test
  void theRootCannotBeReadOnlyWhereFilesAreCopied() {
    try (TcpToUnix proxy = TcpToUnix.to(daemon.host())) {
      DockerExecutorConfig.Builder remote =
          DockerExecutorConfig.builder()
              .host(proxy.host())
              .defaultImage(TestDaemon.IMAGE)
              .readOnlyRoot(true);
      assertThatThrownBy(() -> DockerExecutor.create(remote.build()))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
          .hasMessageContaining("sharedFiles");
      assertThat(printed(remote.sharedFiles(true), "echo there")).isEqualTo("there\n");
    }
  }

  @Test
  void whereNoEngineAnswersTheMessageSaysWhatToDo() {
    DockerExecutorConfig nowhere =
        DockerExecutorConfig.builder().host("unix://" + directory.resolve("none.sock")).build();
    assertThatThrownBy(() -> DockerExecutor.create(nowhere))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("none.sock")
        .hasMessageContaining("DOCKER_HOST");
  }
}
