package dev.windlass;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a host keeps the values that programs need and nobody else is to see: passwords, tokens,
 * keys. A job names them ({@link dev.windlass.job.TaskDescription.Builder#secret}); the engine asks
 * for them when it launches an attempt, gives them to that program, and keeps them in memory only,
 * for as long as the attempt is under way.
 *
 * <p>The engine asks again when another life of the host needs a value to mask it in what the
 * program printed. A value that was changed meanwhile is not recognised there any more; one that
 * cannot be had has the logs of the attempt withheld.
 *
 * <p>Called from several threads at once, never from the engine's loop. A call may block; while it
 * does, an attempt waits.
 */
@FunctionalInterface
public interface SecretProvider {

  /**
   * Gets the value of a secret.
   *
   * @param name as the job names it; anything a user may have written
   * @return the value, without NUL; empty if there is no such secret, or this engine's jobs may not
   *     have it: the attempt fails and is not tried again for that
   * @throws IOException if it cannot be told now: the attempt is tried again, as after a storage
   *     that does not answer. The message reaches users and must hold no secret
   */
  Optional<String> fetch(String name) throws IOException;

  /**
   * Secrets in files, as Docker and Kubernetes hand them to a host: the file of a name holds its
   * value, in UTF-8, and one line break at its end is not part of it.
   *
   * @param directory which holds the files; a name is that of a file in it, and never leads
   *     elsewhere
   * @return reads a file at each call, so that a value may be replaced at any time
   */
  static SecretProvider ofDirectory(Path directory) {
    Objects.requireNonNull(directory, "directory");
    return name -> {
      if (name.equals("..") || name.equals(".") || name.indexOf('/') >= 0 || name.contains("\0")) {
        return Optional.empty();
      }
      Path file = directory.resolve(name);
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(file)) {
        return Optional.empty();
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return Optional.of(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    };
  }
}
