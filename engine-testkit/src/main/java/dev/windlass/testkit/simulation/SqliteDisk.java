package dev.windlass.testkit.simulation;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.windlass.core.store.SqliteStore;
import dev.windlass.core.store.StateStore;
import dev.windlass.testkit.time.SimulatedPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The real store in a real file. It meets crashes, but neither power cuts nor faults of a disc. */
final class SqliteDisk implements StoreDisk {
  private final Path directory;
  private @Nullable SqliteStore open;

  SqliteDisk() {
    try {
      directory = Files.createTempDirectory("windlass-simulation");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public StateStore open(SimulatedPlatform life) {
    closeStore();
    SqliteStore store = SqliteStore.open(directory.resolve("state.db"));
    open = store;
    return store;
  }

  @Override
  public void powerCut() {
    // What is committed is synced; see the torn write-ahead logs in the tests of the store.
  }

  private void closeStore() {
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() {
    closeStore();
    try {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
