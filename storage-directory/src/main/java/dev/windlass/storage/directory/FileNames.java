package dev.windlass.storage.directory;

import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** From keys to file names and back, and what stands in the way. */
final class FileNames {

  /** Longest file name of the usual file systems, in bytes (NAME_MAX of Linux). */
  private static final int MAX_BYTES = 255;

  private static final char REPLACEMENT = '\ufffd';

  private FileNames() {}

  /**
   * The file names that lead from the root to an object or folder, the bucket first.
   *
   * @throws RefusalException if a part of the key cannot be a file name here
   */
  static List<String> of(StoreUri uri) throws RefusalException {
    List<String> names = new ArrayList<>();
    names.add(uri.bucket());
    if (!uri.key().isEmpty()) {
      for (String segment : uri.key().split("/", -1)) {
        // A folder's key ends with a slash, behind which there is no name.
        if (!segment.isEmpty()) {
          check(segment);
          names.add(segment);
        }
      }
    }
    return names;
  }

  private static void check(String name) throws RefusalException {
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new RefusalException(
          Code.INVALID_NAME, "a part of the key is longer than " + MAX_BYTES + " bytes");
    }
    try {
      Path path = Path.of(name);
      if (path.getNameCount() == 1 && path.toString().equals(name) && !path.isAbsolute()) {
        return;
      }
    } catch (InvalidPathException e) {
      // Most often a process without a locale (LANG=C), which has no file names beyond ASCII.
    }
    throw new RefusalException(
        Code.INVALID_NAME,
        "'"
            + name
            + "' is no file name on this host with sun.jnu.encoding="
            + System.getProperty("sun.jnu.encoding")
            + "; run the host under a UTF-8 locale");
  }

  /**
   * The name of a file as text.
   *
   * @throws RefusalException if its bytes are no text, so that no key could lead back to it. To
   *     leave it out would make a listing that lacks something look complete
   */
  static String decode(Path entry) throws RefusalException {
    Path name = Objects.requireNonNull(entry.getFileName());
    String text = name.toString();
    try {
      // What does not decode leaves a replacement character behind.
      if (text.indexOf(REPLACEMENT) < 0 || Path.of(text).equals(name)) {
        return text;
      }
    } catch (InvalidPathException e) {
      // Not even the replacement characters are file names here.
    }
    throw new RefusalException(
        Code.INVALID_NAME,
        "the folder holds a file whose name is not text in this host's encoding ('" + text + "')");
  }

  /**
   * Makes sure that an entry that was found by name is listed under this very name.
   *
   * <p>A file system that ignores case or normalises Unicode finds {@code a} when asked for {@code
   * A}. We ask for such a twin of the name; only where that is the same file (never, on an ordinary
   * file system) the folder is listed to see the true name.
   *
   * @throws RefusalException if it is there under another name only
   */
  static void checkSpelling(Folder folder, String name, BasicFileAttributes found)
      throws IOException {
    for (String twin : twins(name)) {
      Optional<BasicFileAttributes> other = folder.attributes(twin);
      if (other.isPresent()
          && Objects.equals(other.get().fileKey(), found.fileKey())
          && !folder.names().contains(name)) {
        throw new RefusalException(
            Code.INVALID_NAME,
            "the file system does not tell '" + name + "' from another spelling that is there");
      }
    }
  }

  private static Set<String> twins(String name) {
    Set<String> twins = new LinkedHashSet<>();
    twins.add(
        name.codePoints()
            .map(
                c -> Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c))
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString());
    twins.add(Normalizer.normalize(name, Normalizer.Form.NFC));
    twins.add(Normalizer.normalize(name, Normalizer.Form.NFD));
    twins.remove(name);
    twins.removeIf(twin -> twin.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES);
    return twins;
  }
}
