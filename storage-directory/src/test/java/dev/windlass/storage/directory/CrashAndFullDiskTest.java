package dev.windlass.storage.directory;

import static dev.windlass.storage.directory.Trial.assertRefused;
import static dev.windlass.storage.directory.Trial.keys;
import static dev.windlass.storage.directory.Trial.put;
import static dev.windlass.storage.directory.Trial.read;
import static dev.windlass.storage.directory.Trial.treeOf;
import static dev.windlass.storage.directory.Trial.uri;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException.Code;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What crashed writers leave is swept, what living ones write is not, and a full disk is said so.
 */
class CrashAndFullDiskTest {

  @TempDir private Path root;

  @Test
  void whatAKilledWriterLeftIsSweptAndNothingOfItWasVisible() throws Exception {
    Process writer = startWriter();
    try (Storage beside = DirectoryStorage.at(root)) {
      assertThat(uploads()).as("a living writer's upload is not swept").isNotEmpty();
      assertThat(keys(beside)).isEmpty();
    } finally {
      writer.destroyForcibly().waitFor();
    }
    try (Storage after = DirectoryStorage.at(root)) {
      assertThat(uploads()).isEmpty();
      assertThat(keys(after)).isEmpty();
      put(after, "f/a", "x");
    }
  }

  @Test
  void aStorageOfTheSameProcessSweepsNothingOfAnother() throws IOException {
    try (Storage one = DirectoryStorage.at(root);
        ObjectUpload upload = one.write(uri("a"))) {
      upload.body().write('x');
      DirectoryStorage.at(root).close();
      try (Storage other = DirectoryStorage.at(root)) {
        put(other, "b", "x");
      }
      upload.commit();
      assertThat(read(one, "a")).isEqualTo("x");
    }
  }

  private List<String> uploads() throws IOException {
    return treeOf(root.resolve(UploadArea.NAME));
  }

  private Process startWriter() throws IOException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                UnfinishedWriter.class.getName(),
                root.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output = writer.inputReader();
    assertThat(output.readLine()).isEqualTo("uploading");
    return writer;
  }

  /** A process that is in the middle of an upload until somebody ends it. */
  static final class UnfinishedWriter {

    private UnfinishedWriter() {}

    public static void main(String[] arguments) throws Exception {
      Storage storage = DirectoryStorage.at(Path.of(arguments[0]));
      ObjectUpload upload = storage.write(uri("f/a"));
      upload.body().write(new byte[100_000]);
      System.out.println("uploading");
      Thread.sleep(60_000);
    }
  }

  @Test
  void aFullDiskIsNoSpaceAndLeavesTheOldContent() throws Exception {
    Path small = Files.createDirectories(root.resolve("small"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString()), "no tmpfs");
    try (Storage storage = DirectoryStorage.at(small)) {
      put(storage, "a", "old");
      assertRefused(Code.NO_SPACE, () -> put(storage, "a", "x".repeat(2_000_000)));
      assertThat(read(storage, "a")).isEqualTo("old");
      put(storage, "b", "there is room again");
      assertThat(keys(storage)).containsExactly("a", "b");
    } finally {
      assertThat(run("umount", small.toString())).isTrue();
    }
  }

  @Test
  void aReadOnlyFileSystemIsReadAndDeniesWriting() throws Exception {
    Path mounted = Files.createDirectories(root.resolve("mounted"));
    assumeTrue(run("mount", "-t", "tmpfs", "tmpfs", mounted.toString()), "no tmpfs");
    try {
      Trial.file(mounted, "a", "x");
      assertThat(run("mount", "-o", "remount,ro", mounted.toString())).isTrue();
      try (Storage storage = DirectoryStorage.at(mounted)) {
        assertThat(read(storage, "a")).isEqualTo("x");
        assertRefused(Code.ACCESS_DENIED, () -> put(storage, "b", "x"));
        assertRefused(Code.ACCESS_DENIED, () -> storage.delete(uri("a")));
      }
    } finally {
      assertThat(run("umount", mounted.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
