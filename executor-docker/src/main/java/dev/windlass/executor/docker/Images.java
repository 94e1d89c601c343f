package dev.windlass.executor.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images, made ready for containers. However many attempts wait for one image, it is fetched once
 * for all of them.
 */
final class Images {

  private static final Logger LOG = LoggerFactory.getLogger(Images.class);

  /** What a registry says if asking again later may help. */
  private static final Pattern TEMPORARY =
      Pattern.compile(
          "(?i)timeout|timed out|connection refused|no such host|temporary|toomanyrequests"
              + "|rate limit|TLS handshake|unreachable|EOF|reset by peer|50[234] |no space left"
              + "|server misbehaving|context deadline|does not answer|has not answered");

  /**
   * An image that is ready.
   *
   * @param id its id, which no new tag changes
   * @param path its own PATH, if it sets one
   */
  record Ready(String id, Optional<String> path) {}

  /** An image cannot be had. */
  static final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean retryable;

    UnavailableException(String message, boolean retryable, @Nullable Throwable cause) {
      super(message, cause);
      this.retryable = retryable;
    }

    boolean isRetryable() {
      return retryable;
    }
  }

  private final Daemon daemon;
  private final DockerExecutorConfig config;
  private final Executor threads;
  private final Map<String, Ready> ready = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Ready>> underWay = new ConcurrentHashMap<>();

  /**
   * Images of a daemon.
   *
   * @param threads on which images are fetched; may be blocked for long
   */
  Images(Daemon daemon, DockerExecutorConfig config, Executor threads) {
    this.daemon = daemon;
    this.config = config;
    this.threads = threads;
  }

  /**
   * Makes an image ready.
   *
   * @param image which
   * @return fails with {@link UnavailableException} if it cannot be had, and with {@link
   *     DaemonSilentException} if the Docker engine does not answer
   */
  CompletableFuture<Ready> prepare(ImageChoice image) {
    String reference = image.reference();
    Ready known = config.pull() == PullPolicy.ALWAYS ? null : ready.get(reference);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    CompletableFuture<Ready> mine = new CompletableFuture<>();
    CompletableFuture<Ready> other = underWay.putIfAbsent(reference, mine);
    if (other != null) {
      return other;
    }
    threads.execute(() -> fetch(image, mine));
    return mine;
  }

  /** Says that an image that was ready has been found missing. */
  void forget(ImageChoice image) {
    ready.remove(image.reference());
  }

  private void fetch(ImageChoice image, CompletableFuture<Ready> promise) {
    String reference = image.reference();
    try {
      Ready found = find(image);
      ready.put(reference, found);
      underWay.remove(reference);
      promise.complete(found);
    } catch (RuntimeException | Error e) {
      underWay.remove(reference);
      promise.completeExceptionally(e);
    }
  }

  private Ready find(ImageChoice image) {
    String reference = image.reference();
    Optional<Ready> present =
        config.pull() == PullPolicy.ALWAYS ? Optional.empty() : inspect(reference);
    if (present.isPresent()) {
      return present.get();
    }
    if (!load(image)) {
      if (config.pull() == PullPolicy.NEVER) {
        throw new UnavailableException(
            "the Docker engine has no image '"
                + reference
                + "', and the executor's configuration forbids to fetch it",
            false,
            null);
      }
      pull(reference);
    }
    return inspect(reference)
        .orElseThrow(
            () ->
                new UnavailableException(
                    "there is no image '" + reference + "' in what was fetched", false, null));
  }

  /** Takes the image from the store in which the description keeps it, if that has it. */
  private boolean load(ImageChoice image) {
    if (image.registryPath().isEmpty()) {
      return false;
    }
    String path = image.registryPath().get();
    try {
      Optional<Path> archive = config.archives().find(path, image.reference());
      if (archive.isEmpty()) {
        return false;
      }
      LOG.info("loading the image {} from {}", image.reference(), archive.get());
      daemon.load(archive.get(), config.pullTimeout());
      return true;
    } catch (IOException | DaemonSilentException | DockerException e) {
      throw new UnavailableException(
          "the image '" + image.reference() + "' cannot be loaded from " + path + ": " + e,
          true,
          e);
    }
  }

  private Optional<Ready> inspect(String reference) {
    return daemon.image(reference).map(Images::ready);
  }

  private static Ready ready(InspectImageResponse image) {
    String[] variables = image.getConfig() == null ? null : image.getConfig().getEnv();
    Optional<String> path = Optional.empty();
    for (String variable : variables == null ? new String[0] : variables) {
      if (variable.startsWith("PATH=")) {
        path = Optional.of(variable.substring("PATH=".length()));
      }
    }
    return new Ready(String.valueOf(image.getId()), path);
  }

  private void pull(String reference) {
    LOG.info("fetching the image {}", reference);
    PullMeter meter = new PullMeter(reference, config.pullListener());
    meter.begin();
    try {
      pull(reference, meter);
    } catch (UnavailableException e) {
      meter.fail(String.valueOf(e.getMessage()));
      throw e;
    }
    meter.end();
    LOG.info("the image {} is there", reference);
  }

  private void pull(String reference, PullMeter meter) {
    try {
      daemon
          .calls()
          .within(
              config.pullTimeout(),
              () -> {
                var command = daemon.docker().pullImageCmd(reference);
                daemon.credentials().of(reference).ifPresent(command::withAuthConfig);
                Answers answers = command.exec(new Answers(meter));
                boolean over =
                    answers.awaitCompletion(config.pullTimeout().toMillis(), TimeUnit.MILLISECONDS);
                answers.check(over);
                return Boolean.TRUE;
              });
    } catch (DockerException e) {
      throw unavailable(reference, String.valueOf(e.getMessage()), e);
    } catch (DaemonSilentException e) {
      throw unavailable(reference, String.valueOf(e.getMessage()), e);
    }
  }

  private static UnavailableException unavailable(String reference, String why, Throwable cause) {
    return new UnavailableException(
        "the image '" + reference + "' cannot be fetched: " + why,
        TEMPORARY.matcher(why).find(),
        cause);
  }

  /** What the engine tells while it fetches; an error is a line among others. */
  private static final class Answers extends ResultCallback.Adapter<PullResponseItem> {
    private final PullMeter meter;
    private volatile @Nullable String error;

    Answers(PullMeter meter) {
      this.meter = meter;
    }

    @Override
    public void onNext(PullResponseItem item) {
      meter.take(item);
      if (item.getErrorDetail() != null) {
        error = item.getErrorDetail().getMessage();
      }
    }

    /** Without what the superclass does, which is to log it as an error of ours. */
    @Override
    public void onError(Throwable thrown) {
      error = String.valueOf(thrown.getMessage());
      try {
        close();
      } catch (IOException e) {
        LOG.debug("the answers of a fetch did not close", e);
      }
    }

    void check(boolean over) {
      String told = error;
      if (told != null) {
        throw new DockerException(told, 500);
      }
      if (!over) {
        throw new DockerException("timeout", 500);
      }
    }
  }
}
