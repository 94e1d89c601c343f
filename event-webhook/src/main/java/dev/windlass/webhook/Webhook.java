package dev.windlass.webhook;

import dev.windlass.Engine;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.EventListener;
import dev.windlass.event.RecordedEvent;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the events of an engine to a URL, one after another.
 *
 * <pre>{@code
 * WebhookConfig config = WebhookConfig.builder(URI.create("https://example.org/hook"), secret).build();
 * try (Engine engine = ...; Webhook hook = Webhook.follow(engine, config)) {
 *   ...
 * }
 * }</pre>
 *
 * <h2>What a receiver gets</h2>
 *
 * <p>A POST of one JSON object, as {@code application/json} in UTF-8, with these headers:
 *
 * <ul>
 *   <li>{@code Windlass-Event-Id}: the position of the event. It counts up; the same one may come
 *       again, and then means the same event.
 *   <li>{@code Windlass-Timestamp}: when it was sent, in seconds since 1970.
 *   <li>{@code Windlass-Signature}: {@code sha256=} and in hexadecimal the HMAC-SHA256, with the
 *       secret as its key, of the timestamp, a full stop and the body. {@link WebhookSignature}
 *       checks it.
 * </ul>
 *
 * <p>An event is delivered once the receiver has answered with a status of 200 to 299; redirects
 * are not followed. Anything else, and no answer in time, is tried again after a pause that grows,
 * with some jitter, and nothing behind it is sent meanwhile. The engine keeps how far the receiver
 * has come, under the name of the consumer: over a restart of the host nothing is missing, and what
 * was delivered just before may come again. If the journal was purged meanwhile, the receiver gets
 * an object of the kind {@code EVENTS_MISSED} with the {@code first} and {@code last} position.
 *
 * <h2>Where it may send to</h2>
 *
 * <p>Addresses that are private, loopback, link-local or otherwise not of the public network are
 * refused, unless the configuration allows them. What the host's name resolves to is checked before
 * each request.
 *
 * <p>All methods may be called from any thread. Close it before the engine.
 */
public final class Webhook implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);

  private final WebhookConfig config;
  private final Post post;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Engine.Subscription subscription;

  private Webhook(Engine engine, WebhookConfig config) {
    this.config = config;
    this.post = new Post(config);
    this.subscription = engine.subscribe(config.consumer(), config.filter(), new Delivery());
  }

  /**
   * Begins to send.
   *
   * @param engine the engine to follow
   * @param config where to, and how
   * @return ends it when closed
   * @throws EngineException {@code POLICY} if the URL leads to an address that is not allowed;
   *     {@code STATE_CONFLICT} if the consumer has a subscription already
   */
  public static Webhook follow(Engine engine, WebhookConfig config) {
    try {
      Addresses.check(config);
    } catch (UnknownHostException e) {
      LOG.warn("the host of {} is not known at present", config.shownUrl());
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.POLICY, config.shownUrl(), String.valueOf(e.getMessage()), e);
    }
    return new Webhook(engine, config);
  }

  private final class Delivery implements EventListener {
    @Override
    public void onEvent(RecordedEvent recorded) {
      deliver(recorded.position(), EventJson.of(recorded));
    }

    @Override
    public void onMissed(long first, long last) {
      deliver(last, EventJson.missed(first, last));
    }
  }

  /** Returns once it is delivered; throws if the webhook is closed before. */
  private void deliver(long position, byte[] body) {
    Duration pause = config.firstPause();
    while (true) {
      try {
        post.send(position, body);
        return;
      } catch (IOException e) {
        LOG.info("event {} is sent to {} again: {}", position, config.shownUrl(), e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw notDelivered(position);
      }
      rest(pause, position);
      pause = longer(pause);
    }
  }

  /** Half of the pause and a random part of the other half: many hooks do not come at once. */
  private void rest(Duration pause, long position) {
    long half = pause.toNanos() / 2;
    try {
      if (closed.await(
          half + ThreadLocalRandom.current().nextLong(half + 1), TimeUnit.NANOSECONDS)) {
        throw notDelivered(position);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notDelivered(position);
    }
  }

  private static IllegalStateException notDelivered(long position) {
    return new IllegalStateException(
        "the webhook was closed before event " + position + " was delivered");
  }

  private Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(config.longestPause()) > 0 ? config.longestPause() : twice;
  }

  /**
   * Sends nothing more, except what is being sent. What was not delivered is sent by the next
   * webhook of the same consumer. Idempotent.
   */
  @Override
  public void close() {
    subscription.close();
    closed.countDown();
  }
}
