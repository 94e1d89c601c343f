package dev.windlass.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.Engine;
import dev.windlass.JobOperation;
import dev.windlass.core.EngineBuilder;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that are broken or mean harm. Whatever they do, the host drops them, the engine goes on,
 * and the next client is served.
 */
@Tag("slow")
@Timeout(60)
class HostileClientTest {
  private static final int CLIENTS = ControlSocket.MOST_CONNECTIONS;

  /** So short that a test can wait for its end; and longer than any answer takes. */
  private static final Duration SHORT = Duration.ofMillis(700);

  @TempDir Path directory;

  private final List<SocketChannel> clients = new ArrayList<>();
  private Engine engine;
  private ControlSocket socket;
  private JobId job;

  @BeforeEach
  void open() {
    engine =
        EngineBuilder.at(directory)
            .executor(
                FunctionExecutor.builder("functions")
                    .function(
                        "slow",
                        run -> {
                          Thread.sleep(Duration.ofMinutes(1).toMillis());
                          return 0;
                        })
                    .build())
            .open();
    job =
        engine.submit(
            JobDescription.builder("job")
                .task("only", TaskDescription.builder(Command.of("slow")).build())
                .build());
    socket =
        ControlSocket.serve(
            engine, directory, new Patience(SHORT, SHORT, Duration.ofSeconds(30), SHORT));
  }

  @AfterEach
  void close() throws IOException {
    for (SocketChannel client : clients) {
      client.close();
    }
    socket.close();
    engine.close();
  }

  private SocketChannel client() throws IOException {
    SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
    clients.add(client);
    client.connect(UnixDomainSocketAddress.of(directory.resolve("control.sock")));
    return client;
  }

