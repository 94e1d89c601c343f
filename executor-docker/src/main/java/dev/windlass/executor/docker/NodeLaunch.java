package dev.windlass.executor.docker;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Makes the run of an attempt inside a node. What a container of its own would see through a
 * read-only mount is copied, since the mounts of a running container cannot be changed.
 */
final class NodeLaunch implements Launch {

  private final AttemptSpec spec;
  private final InNode place;
  private final Tools tools;
  private final boolean otherUser;

  /**
   * The launch of an attempt.
   *
   * @param place where it is to run
   * @param otherUser true if the node has a user that may not be that of this JVM
   */
  NodeLaunch(AttemptSpec spec, InNode place, Tools tools, boolean otherUser) {
    this.otherUser = otherUser;
    this.spec = spec;
    this.place = place;
    this.tools = tools;
  }

  @Override
  public CompletableFuture<Supplier<Optional<Outcome>>> prepare() {
    if (spec.bindings().isEmpty()) {
      return CompletableFuture.completedFuture(this::make);
    }
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            copyInputs();
            return this::make;
          } catch (IOException e) {
            return () -> Optional.of(unprepared(e));
          }
        },
        tools.workers().forLong());
  }

  private void copyInputs() throws IOException {
    ContainerPlan.makeMountPoints(spec);
    for (PathBinding binding : spec.bindings()) {
      Path source = binding.host().toRealPath();
      Path target = spec.workDirectory().resolve(binding.program());
      Files.walkFileTree(source, new Copy(source, target));
    }
  }

  /** Copies a tree into a directory, or a file over another. Makes no parents. */
  private static final class Copy extends SimpleFileVisitor<Path> {
    private final Path source;
    private final Path target;

    Copy(Path source, Path target) {
      this.source = source;
      this.target = target;
    }

    private Path at(Path path) {
      Path below = source.relativize(path);
      return below.toString().isEmpty() ? target : target.resolve(below.toString());
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      if (!Files.isDirectory(at(directory), LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(at(directory));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (attributes.isRegularFile() || attributes.isSymbolicLink()) {
        Files.copy(
            file,
            at(file),
            LinkOption.NOFOLLOW_LINKS,
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES);
      }
      return FileVisitResult.CONTINUE;
    }

    /** What a store replaces meanwhile is not there any more. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException && !file.equals(source)) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }

  private Optional<Outcome> make() {
    try {
      OutputFiles output = OutputFiles.prepare(spec);
      if (otherUser) {
        Permissions.openToAll(output.stdout());
        Permissions.openToAll(output.stderr());
      }
      place.make(
          new NodeProgram(
              spec.arguments(),
              spec.environment(),
              spec.secretVariables(),
              Optional.of(spec.workDirectory()),
              Optional.of(spec.stdout()),
              Optional.of(spec.stderr()),
              true));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(unprepared(e));
    }
  }

  private static Outcome unprepared(IOException e) {
    return new Outcome.Refused("it cannot be prepared: " + e, true);
  }
}
