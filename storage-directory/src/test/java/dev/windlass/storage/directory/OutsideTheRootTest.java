package dev.windlass.storage.directory;

import static dev.windlass.storage.directory.Trial.assertRefused;
import static dev.windlass.storage.directory.Trial.file;
import static dev.windlass.storage.directory.Trial.keys;
import static dev.windlass.storage.directory.Trial.put;
import static dev.windlass.storage.directory.Trial.treeOf;
import static dev.windlass.storage.directory.Trial.uri;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing outside the root is read, written or listed, whatever links somebody puts into it. */
class OutsideTheRootTest {

  @TempDir private Path directory;
  private Path root;
  private Path outside;

  static Stream<Folder.Opener> openers() {
    return Stream.of(Folder::open, PathFolder::new);
  }

  @BeforeEach
  void makeRootAndOutside() throws IOException {
    root = Files.createDirectories(directory.resolve("root"));
    outside = Files.createDirectories(directory.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    file(root, "real", "x");
  }

  private void link(String key, Path target) throws IOException {
    Files.createSymbolicLink(root.resolve("bucket").resolve(key), target);
  }

  @ParameterizedTest
  @MethodSource("openers")
  void aLinkToAFileIsNoObject(Folder.Opener opener) throws IOException {
    link("link", outside.resolve("secret"));
    try (Storage storage = DirectoryStorage.at(root, opener)) {
      assertThat(storage.stat(uri("link"))).isEmpty();
      assertRefused(Code.NOT_FOUND, () -> storage.read(uri("link"), 0));
      assertRefused(Code.INVALID_NAME, () -> put(storage, "link", "new"));
      assertRefused(Code.INVALID_NAME, () -> storage.localPath(uri("link")));
      storage.delete(uri("link"));
      assertThat(keys(storage)).containsExactly("real");
    }
    assertThat(outside.resolve("secret")).hasContent("secret");
  }

  @ParameterizedTest
  @MethodSource("openers")
  void aLinkToADirectoryIsNoFolder(Folder.Opener opener) throws IOException {
    link("link", outside);
    try (Storage storage = DirectoryStorage.at(root, opener)) {
      assertThat(storage.stat(uri("link/secret"))).isEmpty();
      assertRefused(Code.NOT_FOUND, () -> storage.read(uri("link/secret"), 0));
      assertRefused(Code.INVALID_NAME, () -> put(storage, "link/new", "new"));
      assertRefused(Code.INVALID_NAME, () -> put(storage, "link/deep/new", "new"));
      assertRefused(Code.INVALID_NAME, () -> storage.localPath(uri("link/secret")));
      storage.delete(uri("link/secret"));
      assertThat(storage.list(uri("link/"), Optional.empty(), 10).objects()).isEmpty();
      assertThat(keys(storage)).containsExactly("real");
    }
    assertThat(treeOf(outside)).containsExactly("secret");
  }

  @ParameterizedTest
  @MethodSource("openers")
  void aLinkInPlaceOfTheUploadAreaIsNotFollowed(Folder.Opener opener) throws IOException {
    Files.createSymbolicLink(root.resolve(UploadArea.NAME), outside);
    try (Storage storage = DirectoryStorage.at(root, opener)) {
      assertRefused(Code.FAILED, () -> put(storage, "a", "x"));
    }
    assertThat(treeOf(outside)).containsExactly("secret");
  }

  @Test
  void aBucketMayBeALinkNeither() throws IOException {
    Files.createSymbolicLink(root.resolve("linked"), outside);
    try (Storage storage = DirectoryStorage.at(root)) {
      assertThat(storage.stat(new StoreUri("dir", "linked", "secret"))).isEmpty();
    }
  }

  @Test
  void theRootItselfMayBeALink() throws IOException {
    Path alias = Files.createSymbolicLink(directory.resolve("alias"), root);
    try (Storage storage = DirectoryStorage.at(alias)) {
      assertThat(keys(storage)).containsExactly("real");
    }
  }

  @Test
  void aFolderThatIsSwappedForALinkAllTheTimeLeadsNowhere() throws Throwable {
    file(root, "f/inside", "x");
    Path folder = root.resolve("bucket/f");
    Path kept = directory.resolve("kept");
    AtomicBoolean over = new AtomicBoolean();
    Thread swapper =
        new Thread(
            () -> {
              while (!over.get()) {
                try {
                  Files.move(folder, kept, StandardCopyOption.ATOMIC_MOVE);
                  Files.createSymbolicLink(folder, outside);
                  Files.delete(folder);
                  Files.move(kept, folder, StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                  // A writer made the folder anew; it may stay.
                  over.set(true);
                }
              }
            });
    swapper.start();
    try (Storage storage = DirectoryStorage.at(root)) {
      for (int i = 0; i < 2_000; i++) {
        String key = "f/new" + i;
        orRefused(() -> assertThat(storage.stat(uri("f/secret"))).isEmpty());
        orRefused(() -> assertThat(keys(storage)).doesNotContain("f/secret"));
        if (i % 100 == 99) {
          orRefused(() -> put(storage, key, "x"));
        }
      }
    } finally {
      over.set(true);
      swapper.join();
    }
    assertThat(treeOf(outside)).containsExactly("secret");
  }

  private static void orRefused(ThrowingCallable call) throws Throwable {
    try {
      call.call();
    } catch (StorageException e) {
      assertThat(e.code()).as("%s", e).isIn(Code.INVALID_NAME, Code.UNAVAILABLE);
    }
  }

  @Test
  void aRootThatIsMissingIsRefusedAndNotMade() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DirectoryStorage.at(directory.resolve("missing")));
    assertThat(directory.resolve("missing")).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("openers")
  void aRootThatWentAwayIsUnavailableAndNotEmpty(Folder.Opener opener) throws IOException {
    try (Storage storage = DirectoryStorage.at(root, opener)) {
      Files.move(root, directory.resolve("elsewhere"));
      assertRefused(Code.UNAVAILABLE, () -> storage.stat(uri("real")));
      assertRefused(Code.UNAVAILABLE, () -> storage.read(uri("real"), 0));
      assertRefused(Code.UNAVAILABLE, () -> keys(storage));
    }
  }

  @Test
  void anotherDirectoryInThePlaceOfTheRootIsUnavailableAndNotEmpty() throws IOException {
    try (Storage storage = DirectoryStorage.at(root)) {
      Files.move(root, directory.resolve("elsewhere"));
      Files.createDirectories(root);
      assertRefused(Code.UNAVAILABLE, () -> storage.stat(uri("real")));
      assertRefused(Code.UNAVAILABLE, () -> put(storage, "a", "x"));
    }
    assertThat(treeOf(root)).isEmpty();
  }
}
