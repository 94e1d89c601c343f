package dev.windlass.webhook;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Drops what it is given, and gives up after some of it: a short answer leaves the connection to be
 * used again, a long one does not. True if it was short.
 */
final class BoundedBody implements BodySubscriber<Boolean> {
  private static final long MOST_BYTES = 64 << 10;

  private final CompletableFuture<Boolean> end = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;
  private long bytes;

  @Override
  public CompletionStage<Boolean> getBody() {
    return end;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> part) {
    for (ByteBuffer buffer : part) {
      bytes += buffer.remaining();
    }
    if (bytes > MOST_BYTES && subscription != null) {
      subscription.cancel();
      end.complete(false);
    }
  }

  @Override
  public void onError(Throwable thrown) {
    end.completeExceptionally(thrown);
  }

  @Override
  public void onComplete() {
    end.complete(true);
  }
}
