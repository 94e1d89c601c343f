package dev.windlass.system;

import dev.windlass.storage.Storage;
import dev.windlass.storage.StoreUri;
import dev.windlass.storage.directory.DirectoryStorage;
import dev.windlass.testkit.storage.StorageContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** The directory storage keeps the contract of all storages. */
@Tag("slow")
@net.jqwik.api.Tag("slow")
class DirectoryStorageContractTest extends StorageContract {

  // One for the class: each try has a folder of its own in it. Below the build's directory, on a
  // disk rather than in memory. "clean" removes it.
  private static final Path DIRECTORY = newDirectory();

  private static Path newDirectory() {
    try {
      return Files.createTempDirectory(
          Files.createDirectories(Path.of("target")), "directory-storage");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Storage open() {
    return DirectoryStorage.at(DIRECTORY);
  }

  @Override
  protected StoreUri root() {
    return StoreUri.parse("dir://bucket/suite/");
  }
}
