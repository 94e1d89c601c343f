package dev.windlass.executor.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** What is kept on this host about one node, beside its container. Told in the package's page. */
final class NodeFiles {

  private static final String SHARED = "shared";
  private static final String IMAGE = "image";
  private static final String STARTING = "starting";
  private static final String GONE = "gone";
  private static final String BOOTSTRAP = "bootstrap";

  private final Path directory;

  NodeFiles(Path nodes, String name) {
    this.directory = nodes.resolve(name);
  }

  /** Begins them; does nothing if that was done before. */
  void create() {
    makeDirectory(shared());
  }

  /** Makes a directory that the node is to see, which Docker would refuse to show otherwise. */
  void makeDirectory(Path shown) {
    try {
      Files.createDirectories(shown);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The directory that the node sees, at the same path. */
  Path shared() {
    return directory.resolve(SHARED);
  }

  /** The records of a run in the node. */
  Path run(String name) {
    return shared().resolve(name);
  }

  Path bootstrap() {
    return run(BOOTSTRAP);
  }

  void noteImage(String reference) {
    write(IMAGE, reference);
  }

  /** From which image the node is made, if that has been found out. */
  Optional<String> image() {
    return read(IMAGE);
  }

  /** Says that a start is about to be asked for: from here on a missing container is a lost one. */
  void markStarting() {
    write(STARTING, "");
  }

  boolean isStarting() {
    return Files.exists(directory.resolve(STARTING));
  }

  /** Keeps why the node is gone. */
  void recordGone(String reason) {
    write(GONE, reason);
  }

  Optional<String> gone() {
    return read(GONE);
  }

  /** Removes everything. */
  void delete() {
    try {
      Trees.delete(directory);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Whole or not at all. */
  private void write(String name, String text) {
    try {
      Path half = Files.writeString(directory.resolve(name + ".part"), text);
      Files.move(half, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed(e);
    }
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
    return new UncheckedIOException("what is kept of a node in " + directory, e);
  }
}
