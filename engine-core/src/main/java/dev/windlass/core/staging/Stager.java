package dev.windlass.core.staging;

import dev.windlass.core.job.TaskPlan;
import dev.windlass.executor.Capability;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.Mapping;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * Makes the mappings of an attempt real before its program starts.
 *
 * <p>An input is either <em>direct</em>, where the storage offers a local path and the executor can
 * bind it read-only, or <em>staged</em>: copied to where the program looks. Never linked without a
 * copy otherwise, because a program could then write into the store. A mount is always direct.
 */
public final class Stager {
  /**
   * What was made of the mappings of an attempt.
   *
   * @param bindings what the executor must bind
   * @param bytes how much was copied, the package not counted
   */
  public record Staged(List<PathBinding> bindings, long bytes) {}

  private final Storages storages;
  private final PackageFiles packages;

  /** A stager that brings data from storages. */
  public Stager(Storages storages) {
    this.storages = storages;
    this.packages = new PackageFiles(storages);
  }

  /**
   * Makes the working directory of an attempt with its package, and its mappings. Blocks.
   *
   * @param directory the attempt's directory; what an earlier, interrupted staging left there was
   *     removed
   * @param cancelled asked now and then; once true, the rest is left out
   * @return what the executor must bind, and how much was copied
   * @throws StagingException if something could not be brought
   */
  public Staged stageIn(
      TaskPlan plan, Path directory, ExecutorInfo executor, BooleanSupplier cancelled)
      throws StagingException {
    try {
      Files.createDirectories(directory.resolve("work"));
      Optional<String> packageUri = plan.task().packageUri();
      if (packageUri.isPresent()) {
        packages.stage(StoreUri.parse(packageUri.get()), directory.resolve("work"));
      }
      List<PathBinding> bindings = new ArrayList<>();
      LongAdder bytes = new LongAdder();
      Places places = new Places(directory, plan.task().mappings());
      for (int i = 0; i < plan.task().mappings().size() && !cancelled.getAsBoolean(); i++) {
        stage(plan.task().mappings().get(i), i, places, executor, cancelled, bytes)
            .ifPresent(bindings::add);
      }
      return new Staged(List.copyOf(bindings), bytes.sum());
    } catch (StorageException e) {
      throw StagingException.of(e);
    } catch (IOException e) {
      throw StagingException.of("the files of the attempt could not be made", e);
    }
  }

  private Optional<PathBinding> stage(
      Mapping mapping,
      int index,
      Places places,
      ExecutorInfo executor,
      BooleanSupplier cancelled,
      LongAdder bytes)
      throws IOException, StagingException {
    StoreUri uri = StoreUri.parse(mapping.store());
    return switch (mapping.direction()) {
      case INPUT -> {
        Optional<Path> offered = offered(uri);
        if (offered.isPresent() && executor.can(Capability.READ_ONLY_BINDINGS)) {
          yield Optional.of(new PathBinding(offered.get(), places.program(index), true));
        }
        copyIn(uri, places.host(index), cancelled, bytes);
        yield places.binding(index, executor.can(Capability.READ_ONLY_BINDINGS));
      }
      case WRITABLE_INPUT -> {
        copyIn(uri, places.host(index), cancelled, bytes);
        yield places.binding(index, false);
      }
      case OUTPUT, LOG -> {
        prepare(mapping, index, places);
        yield places.binding(index, false);
      }
      case MOUNT -> {
        Path offered =
            storages
                .of(uri)
                .localPath(uri)
                .orElseThrow(
                    () ->
                        new StagingException(
                            uri + " cannot be mounted: its storage offers no local path",
                            false,
                            null));
        Files.createDirectories(offered);
        yield Optional.of(new PathBinding(offered, places.program(index), false));
      }
    };
  }

  /** The local path of an input, if its storage offers one and something is there. */
  private Optional<Path> offered(StoreUri uri) {
    return storages
        .of(uri)
        .localPath(uri)
        .filter(path -> uri.isFolder() ? Files.isDirectory(path) : Files.isRegularFile(path));
  }

  private void copyIn(StoreUri uri, Path target, BooleanSupplier cancelled, LongAdder bytes)
      throws IOException, StagingException {
    if (!uri.isFolder()) {
      Files.createDirectories(parent(target));
      bytes.add(storages.download(uri, target));
      return;
    }
    Files.createDirectories(target);
    storages.forEach(
        uri,
        object -> {
          if (!cancelled.getAsBoolean()) {
            Path file = target.resolve(uri.relativize(object.uri()));
            Files.createDirectories(parent(file));
            bytes.add(storages.download(object.uri(), file));
          }
        });
  }

  /**
   * A folder exists before the program writes into it; a file at an absolute path exists so that it
   * can be bound.
   */
  private static void prepare(Mapping mapping, int index, Places places) throws IOException {
    Path place = places.host(index);
    if (mapping.local().endsWith("/")) {
      Files.createDirectories(place);
    } else {
      Files.createDirectories(parent(place));
      if (mapping.local().startsWith("/")) {
        Files.createFile(place);
      }
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new AssertionError(path + " has no parent");
    }
    return parent;
  }
}
