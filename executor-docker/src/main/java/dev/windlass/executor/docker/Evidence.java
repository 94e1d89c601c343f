package dev.windlass.executor.docker;

import dev.windlass.executor.AttemptReport;
import dev.windlass.job.AttemptId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is kept on this host about one attempt, beside its container: a directory with marks, each a
 * file whose existence says something. The package's description tells what they are for.
 */
final class Evidence {

  private static final String PART = ".part";
  private static final String BOOT = "boot";
  private static final String STARTING = "starting";
  private static final String CANCELLED = "cancelled";
  private static final String NODE = "node";
  private static final String SHARED = "shared";
  private static final String END = "end";
  private static final List<String> ALL =
      List.of(BOOT, NODE, SHARED, STARTING, CANCELLED, END + PART, END);

  private final AttemptId id;
  private final Path directory;

  Evidence(Path attempts, AttemptId id) {
    this.id = id;
    this.directory = attempts.resolve(id.toString().replace('/', '.'));
  }

  /** The attempts of which there is something in a directory. */
  static List<AttemptId> all(Path attempts) throws IOException {
    List<AttemptId> ids = new ArrayList<>();
    try (Stream<Path> entries = Files.list(attempts)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        try {
          ids.add(AttemptId.parse(entry.getFileName().toString().replace('.', '/')));
        } catch (IllegalArgumentException e) {
          // None of ours.
        }
      }
    }
    return ids;
  }

  AttemptId id() {
    return id;
  }

  /**
   * Begins the evidence. Whoever does may launch the attempt, or fence it.
   *
   * @return false if it has begun before
   */
  boolean create() {
    try {
      Files.createDirectory(directory);
      write(BOOT, Host.bootId());
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Says that a start is about to be asked for: from here on the program may have begun. */
  void markStarting() {
    mark(STARTING);
  }

  boolean isStarting() {
    return Files.exists(directory.resolve(STARTING));
  }

  /** Remembers across a crash that the engine asked for the end. */
  void markCancelled() {
    mark(CANCELLED);
  }

  boolean isCancelled() {
    return Files.exists(directory.resolve(CANCELLED));
  }

  /** Says that the attempt runs in a node, and not in a container of its own. */
  void noteNode(String node) {
    try {
      write(NODE, node);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The node in which the attempt runs, if it does in one. */
  Optional<String> node() {
    return read(NODE);
  }

  /** Remembers that another attempt was in the node too; nothing if this one was released. */
  void markShared() {
    if (Files.isDirectory(directory)) {
      mark(SHARED);
    }
  }

  boolean isShared() {
    return Files.exists(directory.resolve(SHARED));
  }

  /** True if the host was restarted since the evidence began. */
  boolean isFromAnotherBoot() {
    return read(BOOT).filter(boot -> !boot.equals(Host.bootId())).isPresent();
  }

  /** Keeps how the attempt ended. What was once said is said again, whatever becomes known. */
  void recordEnd(AttemptReport.Ended end) {
    try {
      Path half = directory.resolve(END + PART);
      Files.writeString(half, EndRecord.write(end));
      Files.move(half, directory.resolve(END), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  Optional<AttemptReport.Ended> end() {
    return read(END).map(text -> EndRecord.read(id, text));
  }

  /**
   * Removes everything.
   *
   * @param trash a directory beside the attempts'; a crash in between leaves it there, which is no
   *     evidence
   */
  void delete(Path trash) {
    try {
      Path grave = trash.resolve(directory.getFileName());
      Files.move(directory, grave, StandardCopyOption.ATOMIC_MOVE);
      clear(grave);
    } catch (NoSuchFileException e) {
      // Deleted before.
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Empties the trash of an earlier life. */
  static void clearAll(Path trash) throws IOException {
    try (Stream<Path> graves = Files.list(trash)) {
      for (Path grave : (Iterable<Path>) graves::iterator) {
        clear(grave);
      }
    }
  }

  private static void clear(Path grave) throws IOException {
    for (String name : ALL) {
      Files.deleteIfExists(grave.resolve(name));
    }
    Files.deleteIfExists(grave);
  }

  private void mark(String name) {
    try {
      Files.createFile(directory.resolve(name));
    } catch (FileAlreadyExistsException e) {
      // Said before.
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
  }

  private Optional<String> read(String name) {
    try {
      return Optional.of(Files.readString(directory.resolve(name), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private UncheckedIOException failed(IOException e) {
    return new UncheckedIOException("the evidence of attempt " + id + " in " + directory, e);
  }
}
