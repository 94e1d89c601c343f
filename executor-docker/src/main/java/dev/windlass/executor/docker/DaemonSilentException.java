package dev.windlass.executor.docker;

import org.jspecify.annotations.Nullable;

/**
 * The Docker engine did not answer, or the connection broke. Nothing may be concluded from it; the
 * same is asked again later.
 */
final class DaemonSilentException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DaemonSilentException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
