package dev.windlass.storage.directory;

import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From what the JDK throws to what a storage throws. */
final class Failures {

  /**
   * The errors of the system that mean something to a caller, by their text in glibc, macOS and
   * musl: the JDK passes on neither number nor symbol. Under a foreign locale they are not
   * recognised and become {@code FAILED}, except a full disk, which is also measured.
   */
  private static final Map<Code, List<String>> TEXTS =
      Map.of(
          Code.NO_SPACE,
          List.of("No space left on device", "Disk quota exceeded", "Disc quota exceeded"),
          Code.ACCESS_DENIED,
          List.of("Permission denied", "Operation not permitted", "Read-only file system"),
          Code.INVALID_NAME,
          List.of("File name too long", "Filename too long", "Invalid or incomplete multibyte"),
          Code.UNAVAILABLE,
          List.of(
              "Too many open files",
              "Input/output error",
              "I/O error",
              "Stale file handle",
              "Stale NFS file handle",
              "Connection timed out",
              "Host is down",
              "No route to host",
              "Transport endpoint is not connected",
              "Device or resource busy",
              "Resource temporarily unavailable",
              "Cannot allocate memory",
              "No such device",
              // What stands in the way for good was noticed before; these are changes of somebody
              // else between two steps.
              "Directory not empty",
              "Not a directory",
              "Too many levels of symbolic links"));

  private Failures() {}

  /** What to throw for a failure about an object or folder. */
  static StorageException of(StoreUri uri, IOException failure) {
    if (failure instanceof RefusalException refusal) {
      return new StorageException(refusal.code(), uri, textOf(refusal), refusal);
    }
    if (failure instanceof ClosedByInterruptException) {
      Thread.currentThread().interrupt();
      return new StorageException(Code.UNAVAILABLE, uri, "interrupted", failure);
    }
    return new StorageException(codeOf(failure), uri, textOf(failure), failure);
  }

  /**
   * Like {@link #of}, for a failure to write: a full file system is recognised by what is left on
   * it.
   */
  static StorageException ofWrite(StoreUri uri, IOException failure, boolean full) {
    StorageException plain = of(uri, failure);
    return full && plain.code() == Code.FAILED
        ? new StorageException(Code.NO_SPACE, uri, "the file system is full", failure)
        : plain;
  }

  private static Code codeOf(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return Code.ACCESS_DENIED;
    }
    if (failure instanceof NoSuchFileException
        || failure instanceof DirectoryNotEmptyException
        || failure instanceof NotDirectoryException) {
      // Absence that matters was noticed before; this is a file that vanished between two steps, or
      // something that came in its way.
      return Code.UNAVAILABLE;
    }
    String text = textOf(failure);
    return TEXTS.entrySet().stream()
        .filter(entry -> entry.getValue().stream().anyMatch(text::contains))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(Code.FAILED);
  }

  private static String textOf(IOException failure) {
    String reason =
        failure instanceof FileSystemException known ? known.getReason() : failure.getMessage();
    return Optional.ofNullable(reason).orElseGet(() -> failure.getClass().getSimpleName());
  }
}
