package dev.windlass.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.windlass.Engine;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a recording of the JDK Flight Recorder tells of the engine. */
@Timeout(60)
final class FlightTest {

  @TempDir Path directory;

  @Test
  void aRecordingTellsOfCommitsTurnsAndAttempts() throws Exception {
    Path file = directory.resolve("flight.jfr");
    JobId job;
    try (Recording recording = new Recording()) {
      recording.enable("dev.windlass.Turn").withThreshold(Duration.ZERO);
      recording.start();
      job = runAJob();
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);

    assertThat(named(events, "dev.windlass.Commit"))
        .isNotEmpty()
        .allMatch(event -> event.getInt("changes") > 0 && !event.getDuration().isNegative());
    assertThat(named(events, "dev.windlass.Turn")).anyMatch(event -> event.getInt("inputs") > 0);
    assertThat(named(events, "dev.windlass.AttemptEnded"))
        .filteredOn(event -> event.getString("job").equals(job.value()))
        .extracting(
            event -> event.getString("task"),
            event -> event.getInt("index"),
            event -> event.getString("outcome"),
            event -> event.getBoolean("success"))
        .containsExactly(tuple("only", 0, "exited with 3", false));
  }

  private JobId runAJob() throws InterruptedException {
    try (Engine engine =
        EngineBuilder.at(directory.resolve("engine"))
            .executor(
                FunctionExecutor.builder("functions")
                    .capacity(Resources.cpus(1))
                    .function("fail", run -> 3)
                    .build())
            .open()) {
      JobId job =
          engine.submit(
              JobDescription.builder("job")
                  .task("only", TaskDescription.builder(Command.of("fail")).build())
                  .build());
      engine.await(job);
      return job;
    }
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
  }
}
