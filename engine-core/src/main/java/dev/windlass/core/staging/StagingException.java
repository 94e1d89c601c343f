package dev.windlass.core.staging;

import dev.windlass.storage.StorageException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/** Something could not be staged or published. */
public final class StagingException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  StagingException(String message, boolean retryable, @Nullable Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
  }

  static StagingException of(StorageException e) {
    return new StagingException(e.getMessage() + " [" + e.code() + "]", e.code().isRetryable(), e);
  }

  /** A failure of this host's files, such as a full disk, is nothing the program did. */
  static StagingException of(String what, IOException e) {
    String reason =
        e instanceof FileSystemException ? e.toString() : String.valueOf(e.getMessage());
    return new StagingException(what + ": " + reason, true, e);
  }

  /** Says whether the same may succeed later. */
  public boolean isRetryable() {
    return retryable;
  }
}
