package dev.windlass.storage;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A storage could not do its part. The {@link #code} says why and whether trying again can help.
 */
public final class StorageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why a storage failed. A name, once released, keeps its meaning. */
  public enum Code {
    /** There is no such object. */
    NOT_FOUND(false),
    /** The store knows us but does not allow this. */
    ACCESS_DENIED(false),
    /** The store does not take this name, for example because it is too long for a file name. */
    INVALID_NAME(false),
    /** The store is full or a quota is used up. */
    NO_SPACE(true),
    /** The store is throttling us. */
    THROTTLED(true),
    /**
     * The store did not answer, or answered that it cannot now; nothing is known about the effect.
     */
    UNAVAILABLE(true),
    /** The content read is not what the store says it holds (length or checksum). */
    CORRUPT(true),
    /** Anything else; the cause tells. */
    FAILED(false);

    private final boolean retryable;

    Code(boolean retryable) {
      this.retryable = retryable;
    }

    /**
     * Says whether the same call may succeed later without anybody changing the request.
     *
     * @return true if trying again, after a pause, makes sense
     */
    public boolean isRetryable() {
      return retryable;
    }
  }

  private final Code code;
  private final transient @Nullable StoreUri uri;

  /**
   * A failure about one object or folder.
   *
   * @param code why
   * @param uri what the call was about
   * @param message what happened and what to do; the URI is put before it
   * @param cause what the storage's library threw, or null
   */
  public StorageException(Code code, StoreUri uri, String message, @Nullable Throwable cause) {
    super(uri + ": " + message, cause);
    this.code = Objects.requireNonNull(code, "code");
    this.uri = uri;
  }

  /**
   * Why the storage failed.
   *
   * @return the code; never null
   */
  public Code code() {
    return code;
  }

  /**
   * What the call was about.
   *
   * @return the object or folder; empty only after this exception was serialized
   */
  public Optional<StoreUri> uri() {
    return Optional.ofNullable(uri);
  }
}
