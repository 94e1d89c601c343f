package dev.windlass.cli;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StoreUri;
import dev.windlass.storage.directory.DirectoryStorage;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which directory serves which scheme.
 *
 * <p>The engine's directory remembers them in a file, so that {@code resume} and {@code log} find
 * what {@code run} was given.
 *
 * @param directories scheme to absolute directory, in the order of the schemes
 */
record Stores(Map<String, Path> directories) {

  private static final String FILE = "stores.properties";
  private static final String DEFAULT_FOLDER = "store";

  /** Schemes that are served without being asked for. */
  private static final String[] DEFAULT_SCHEMES = {"oss", "s3"};

  Stores {
    directories = new TreeMap<>(directories);
  }

  /**
   * What is given; else the folder beside the job; else what was used last; else the home's own.
   */
  static Stores choose(Path home, Map<String, Path> given, Optional<Path> jobFile) {
    if (!given.isEmpty()) {
      return checked(given);
    }
    Optional<Stores> beside =
        jobFile
            .map(file -> file.toAbsolutePath().normalize().resolveSibling(DEFAULT_FOLDER))
            .filter(Files::isDirectory)
            .map(Stores::forDefaultSchemes);
    return beside
        .or(() -> remembered(home))
        .orElseGet(() -> forDefaultSchemes(home.resolve(DEFAULT_FOLDER)));
  }

  /** What was used last in this home. */
  static Optional<Stores> remembered(Path home) {
    Path file = home.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.DIRECTORY_UNUSABLE, file.toString(), "cannot read " + file + ": " + e, e);
    }
    Map<String, Path> directories = new LinkedHashMap<>();
    properties
        .stringPropertyNames()
        .forEach(scheme -> directories.put(scheme, Path.of(properties.getProperty(scheme))));
    return Optional.of(new Stores(directories));
  }

  private static Stores forDefaultSchemes(Path directory) {
    Map<String, Path> directories = new LinkedHashMap<>();
    for (String scheme : DEFAULT_SCHEMES) {
      directories.put(scheme, directory);
    }
    return new Stores(directories);
  }

  private static Stores checked(Map<String, Path> given) {
    Map<String, Path> absolute = new LinkedHashMap<>();
    given.forEach(
        (scheme, directory) -> {
          checkScheme(scheme);
          absolute.put(scheme, directory.toAbsolutePath().normalize());
        });
    return new Stores(absolute);
  }

  private static void checkScheme(String scheme) {
    try {
      new StoreUri(scheme, "bucket", "");
    } catch (IllegalArgumentException e) {
      throw new UsageException("--store " + scheme + "=...: " + e.getMessage());
    }
  }

  /** True if a scheme that the other serves too has another directory here, or none. */
  boolean contradicts(Stores next) {
    return directories.entrySet().stream()
        .anyMatch(entry -> !entry.getValue().equals(next.directories.get(entry.getKey())));
  }

  /** Makes the home's own store; other directories must be there already. */
  void createDefault(Path home) {
    Path own = home.resolve(DEFAULT_FOLDER);
    if (directories.containsValue(own)) {
      try {
        Files.createDirectories(own);
      } catch (IOException e) {
        throw new EngineException(
            ErrorCode.DIRECTORY_UNUSABLE, own.toString(), "cannot create " + own + ": " + e, e);
      }
    }
  }

  /** Those whose directory is there. */
  Stores existing() {
    Map<String, Path> found = new LinkedHashMap<>(directories);
    found.values().removeIf(directory -> !Files.isDirectory(directory));
    return new Stores(found);
  }

  /** A missing directory is more often a file system not mounted than an empty store. */
  void requireExisting() {
    directories.forEach(
        (scheme, directory) -> {
          if (!Files.isDirectory(directory)) {
            throw new UsageException(
                "the store %s=%s is not there; create it or give another with --store"
                    .formatted(scheme, directory));
          }
        });
  }

  /** Keeps them for the next time; appears whole or not at all. */
  void remember(Path home) throws IOException {
    if (remembered(home).filter(this::equals).isPresent()) {
      return;
    }
    Properties properties = new Properties();
    directories.forEach((scheme, root) -> properties.setProperty(scheme, root.toString()));
    Path draft = home.resolve(FILE + ".new");
    try (Writer writer = Files.newBufferedWriter(draft)) {
      properties.store(writer, "Which directory serves which scheme");
    }
    Files.move(draft, home.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Where an object or folder of these stores lies on this host. */
  Optional<Path> locate(String text) {
    StoreUri uri;
    try {
      uri = StoreUri.parse(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    Path root = directories.get(uri.scheme());
    if (root == null || !Files.isDirectory(root)) {
      return Optional.empty();
    }
    try (Storage storage = DirectoryStorage.at(root)) {
      return storage.localPath(uri);
    }
  }

  @Override
  public String toString() {
    return directories.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
