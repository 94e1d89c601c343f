package dev.windlass.core.staging;

import dev.windlass.LogBound;
import dev.windlass.Manifest;
import dev.windlass.core.job.TaskPlan;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Mapping;
import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Publishes what an attempt wrote: logs always, outputs only when the engine has accepted the
 * attempt.
 *
 * <p>Each object appears whole or not at all. Publishing again after a crash replaces each object
 * by the same content.
 */
public final class Publisher {
  /** What must not reach a message as it is. */
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final Storages storages;

  /** A publisher to storages. */
  public Publisher(Storages storages) {
    this.storages = storages;
  }

  /** The object that gets an output of a program (reference, section 2.4). */
  public static StoreUri logObject(String folder, String kind, AttemptId id) {
    return StoreUri.parse(folder)
        .resolve(kind + "." + id.job() + "." + id.instance().task() + "." + id.instance().index());
  }

  /**
   * Masks what is secret in all that is published as a log, in its place. Blocks. Idempotent.
   *
   * @throws StagingException if something cannot be masked
   */
  public void maskLogs(TaskPlan plan, Path directory, Mask mask) throws StagingException {
    publishing(
        () -> {
          for (Path log : logs(plan, directory)) {
            mask.file(log);
          }
        });
  }

  /**
   * Shortens standard output and standard error, of which only both ends are kept. Blocks.
   * Idempotent.
   *
   * @throws StagingException if that cannot be done; they are then as they were
   */
  public void shortenLogs(Path directory, LogBound bound) throws StagingException {
    publishing(
        () -> {
          for (String kind : List.of("stdout", "stderr")) {
            ShortLog.shorten(directory.resolve(kind), bound);
          }
        });
  }

