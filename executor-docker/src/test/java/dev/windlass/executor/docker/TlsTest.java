package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.error.EngineException;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Docker engine that takes orders by TLS from whoever has a certificate. */
@Tag("slow")
final class TlsTest {

  /** An authority, and a certificate of it for the engine and one for its users. */
  private static final String CERTIFICATES =
      """
      set -e
      openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca-key.pem -out ca.pem
      for who in server client; do
        mkdir $who
        openssl req -newkey rsa:2048 -nodes -subj /CN=$who -keyout $who/key.pem -out $who/request
        printf 'subjectAltName=IP:127.0.0.1\\nextendedKeyUsage=%sAuth' $who >$who/extensions
        openssl x509 -req -days 2 -in $who/request -CA ca.pem -CAkey ca-key.pem -CAcreateserial \\
          -extfile $who/extensions -out $who/cert.pem
        cp ca.pem $who
      done
      """;

  @TempDir Path directory;

  private void makeCertificates() throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder("sh", "-c", CERTIFICATES)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
    } catch (IOException e) {
      throw new AssertionError("there is no sh", e);
    }
    boolean over = process.waitFor(1, TimeUnit.MINUTES);
    String log = Files.readString(directory.resolve("log"));
    Assumptions.assumeFalse(log.contains("openssl: not found"), "there is no openssl");
    assertThat(over && process.exitValue() == 0).as(log).isTrue();
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  @Test
  void attemptsRunByTlsForWhoHasACertificateAndForNobodyElse() throws Exception {
    TestDaemon.require();
    makeCertificates();
    String host = "tcp://127.0.0.1:" + freePort();
    Path server = directory.resolve("server");
    try (TestDaemon daemon =
        TestDaemon.begin(
            "--host=" + host,
            "--tlsverify",
            "--tlscacert=" + server.resolve("ca.pem"),
            "--tlscert=" + server.resolve("cert.pem"),
            "--tlskey=" + server.resolve("key.pem"))) {
      DockerExecutorConfig.Builder config =
          DockerExecutorConfig.builder().host(host).defaultImage(TestDaemon.IMAGE);
      try (Bench bench =
          new Bench(directory, config.certificates(directory.resolve("client")).build())) {
        AttemptSpec spec = bench.shell("cat given >taken; echo said; exit 5");
        Files.writeString(spec.workDirectory().resolve("given"), "content");
        assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(5));
        assertThat(spec.stdout()).hasContent("said");
        assertThat(spec.workDirectory().resolve("taken")).hasContent("content");
      }
      assertThat(daemon.containers()).isEmpty();
      DockerExecutorConfig unknown = DockerExecutorConfig.builder().host(host).build();
      assertThatThrownBy(() -> DockerExecutor.create(unknown))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining(host.substring("tcp://".length()));
    }
  }
}
