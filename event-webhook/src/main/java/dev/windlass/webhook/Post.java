package dev.windlass.webhook;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends one request and waits for its answer, of which only the status counts. */
final class Post {
  private static final int OK = 200;
  private static final int REDIRECTION = 300;

  private final WebhookConfig config;
  private final HttpClient client;

  Post(WebhookConfig config) {
    this.config = config;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(config.timeout())
            .build();
  }

  /**
   * Sends a body.
   *
   * @throws IOException if it was not taken, for whatever reason
   * @throws InterruptedException if the thread is interrupted
   */
  void send(long position, byte[] body) throws IOException, InterruptedException {
    Addresses.check(config);
    String timestamp = Long.toString(Instant.now().getEpochSecond());
    HttpRequest request =
        HttpRequest.newBuilder(config.url())
            .timeout(config.timeout())
            .header("Content-Type", "application/json")
            .header("Windlass-Event-Id", Long.toString(position))
            .header("Windlass-Timestamp", timestamp)
            .header("Windlass-Signature", WebhookSignature.of(config.secret(), timestamp, body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    int status = await(client.sendAsync(request, info -> new BoundedBody()));
    if (status < OK || status >= REDIRECTION) {
      throw new IOException("it answered with the status " + status);
    }
  }

  /**
   * The client's own time-out ends with the header; a body that trickles is waited for no longer.
   */
  private int await(CompletableFuture<HttpResponse<Boolean>> answer)
      throws IOException, InterruptedException {
    boolean answered = false;
    try {
      int status = answer.get(config.timeout().toNanos(), TimeUnit.NANOSECONDS).statusCode();
      answered = true;
      return status;
    } catch (TimeoutException e) {
      throw new IOException("it did not answer in " + config.timeout(), e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } finally {
      if (!answered) {
        answer.cancel(true);
      }
    }
  }
}
