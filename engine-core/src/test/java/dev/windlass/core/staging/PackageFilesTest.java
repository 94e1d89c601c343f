package dev.windlass.core.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectPage;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StoreUri;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An archive is somebody else's text: nothing of it lands outside the working directory. */
final class PackageFilesTest {
  private static final StoreUri PACKAGE = StoreUri.parse("oss://bucket/package.tar.gz");

  @TempDir Path directory;
  private Path work;
  private Path outside;

  @BeforeEach
  void makeDirectories() throws IOException {
    work = Files.createDirectory(directory.resolve("work"));
    outside = Files.createDirectory(directory.resolve("outside"));
  }

  /** Fills an archive. */
  private interface Content {
    void into(TarArchiveOutputStream tar) throws IOException;
  }

  private void unpack(Content content) throws IOException, StagingException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      content.into(tar);
    }
    Storages storages = new Storages(Map.of("oss", new OneObject(bytes.toByteArray())));
    new PackageFiles(storages).stage(PACKAGE, work);
  }

  private static void file(TarArchiveOutputStream tar, String name, int mode) throws IOException {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    // As it is given: an archive from elsewhere is not tidied either.
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(text.length);
    entry.setMode(mode);
    tar.putArchiveEntry(entry);
    tar.write(text);
    tar.closeArchiveEntry();
  }

  private static void link(TarArchiveOutputStream tar, String name, byte kind, String target)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private void assertRefused(String entry, Content content) throws IOException {
    assertThatThrownBy(() -> unpack(content))
        .isInstanceOfSatisfying(
            StagingException.class,
            refused -> {
              assertThat(refused.isRetryable()).isFalse();
              assertThat(refused).hasMessageContaining("'" + entry);
              assertThat(refused).hasMessageContaining(PACKAGE.toString());
            });
    assertThat(outside).isEmptyDirectory();
    assertThat(directory.resolve("x")).doesNotExist();
  }

  @Test
  void anOrdinaryArchiveIsUnpacked() throws Exception {
    unpack(
        tar -> {
          file(tar, "bin/run", 0755);
          file(tar, "./data", 0644);
          link(tar, "bin/also", TarConstants.LF_SYMLINK, "run");
          link(tar, "copy", TarConstants.LF_LINK, "bin/run");
        });
    assertThat(work.resolve("bin/run")).hasContent("bin/run").isExecutable();
    assertThat(work.resolve("data")).hasContent("./data");
    assertThat(Files.isExecutable(work.resolve("data"))).isFalse();
    assertThat(work.resolve("bin/also")).isSymbolicLink().hasContent("bin/run");
    assertThat(work.resolve("copy")).hasContent("bin/run");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/../../x", "/tmp/x", "/../x", "../outside/x"})
  void anEntryOutsideIsRefusedByName(String name) throws IOException {
    assertRefused(name, tar -> file(tar, name, 0644));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside", "/etc", "a/../../outside", ".."})
  void aLinkThatPointsOutsideIsRefusedByName(String target) throws IOException {
    assertRefused("link", tar -> link(tar, "link", TarConstants.LF_SYMLINK, target));
    assertRefused(target, tar -> link(tar, "link", TarConstants.LF_LINK, target));
  }

  @Test
  void anEntryBehindALinkIsRefusedByName() throws IOException {
    assertRefused(
        "link/x",
        tar -> {
          link(tar, "link", TarConstants.LF_SYMLINK, "inside");
          file(tar, "link/x", 0644);
        });
  }

  @Test
  void aDeviceIsRefusedByName() throws IOException {
    assertRefused("pipe", tar -> link(tar, "pipe", TarConstants.LF_FIFO, ""));
    assertRefused("disk", tar -> link(tar, "disk", TarConstants.LF_BLK, ""));
  }

  /** A store of one object. */
  private static final class OneObject implements Storage {
    private final byte[] content;

    OneObject(byte[] content) {
      this.content = content;
    }

    @Override
    public InputStream read(StoreUri object, long offset) {
      return new ByteArrayInputStream(content);
    }

    @Override
    public Optional<ObjectInfo> stat(StoreUri object) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ObjectPage list(StoreUri folder, Optional<String> after, int limit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ObjectUpload write(StoreUri object) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(StoreUri object) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
