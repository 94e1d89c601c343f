package dev.windlass.storage.directory;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Short words for the tests of this package. */
final class Trial {

  private Trial() {}

  static StoreUri uri(String key) {
    return new StoreUri("dir", "bucket", key);
  }

  static ObjectInfo put(Storage storage, String key, String content) throws IOException {
    try (ObjectUpload upload = storage.write(uri(key))) {
      upload.body().write(content.getBytes(StandardCharsets.UTF_8));
      return upload.commit();
    }
  }

  static String read(Storage storage, String key) throws IOException {
    try (InputStream in = storage.read(uri(key), 0)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static List<String> keys(Storage storage) {
    return storage.list(uri(""), Optional.empty(), 10_000).objects().stream()
        .map(info -> info.uri().key())
        .toList();
  }

  static Path file(Path root, String key, String content) throws IOException {
    Path file = root.resolve("bucket").resolve(key);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  static void assertRefused(Code code, ThrowingCallable call) {
    Assertions.assertThatExceptionOfType(StorageException.class)
        .isThrownBy(call)
        .extracting(StorageException::code)
        .isEqualTo(code);
  }

  /** Everything below a directory, relative to it. */
  static List<String> treeOf(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return new ArrayList<>(
          all.filter(path -> !path.equals(directory))
              .map(path -> directory.relativize(path).toString())
              .sorted()
              .toList());
    }
  }
}
