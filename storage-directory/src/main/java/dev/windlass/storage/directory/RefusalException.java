package dev.windlass.storage.directory;

import dev.windlass.storage.StorageException;
import java.io.IOException;

/** A failure that we found ourselves and know the code of; becomes a {@link StorageException}. */
final class RefusalException extends IOException {

  private static final long serialVersionUID = 1L;

  private final StorageException.Code code;

  RefusalException(StorageException.Code code, String message) {
    super(message);
    this.code = code;
  }

  StorageException.Code code() {
    return code;
  }
}
