package dev.windlass.testkit.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.event.Event;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskDescription;
import dev.windlass.testkit.engine.TestEngine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a recording holds, and what is refused as one. */
@Timeout(60)
@SuppressWarnings("try") // a recorder records, unasked
class RecorderTest {
  @TempDir private Path directory;

  private static TaskDescription.Builder program(String name) {
    return TaskDescription.builder(Command.of(name));
  }

  @Test
  void jobsFromBeforeTheRecordingAreLeftOut() throws Exception {
    Path file = directory.resolve("late.jsonl");
    try (TestEngine test = TestEngine.create()) {
      test.script().task("a").exits(1).times(1);
      JobDescription job = JobDescription.builder("job").task("a", program("x").build()).build();
      JobId early = test.engine().submit(job);
      test.engine().await(early);
      try (Recorder recorder = Recorder.start(test.engine(), file)) {
        test.engine().restart(early);
        test.engine().await(early);
        test.engine().await(test.engine().submit(job));
      }
      test.engine().await(test.engine().submit(job));
    }

    Recording recording = Recording.read(file);

    assertThat(recording.submissions()).hasSize(1);
    assertThat(recording.events())
        .extracting(Event.JobEvent::job)
        .containsOnly(recording.submissions().get(0).job());
  }

  @Test
  void badRecordingsAreRefusedWithTheirLine() throws Exception {
    refused("", "line 1");
    refused("nonsense\n", "line 1");
    refused("[]\n", "line 1: must be an object");
    refused("{\"windlassRecording\":2}\n", "is of version 2");
    refused(
        "{\"windlassRecording\":1}\n{\"kind\":\"JOB_CHANGED\"}\n", "line 2: has no field 'job'");
    refused("{\"windlassRecording\":1}\n{\"kind\":\"OTHER\"}\n", "line 2");
    assertThat(Recording.parse("{\"windlassRecording\":1}\n").submissions()).isEmpty();
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> Recording.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aStreamThatFailsIsToldOnClosing() throws Exception {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("full");
          }
        };
    try (TestEngine test = TestEngine.create()) {
      Recorder recorder = Recorder.start(test.engine(), full);
      test.engine()
          .await(
              test.engine()
                  .submit(JobDescription.builder("job").task("a", program("x").build()).build()));

      assertThatThrownBy(recorder::close).isInstanceOf(IOException.class).hasMessage("full");
      recorder.close();
    }
  }
}
