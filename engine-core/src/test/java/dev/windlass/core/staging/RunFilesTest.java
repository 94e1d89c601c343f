package dev.windlass.core.staging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.LogBound;
import dev.windlass.core.staging.RunFiles.Note;
import dev.windlass.job.AttemptId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is noted of where an attempt is placed. */
class RunFilesTest {
  private static final AttemptId ID = AttemptId.parse("job-" + "0".repeat(32) + "/t/0/1");

  @TempDir Path directory;
  private RunFiles files;

  @BeforeEach
  void makeDirectory() throws Exception {
    files = new RunFiles(directory, LogBound.DEFAULT);
    Files.createDirectories(files.directory(ID));
  }

  private void write(String text) throws Exception {
    Files.writeString(files.directory(ID).resolve("node"), text);
  }

  @Test
  void aNoteIsReadBack() throws Exception {
    for (Note note : List.of(new Note("node", List.of()), new Note("node", List.of(0, 12)))) {
      files.noteNode(ID, note);
      assertThat(files.node(ID)).contains(note);
    }
  }

  @Test
  void aNoteOfAVersionWithoutDevicesIsRead() throws Exception {
    write("default-local-0");
    assertThat(files.node(ID)).contains(new Note("default-local-0", List.of()));
  }

  @Test
  void whatIsNoNoteTellsNothing() throws Exception {
    assertThat(files.node(ID)).isEmpty();
    write("node\nxy");
    assertThat(files.node(ID)).isEmpty();
  }

  @Test
  void aLogThatStaysIsShortenedOnceNothingElseIsLeft() throws Exception {
    files = new RunFiles(directory, new LogBound(3, 5));
    Path attempt = files.directory(ID);
    Files.writeString(attempt.resolve("stdout"), "a".repeat(200));
    Files.createDirectories(attempt.resolve("work"));
    Files.writeString(attempt.resolve("zzz"), "left");
    // Would stand in the way of the shorter one.
    Path inTheWay = attempt.resolve("stdout.short");
    Files.createDirectories(inTheWay.resolve("full"));

    files.clear(ID, true);

    assertThat(attempt.resolve("work")).doesNotExist();
    assertThat(attempt.resolve("zzz")).doesNotExist();
    assertThat(inTheWay).doesNotExist();
    assertThat(attempt.resolve("stdout")).content().hasSizeLessThan(60).startsWith("aaa\n");
  }
}
