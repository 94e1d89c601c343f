package dev.windlass.executor.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes of tars that a program in a container may have brought about. */
final class TarUnpackerTest {

  @TempDir Path directory;
  private final ByteArrayOutputStream packed = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(packed, "UTF-8");
  private Path place;

  @BeforeEach
  void choosePlace() {
    place = directory.resolve("place/content");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  private void folder(String name) throws IOException {
    tar.putArchiveEntry(new TarArchiveEntry(name + "/", TarConstants.LF_DIR));
    tar.closeArchiveEntry();
  }

  private void file(String name, String content) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.getBytes(UTF_8).length);
    tar.putArchiveEntry(entry);
    tar.write(content.getBytes(UTF_8));
    tar.closeArchiveEntry();
  }

  private void link(String name, byte kind, String target) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private void unpack(String... without) throws IOException {
    tar.close();
    new TarUnpacker(place, List.of(without), () -> false)
        .unpack(new ByteArrayInputStream(packed.toByteArray()));
  }

  @Test
  void namesLoseTheirFirstPartAndKeepTheirOddCharacters() throws Exception {
    folder("work");
    file("work/ü \n'\"*", "odd");
    file("work/" + "long/".repeat(60) + "x", "deep");
    unpack();
    assertThat(place.resolve("ü \n'\"*")).hasContent("odd");
    assertThat(place.resolve("long/".repeat(60) + "x")).hasContent("deep");
  }

  @Test
  void nothingIsWrittenElsewhere() throws Exception {
    Path victim = Files.writeString(directory.resolve("victim"), "untouched");
    folder("work");
    file("work/../../victim", "one");
    file("/out/../../../victim", "two");
    file("work/sub/../../../victim", "three");
    file("work/fine", "fine");
    unpack();
    assertThat(victim).hasContent("untouched");
    assertThat(place.resolve("fine")).hasContent("fine");
    try (var all = Files.walk(directory)) {
      assertThat(all.filter(Files::isRegularFile)).hasSize(2);
    }
  }

  @Test
  void nothingIsWrittenThroughALink() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path victim = Files.writeString(directory.resolve("victim"), "untouched");
    folder("work");
    link("work/out", TarConstants.LF_SYMLINK, elsewhere.toString());
    file("work/out/planted", "evil");
    link("work/file", TarConstants.LF_SYMLINK, victim.toString());
    file("work/file", "evil");
    link("work/hard", TarConstants.LF_LINK, "work/../../../victim");
    link("work/shown", TarConstants.LF_SYMLINK, "/etc/hostname");
    unpack();
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(victim).hasContent("untouched");
    assertThat(place.resolve("out/planted")).hasContent("evil");
    assertThat(place.resolve("hard")).doesNotExist();
    assertThat(Files.readSymbolicLink(place.resolve("shown"))).hasToString("/etc/hostname");
  }

  @Test
  void hardLinksPointToWhatCameBefore() throws Exception {
    folder("work");
    file("work/a", "same");
    link("work/b", TarConstants.LF_LINK, "work/a");
    link("work/c", TarConstants.LF_LINK, "work/missing");
    unpack();
    assertThat(place.resolve("b")).hasContent("same");
    assertThat(Files.exists(place.resolve("c"), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void whatIsNoFileIsLeftOutAndWhatBelongsElsewhereToo() throws Exception {
    folder("work");
    tar.putArchiveEntry(new TarArchiveEntry("work/fifo", TarConstants.LF_FIFO));
    tar.closeArchiveEntry();
    tar.putArchiveEntry(new TarArchiveEntry("work/device", TarConstants.LF_BLK));
    tar.closeArchiveEntry();
    folder("work/in");
    file("work/in/data", "another's");
    file("work/input", "own");
    unpack("in");
    try (var all = Files.list(place)) {
      assertThat(all.map(path -> path.getFileName().toString())).containsExactly("input");
    }
  }

  @Test
  void aSingleFileIsTheContent() throws Exception {
    file("result", "alone");
    unpack();
    assertThat(place).hasContent("alone");
  }

  @Test
  void oneThatBreaksOffIsAnError() throws Exception {
    folder("work");
    file("work/a", "x".repeat(10_000));
    tar.close();
    byte[] half = new byte[5_000];
    System.arraycopy(packed.toByteArray(), 0, half, 0, half.length);
    assertThatThrownBy(
            () ->
                new TarUnpacker(place, List.of(), () -> false)
                    .unpack(new ByteArrayInputStream(half)))
        .isInstanceOf(IOException.class);
  }
}
