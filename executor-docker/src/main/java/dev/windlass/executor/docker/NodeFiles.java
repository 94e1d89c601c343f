package dev.windlass.executor.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** What is kept on this host about one node, beside its container. Told in the package's page. */
final class NodeFiles {

  private static final String SHARED = "shared";
  private static final String IMAGE = "image";
  private static final String STARTING = "starting";
  private static final String GONE = "gone";
  private static final String ORDERS = "orders";
  private static final String HANDED = "handed";
  private static final String HIDDEN = "hidden";

  /** How the names of runners begin, and those of runs do not. */
  private static final String RUNNER = "runner.";

  private final Path directory;

  NodeFiles(Path nodes, String name) {
    this.directory = nodes.resolve(name);
  }

  /** Begins them; does nothing if that was done before. */
  void create() {
    makeDirectory(shared());
    makeDirectory(directory.resolve(ORDERS));
    makeDirectory(directory.resolve(HANDED));
    makeDirectory(directory.resolve(HIDDEN));
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

  /**
   * Makes a directory that the node sees, whole from the first moment: nobody in the node can lead
   * what writes into it to another file. Does nothing if it is there.
   */
  void show(Path shown, Filling filling) throws IOException {
    if (Files.exists(shown)) {
      return;
    }
    Path hidden = hidden(shown);
    Trees.delete(hidden); // of a life of the host that ended in the midst
    Files.createDirectories(hidden);
    filling.fill(hidden);
    Permissions.openToAll(hidden);
    Files.move(hidden, shown, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Where a directory lies that the node is to see, until it is whole. */
  Path hidden(Path shown) {
    return directory.resolve(HIDDEN).resolve(shown.getFileName());
  }

  /** Puts into a directory what is to be there. */
  @FunctionalInterface
  interface Filling {
    void fill(Path directory) throws IOException;
  }

  private Runner runner(String name) {
    return new Runner(this, name);
  }

  /** One that there has never been. */
  Runner newRunner() {
    return runner(RUNNER + UUID.randomUUID());
  }

  /** The host's own name of a runner's pipe, at which nobody in the node can put anything else. */
  Path orders(String runner) {
    return directory.resolve(ORDERS).resolve(runner);
  }

  /** Remembers to whom a run is about to be handed. */
  void noteHanded(String run, Runner runner) {
    write(HANDED + "/" + run, runner.name());
  }

  /** To whom a run was handed last, if it was. */
  Optional<Runner> handed(String run) {
    return read(HANDED + "/" + run).map(this::runner);
  }

  void forgetHanded(String run) throws IOException {
    Files.deleteIfExists(directory.resolve(HANDED).resolve(run));
  }

  /** Those of which there is something, if only the pipe that was made first. */
  List<Runner> runners() {
    return Stream.of(shared(), directory.resolve(ORDERS), directory.resolve(HIDDEN))
        .flatMap(this::names)
        .filter(name -> name.startsWith(RUNNER))
        .distinct()
        .map(this::runner)
        .toList();
  }

  private Stream<String> names(Path of) {
    try (Stream<Path> entries = Files.list(of)) {
      return entries.map(entry -> entry.getFileName().toString()).toList().stream();
    } catch (IOException e) {
      throw failed(e);
    }
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
