package dev.windlass.webhook;

import dev.windlass.event.EventFilter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/** Where a webhook sends to, and how. Immutable. */
public final class WebhookConfig {

  /** A secret that is shorter could be guessed. */
  public static final int SHORTEST_SECRET_BYTES = 16;

  private final URI url;
  private final byte[] secret;
  private final String consumer;
  private final EventFilter filter;
  private final Duration timeout;
  private final Duration firstPause;
  private final Duration longestPause;
  private final boolean privateAddresses;

  private WebhookConfig(Builder builder) {
    this.url = builder.url;
    this.secret = builder.secret;
    this.consumer = builder.consumer;
    this.filter = builder.filter;
    this.timeout = builder.timeout;
    this.firstPause = builder.firstPause;
    this.longestPause = builder.longestPause;
    this.privateAddresses = builder.privateAddresses;
  }

  /**
   * Begins a configuration.
   *
   * @param url {@code http} or {@code https}, with a host, without user information
   * @param secret what the receiver knows too; at least {@value #SHORTEST_SECRET_BYTES} bytes in
   *     UTF-8
   * @return a builder
   * @throws IllegalArgumentException if one of them breaks its rule
   */
  public static Builder builder(URI url, String secret) {
    return new Builder(url, secret);
  }

  URI url() {
    return url;
  }

  /** Without its query, which may hold what others must not see. */
  String shownUrl() {
    return url.getScheme()
        + "://"
        + url.getAuthority()
        + Objects.requireNonNullElse(url.getRawPath(), "");
  }

  byte[] secret() {
    return secret.clone();
  }

  String consumer() {
    return consumer;
  }

  EventFilter filter() {
    return filter;
  }

  Duration timeout() {
    return timeout;
  }

  Duration firstPause() {
    return firstPause;
  }

  Duration longestPause() {
    return longestPause;
  }

  boolean allowsPrivateAddresses() {
    return privateAddresses;
  }

  /** Collects a configuration. Not for use by several threads. */
  public static final class Builder {
    private final URI url;
    private final byte[] secret;
    private String consumer = "webhook";
    private EventFilter filter = EventFilter.all();
    private Duration timeout = Duration.ofSeconds(10);
    private Duration firstPause = Duration.ofSeconds(1);
    private Duration longestPause = Duration.ofMinutes(5);
    private boolean privateAddresses;

    private Builder(URI url, String secret) {
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      if (!(scheme.equals("http") || scheme.equals("https"))
          || url.getHost() == null
          || url.getRawUserInfo() != null) {
        throw new IllegalArgumentException(
            "the URL of a webhook is http or https with a host and without user information");
      }
      this.url = url;
      this.secret = secret.getBytes(StandardCharsets.UTF_8);
      if (this.secret.length < SHORTEST_SECRET_BYTES) {
        throw new IllegalArgumentException(
            "a secret has at least " + SHORTEST_SECRET_BYTES + " bytes");
      }
    }

    /**
     * Under which name the engine keeps how far the receiver has come. Default: {@code webhook}.
     *
     * @param name as {@link dev.windlass.Engine#subscribe(String, EventFilter,
     *     dev.windlass.event.EventListener)} takes it; another one for each webhook
     * @return this
     */
    public Builder consumer(String name) {
      consumer = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Which events are sent. Default: all.
     *
     * @param only the filter
     * @return this
     */
    public Builder filter(EventFilter only) {
      filter = Objects.requireNonNull(only, "only");
      return this;
    }

    /**
     * How long the receiver may take to answer. Default: ten seconds.
     *
     * @param limit more than nothing
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public Builder timeout(Duration limit) {
      timeout = positive(limit);
      return this;
    }

    /**
     * How long it waits before it sends again: at first, and at most. Default: one second, five
     * minutes.
     *
     * @param first more than nothing
     * @param longest not less than the first
     * @return this
     * @throws IllegalArgumentException if one is out of range
     */
    public Builder pauses(Duration first, Duration longest) {
      if (positive(first).compareTo(longest) > 0) {
        throw new IllegalArgumentException("the longest pause is not less than the first");
      }
      firstPause = first;
      longestPause = longest;
      return this;
    }

    private static Duration positive(Duration duration) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("must be more than nothing, was " + duration);
      }
      return duration;
    }

    /**
     * Lets it send to addresses that are private, loopback or link-local.
     *
     * @return this
     */
    public Builder allowPrivateAddresses() {
      privateAddresses = true;
      return this;
    }

    /**
     * Ends it.
     *
     * @return the configuration
     */
    public WebhookConfig build() {
      return new WebhookConfig(this);
    }
  }
}
