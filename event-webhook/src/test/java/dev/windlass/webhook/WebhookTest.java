package dev.windlass.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.windlass.Engine;
import dev.windlass.core.EngineBuilder;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.EventFilter;
import dev.windlass.event.Notification;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.TaskDescription;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A webhook against a real server, which is not always as one would wish. */
@Timeout(60)
@SuppressWarnings("try") // a hook does its work by being open
class WebhookTest {
  private static final String SECRET = "a secret of some length";
  private static final int OK = 204;

  /** What a request was, if it was signed as it should be. */
  private record Taken(long id, String body) {}

  @TempDir Path directory;

  private final List<Taken> taken = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private Engine engine;

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
    if (server != null) {
      server.stop(0);
    }
    threads.shutdownNow();
  }

  private void open() {
    engine =
        EngineBuilder.at(directory.resolve("engine"))
            .executor(FunctionExecutor.builder("functions").function("quick", run -> 0).build())
            .open();
  }

  private void run() throws InterruptedException {
    engine.await(
        engine.submit(
            JobDescription.builder("job")
                .task("only", TaskDescription.builder(Command.of("quick")).instances(2).build())
                .build()));
  }

  /** Answers each request as its number says; takes it in if it is answered with success. */
  private void serve(int port, IntUnaryOperator status) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext(
        "/hook",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          int answer = status.applyAsInt(requests.incrementAndGet());
          if (answer == OK) {
            taken.add(take(exchange, body));
          }
          if (answer == 302) {
            exchange.getResponseHeaders().add("Location", "/hook");
          }
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    server.start();
  }

  private static Taken take(HttpExchange exchange, byte[] body) {
    String timestamp = exchange.getRequestHeaders().getFirst("Windlass-Timestamp");
    String signature = exchange.getRequestHeaders().getFirst("Windlass-Signature");
    assertThat(WebhookSignature.matches(SECRET, timestamp, body, signature)).isTrue();
    assertThat(WebhookSignature.matches("another secret!!", timestamp, body, signature)).isFalse();
    return new Taken(
        Long.parseLong(exchange.getRequestHeaders().getFirst("Windlass-Event-Id")),
        new String(body, StandardCharsets.UTF_8));
  }

  private WebhookConfig.Builder config(int port) {
    return WebhookConfig.builder(URI.create("http://127.0.0.1:" + port + "/hook?key=k"), SECRET)
        .timeout(Duration.ofMillis(500))
        .pauses(Duration.ofMillis(5), Duration.ofMillis(50))
        .allowPrivateAddresses();
  }

  private void awaitAll() {
    await().until(() -> !taken.isEmpty() && last() == engine.lastPosition());
  }

  private long last() {
    return taken.get(taken.size() - 1).id();
  }

  /** An answer may be too late on a busy machine, and then the same event comes again. */
  private void assertInOrder() {
    assertThat(taken).extracting(Taken::id).isSorted();
    assertThat(taken.stream().map(Taken::id).distinct().toList())
        .isEqualTo(LongStream.rangeClosed(1, engine.lastPosition()).boxed().toList());
  }

  @Test
  void eventsComeInOrderSignedAndWithTheirPositions() throws Exception {
    open();
    serve(0, request -> OK);
    try (Webhook hook = Webhook.follow(engine, config(server.getAddress().getPort()).build())) {
      run();
      awaitAll();
    }
    assertInOrder();
    assertThat(taken.get(0).body())
        .contains(
            "\"position\":1", "\"kind\":\"JOB_CHANGED\"", "\"notification\":\"OnJobWaiting\"");
    assertThat(taken)
        .extracting(Taken::body)
        .anyMatch(body -> body.contains("\"outcome\":{\"kind\":\"EXITED\",\"success\":true"));
  }

  @Test
  void whatIsRefusedRedirectedOrAnsweredTooLateIsSentAgain() throws Exception {
    open();
    CountDownLatch never = new CountDownLatch(1);
    serve(
        0,
        request -> {
          if (request == 3) {
            try {
              never.await(); // until the test is over
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          return request == 1 ? 500 : request == 2 ? 302 : request % 4 == 0 ? 404 : OK;
        });
    try (Webhook hook = Webhook.follow(engine, config(server.getAddress().getPort()).build())) {
      run();
      awaitAll();
    }
    assertInOrder();
  }

  @Test
  void aServerThatIsNotThereIsWaitedForAndHoldsUpNoJob() throws Exception {
    open();
    serve(0, request -> OK);
    int port = server.getAddress().getPort();
    server.stop(0);
    try (Webhook hook = Webhook.follow(engine, config(port).build())) {
      run();
      serve(port, request -> OK);
      awaitAll();
    }
    assertInOrder();
  }

  @Test
  void anotherHookOfTheSameConsumerGoesOnWhereTheLastOneWas() throws Exception {
    open();
    serve(0, request -> request <= 3 ? OK : 503);
    int port = server.getAddress().getPort();
    try (Webhook hook = Webhook.follow(engine, config(port).build())) {
      run();
      await().until(() -> requests.get() > 4);
    }
    engine.close();
    server.stop(0);
    open();
    serve(port, request -> OK);
    try (Webhook hook = Webhook.follow(engine, config(port).build())) {
      awaitAll();
    }
    assertInOrder();
  }

  @Test
  void onlyWhatPassesTheFilterIsSent() throws Exception {
    open();
    serve(0, request -> OK);
    WebhookConfig finished =
        config(server.getAddress().getPort())
            .filter(EventFilter.all().named(Notification.ON_JOB_FINISHED))
            .build();
    try (Webhook hook = Webhook.follow(engine, finished)) {
      run();
      run();
      await().until(() -> taken.size() == 2);
    }
    assertThat(taken).allMatch(each -> each.body().contains("OnJobFinished"));
  }

  @Test
  void addressesThatAreNotPublicAreRefusedUnlessAllowed() {
    open();
    for (String host : List.of("127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254")) {
      WebhookConfig config =
          WebhookConfig.builder(URI.create("http://" + host + ":9/hook?key=k"), SECRET).build();
      assertThatThrownBy(() -> Webhook.follow(engine, config))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.POLICY))
          .hasMessageNotContaining("key=k");
    }
  }

  @Test
  void faultyConfigurationsAreRefused() {
    for (String url : List.of("ftp://example.org/", "http:///x", "http://u:p@example.org/")) {
      assertThatThrownBy(() -> WebhookConfig.builder(URI.create(url), SECRET))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> WebhookConfig.builder(URI.create("http://example.org/"), "short"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
