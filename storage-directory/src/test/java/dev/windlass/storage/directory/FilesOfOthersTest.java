package dev.windlass.storage.directory;

import static dev.windlass.storage.directory.Trial.assertRefused;
import static dev.windlass.storage.directory.Trial.file;
import static dev.windlass.storage.directory.Trial.keys;
import static dev.windlass.storage.directory.Trial.put;
import static dev.windlass.storage.directory.Trial.read;
import static dev.windlass.storage.directory.Trial.treeOf;
import static dev.windlass.storage.directory.Trial.uri;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException.Code;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other programs do in the directory, and what we leave there for them. */
class FilesOfOthersTest {

  @TempDir private Path root;
  private Storage storage;

  @BeforeEach
  void open() {
    storage = DirectoryStorage.at(root);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void aFileThatIsThereIsAnObject() throws IOException {
    file(root, "f/a", "content");
    assertThat(read(storage, "f/a")).isEqualTo("content");
    assertThat(keys(storage)).containsExactly("f/a");
  }

  @Test
  void anObjectIsAnOrdinaryFile() throws IOException {
    put(storage, "f/a", "content");
    assertThat(root.resolve("bucket/f/a")).hasContent("content");
    assertThat(storage.localPath(uri("f/a"))).contains(root.toRealPath().resolve("bucket/f/a"));
  }

  @Test
  void aStorageThatOnlyReadsWritesNothing() throws IOException {
    file(root, "a", "x");
    read(storage, "a");
    keys(storage);
    storage.delete(uri("missing"));
    assertThat(treeOf(root)).containsExactly("bucket", "bucket/a");
  }

  @Test
  void aStorageThatWasClosedLeavesObjectsOnly() throws IOException {
    put(storage, "a", "x");
    ObjectUpload forgotten = storage.write(uri("b"));
    forgotten.body().write(1);
    storage.close();
    assertThat(treeOf(root)).containsExactly(UploadArea.NAME, "bucket", "bucket/a");
  }

  @Test
  void deletingPrunesFoldersUpToTheBucket() throws IOException {
    put(storage, "x/y/z/a", "x");
    put(storage, "x/b", "x");
    storage.delete(uri("x/y/z/a"));
    assertThat(root.resolve("bucket/x/y")).doesNotExist();
    storage.delete(uri("x/b"));
    assertThat(root.resolve("bucket/x")).doesNotExist();
    assertThat(root.resolve("bucket")).isDirectory();
  }

  @Test
  void emptyDirectoriesStandInNobodysWay() throws IOException {
    Files.createDirectories(root.resolve("bucket/a/b/c"));
    put(storage, "a", "x");
    assertThat(keys(storage)).containsExactly("a");
  }

  @Test
  void aPipeIsNoObjectAndBlocksNobody() throws Exception {
    Files.createDirectories(root.resolve("bucket"));
    Path pipe = root.resolve("bucket/pipe");
    assumeTrue(made(pipe), "mkfifo makes no pipe here");
    assertThat(storage.stat(uri("pipe"))).isEmpty();
    assertRefused(Code.NOT_FOUND, () -> storage.read(uri("pipe"), 0));
    assertRefused(Code.INVALID_NAME, () -> put(storage, "pipe", "x"));
    assertThat(storage.stat(uri("pipe/below"))).isEmpty();
    assertThat(keys(storage)).isEmpty();
  }

  private static boolean made(Path pipe) throws InterruptedException {
    try {
      return new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aFileThatNoKeyCanNameMakesTheListingFail() throws IOException {
    file(root, "f/line\nbreak", "x");
    assertRefused(Code.INVALID_NAME, () -> keys(storage));
  }

  @Test
  void aPartOfAKeyThatIsTooLongForAFileNameIsRefused() throws IOException {
    put(storage, "n".repeat(255), "x");
    assertRefused(Code.INVALID_NAME, () -> storage.write(uri("n".repeat(256))));
    assertRefused(Code.INVALID_NAME, () -> storage.write(uri("\u00e9".repeat(128) + "/a")));
  }

  @Test
  void aReaderOfAFileThatIsCutFails() throws IOException {
    Path file = file(root, "a", "x".repeat(100_000));
    try (InputStream in = storage.read(uri("a"), 0)) {
      in.readNBytes(10);
      try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
        cut.setLength(50_000);
      }
      assertThatExceptionOfType(EOFException.class).isThrownBy(in::readAllBytes);
    }
  }

  @Test
  void theVersionChangesAlsoWhenAnotherProgramRestoresTheTimeOfModification() throws Exception {
    FileTime time = FileTime.fromMillis(1_700_000_000_000L);
    Set<String> versions = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      Path file = file(root, "a", "content " + i);
      Files.setLastModifiedTime(file, time);
      assertThat(versions.add(storage.stat(uri("a")).orElseThrow().version())).isTrue();
      Files.delete(file);
      // The time of change moves in steps of at most 10 ms (100 Hz).
      Thread.sleep(20);
    }
  }

  @Test
  void anUploadRefusesEarlyWhatItCouldNotPublish() throws IOException {
    put(storage, "a", "x");
    put(storage, "f/b", "x");
    assertRefused(Code.INVALID_NAME, () -> storage.write(uri("a/below")));
    assertRefused(Code.INVALID_NAME, () -> storage.write(uri("f")));
  }
}