  private static void send(SocketChannel client, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      client.write(buffer);
    }
  }

  private static void send(SocketChannel client, String text) throws IOException {
    send(client, text.getBytes(StandardCharsets.UTF_8));
  }

  /** All that the host says until it drops the client. */
  private static String heard(SocketChannel client) {
    StringBuilder heard = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.allocate(10_000);
    try {
      while (client.read(buffer.clear()) >= 0) {
        heard.append(StandardCharsets.UTF_8.decode(buffer.flip()));
      }
    } catch (IOException e) {
      heard.append("(reset)");
    }
    return heard.toString();
  }

  private void assertUnharmed() {
    await()
        .untilAsserted(
            () -> {
              try (EngineControl next = EngineControl.connect(directory).orElseThrow()) {
                next.manage(job, new JobOperation.SetPriority(3), "");
              }
            });
    assertThat(engine.job(job).state()).isNotEqualTo(State.STOPPED);
    assertThat(engine.job(job).priority()).isEqualTo(3);
  }

  private String stop() {
    return "{\"request\":\"MANAGE\",\"job\":\""
        + job
        + "\",\"operation\":{\"kind\":\"STOP\"},\"reason\":\"\"}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "\n",
        "null\n",
        "[]\n",
        "{\"request\":\"MANAGE\"\n",
        "{} {}\n",
        "{\"request\":\"a\",\"request\":\"b\"}\n"
      })
  void whoDoesNotSpeakTheProtocolIsToldSoAndDropped(String garbage) throws IOException {
    SocketChannel client = client();
    send(client, garbage);
    assertThat(heard(client)).contains("\"version\":1", "refused", "MALFORMED");
    assertUnharmed();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"request\":\"SHUT_DOWN\"}",
        "{\"request\":7}",
        "{\"request\":\"MANAGE\",\"job\":null}",
        "{\"request\":\"MANAGE\",\"job\":\"../x\",\"operation\":{\"kind\":\"STOP\"},\"reason\":\"\"}",
        "{\"request\":\"MANAGE\",\"job\":\"JOB\",\"operation\":{\"kind\":\"BURN\"},\"reason\":\"\"}",
        "{\"request\":\"MANAGE\",\"job\":\"JOB\",\"operation\":[],\"reason\":\"\"}",
        "{\"request\":\"MANAGE\",\"job\":\"JOB\",\"operation\":{\"kind\":\"STOP\"}}",
        "{\"request\":\"MANAGE\",\"job\":\"JOB\",\"operation\":{\"kind\":\"STOP\"},\"reason\":\"\","
            + "\"dry\":true}",
        "{\"request\":\"MANAGE\",\"job\":\"JOB\",\"operation\":{\"kind\":\"STOP\",\"soft\":1},"
            + "\"reason\":\"\"}",
        "{\"request\":\"MANAGE\",\"job\":\"JOB\",\"operation\":{\"kind\":\"SET_PRIORITY\","
            + "\"priority\":99999999999},\"reason\":\"\"}",
        "{\"request\":\"MANAGE_ALL\",\"jobs\":{\"limit\":0},\"operation\":{\"kind\":\"STOP\"},"
            + "\"reason\":\"\"}",
        "{\"request\":\"MANAGE_ALL\",\"jobs\":{\"limit\":1,\"states\":[\"ANY\"]},"
            + "\"operation\":{\"kind\":\"STOP\"},\"reason\":\"\"}",
        "{\"request\":\"MANAGE_ALL\",\"jobs\":{\"limit\":1,\"createdFrom\":\"today\"},"
            + "\"operation\":{\"kind\":\"STOP\"},\"reason\":\"\"}",
        "{\"request\":\"CREATE_CLUSTER\",\"description\":\"{\"}",
        "{\"request\":\"SET_NODES\",\"cluster\":\"default\",\"group\":\"g\",\"nodes\":1.5}"
      })
  void whatIsNotARequestIsRefusedAndTheConnectionGoesOn(String line) throws IOException {
    SocketChannel client = client();
    send(client, line.replace("JOB", job.value()) + "\n");
    send(client, "{\"request\":\"RELEASE_ALL\",\"job\":\"" + job + "\"}\n");
    client.shutdownOutput();
    assertThat(heard(client).lines().toList())
        .hasSize(3)
        .satisfies(answers -> assertThat(answers.get(1)).startsWith("{\"refused\":{\"code\":\""))
        .satisfies(answers -> assertThat(answers.get(2)).isEqualTo("{\"done\":{}}"));
    assertUnharmed();
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws IOException {
    SocketChannel client = client();
    send(client, new byte[] {'{', (byte) 0xc3, '(', (byte) 0xff, '\n'});
    assertThat(heard(client)).contains("UTF-8");
    assertUnharmed();
  }

  @Test
  void halfAMessageIsNotCarriedOut() throws IOException {
    SocketChannel client = client();
    send(client, stop());
    client.shutdownOutput();
    assertThat(heard(client)).doesNotContain("done");
    SocketChannel other = client();
    send(other, stop());
    other.close();
    assertUnharmed();
  }

  @Test
  void halfAMessageWithoutAnEndIsNotWaitedForLong() throws IOException {
    SocketChannel client = client();
    send(client, stop());
    assertThat(heard(client)).doesNotContain("done");
    assertUnharmed();
  }

  @Test
  void anEndlessLineIsCutOff() throws IOException {
    SocketChannel client = client();
    byte[] chunk = "x".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    long sent = 0;
    try {
      while (sent < 1_000_000_000L) {
        send(client, chunk);
        sent += chunk.length;
      }
    } catch (IOException e) {
      // dropped
    }
    assertThat(sent).isLessThan(10L * Wire.MOST_REQUEST_BYTES);
    assertUnharmed();
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    SocketChannel client = client();
    send(client, "{\"a\":".repeat(150_000) + "\n");
    assertThat(heard(client)).contains("MALFORMED");
    assertUnharmed();
  }

  @Test
  void whoNeverReadsIsDropped() throws IOException {
    SocketChannel client = client();
    String line = "{\"request\":\"" + "x".repeat(3_000) + "\"}\n";
    long sent = 0;
    try {
      while (sent < 1_000_000_000L) {
        send(client, line);
        sent += line.length();
      }
    } catch (IOException e) {
      // dropped
    }
    assertThat(sent).isLessThan(100_000_000L);
    assertUnharmed();
  }

  @Test
  void silentClientsTakeTheirPlacesForAWhileOnly() throws IOException {
    for (int count = 0; count < 3 * CLIENTS; count++) {
      client();
    }
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().equals("windlass-control-client"))
                    .hasSizeLessThanOrEqualTo(CLIENTS));
    for (SocketChannel client : clients) {
      heard(client);
    }
    assertUnharmed();
  }

  @Test
  void clientsThatHangHinderNeitherTheEngineNorItsClosing() throws IOException {
    for (int count = 0; count < CLIENTS / 2; count++) {
      send(client(), "{\"requ");
    }
    engine.manage(job, new JobOperation.SetPriority(4), "");
    assertThat(engine.job(job).priority()).isEqualTo(4);
    socket.close();
    for (SocketChannel client : clients) {
      assertThat(heard(client)).doesNotContain("done");
    }
  }
}