  /**
   * Puts a note into the place of standard output and standard error, since nobody may see what
   * they hold. Blocks.
   *
   * @throws StagingException if that cannot be done
   */
  public void withholdLogs(Path directory, String why) throws StagingException {
    publishing(
        () -> {
          for (String kind : List.of("stdout", "stderr")) {
            Path log = directory.resolve(kind);
            if (Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS) && Files.size(log) > 0) {
              Files.writeString(log, why + "\n", StandardCharsets.UTF_8);
            }
          }
        });
  }

  private static List<Path> logs(TaskPlan plan, Path directory) throws IOException {
    List<Path> roots =
        new ArrayList<>(List.of(directory.resolve("stdout"), directory.resolve("stderr")));
    List<Mapping> mappings = plan.task().mappings();
    Places places = new Places(directory, mappings);
    for (int i = 0; i < mappings.size(); i++) {
      if (mappings.get(i).direction() == Mapping.Direction.LOG) {
        roots.add(places.host(i));
      }
    }
    List<Path> logs = new ArrayList<>();
    for (Path root : roots) {
      if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
        try (Stream<Path> found = Files.walk(root)) {
          found
              .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .forEach(logs::add);
        }
      }
    }
    return logs;
  }

  /**
   * Publishes standard output and standard error. Blocks. What is missing is left out.
   *
   * @throws StagingException if a storage fails
   */
  public void publishOutput(TaskPlan plan, AttemptId id, Path directory) throws StagingException {
    publishing(
        () -> {
          publishLog(plan.task().stdoutFolder(), "stdout", id, directory);
          publishLog(plan.task().stderrFolder(), "stderr", id, directory);
        });
  }

  /**
   * Publishes the log mappings. Blocks. What is missing is left out.
   *
   * @throws StagingException if a storage fails
   */
  public void publishLogMappings(TaskPlan plan, Path directory) throws StagingException {
    publishing(
        () -> publishMappings(plan, directory, Mapping.Direction.LOG, new ManifestBuilder()));
  }

  private void publishLog(Optional<String> folder, String kind, AttemptId id, Path directory)
      throws IOException {
    Path file = directory.resolve(kind);
    if (folder.isPresent() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      put(file, logObject(folder.get(), kind, id));
    }
  }

  /**
   * Publishes the output mappings of an accepted attempt. Blocks.
   *
   * @return what was published
   * @throws StagingException if an output is missing or leads outside, or a storage fails
   */
  public Manifest publishOutputs(TaskPlan plan, Path directory) throws StagingException {
    ManifestBuilder published = new ManifestBuilder();
    publishing(() -> publishMappings(plan, directory, Mapping.Direction.OUTPUT, published));
    return published.build();
  }

  private void publishMappings(
      TaskPlan plan, Path directory, Mapping.Direction direction, ManifestBuilder published)
      throws IOException, StagingException {
    List<Mapping> mappings = plan.task().mappings();
    Places places = new Places(directory, mappings);
    for (int i = 0; i < mappings.size(); i++) {
      if (mappings.get(i).direction() == direction) {
        publish(mappings.get(i), places.host(i), direction == Mapping.Direction.OUTPUT, published);
      }
    }
  }

  private void publish(Mapping mapping, Path place, boolean required, ManifestBuilder published)
      throws IOException, StagingException {
    StoreUri target = StoreUri.parse(mapping.store());
    if (mapping.local().endsWith("/")) {
      if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        publishTree(place, target, published);
      } else if (required) {
        throw new StagingException(
            "the output folder " + mapping.local() + " is not a directory any more", false, null);
      }
    } else if (Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
      published.add(put(place, target.isFolder() ? target.resolve(fileName(place)) : target));
    } else if (required) {
      throw new StagingException(
          "the program did not write its output " + mapping.local(), false, null);
    }
  }

  private void publishTree(Path folder, StoreUri target, ManifestBuilder published)
      throws IOException, StagingException {
    Path real = folder.toRealPath();
    StagingException[] refused = new StagingException[1];
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path relative = folder.relativize(file);
            Path source = attributes.isSymbolicLink() ? target(file) : file;
            if (!source.startsWith(real) && attributes.isSymbolicLink()) {
              refused[0] = outside(relative);
              return FileVisitResult.TERMINATE;
            }
            if (Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
              try {
                published.add(put(source, objectFor(target, relative)));
              } catch (StagingException e) {
                refused[0] = e;
                return FileVisitResult.TERMINATE;
              }
            }
            return FileVisitResult.CONTINUE;
          }

          private Path target(Path link) {
            try {
              return link.toRealPath();
            } catch (IOException e) {
              return Path.of("/"); // dangling: it leads nowhere inside
            }
          }
        });
    if (refused[0] != null) {
      throw refused[0];
    }
  }

  private static StagingException outside(Path link) {
    return new StagingException(
        "the output '" + link + "' is a link that leads outside its folder; copy the file instead",
        false,
        null);
  }

  /** No store can hold an object of such a name, now or later. */
  private static StoreUri objectFor(StoreUri folder, Path relative) throws StagingException {
    try {
      return folder.resolve(relative.toString());
    } catch (IllegalArgumentException e) {
      String shown = CONTROL.matcher(relative.toString()).replaceAll("?");
      throw new StagingException(
          "the output '" + shown + "' cannot be an object: " + e.getMessage(), false, e);
    }
  }

  private static String fileName(Path file) {
    Path name = file.getFileName();
    return name == null ? "" : name.toString();
  }

  private ObjectInfo put(Path file, StoreUri object) throws IOException {
    try (ObjectUpload upload = storages.upload(file, object)) {
      return upload.commit();
    }
  }

  @FunctionalInterface
  private interface Publishing {
    void run() throws IOException, StagingException;
  }

  private static void publishing(Publishing publishing) throws StagingException {
    try {
      publishing.run();
    } catch (StorageException e) {
      throw StagingException.of(e);
    } catch (IOException e) {
      throw StagingException.of("what the attempt wrote could not be read", e);
    }
  }
}
