package dev.windlass.testkit.engine;

import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A test engine, and jobs of one task. */
@Timeout(60)
abstract class TestEngineCase {
  static final Duration FORTY_MINUTES = Duration.ofMinutes(40);

  /** What the clock shows at the beginning. */
  static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");

  final TestEngine test = TestEngine.create();

  @AfterEach
  void close() {
    test.close();
  }

  static TaskDescription.Builder program() {
    return TaskDescription.builder(Command.of("prog", "one argument"));
  }

  static JobDescription job(String task, TaskDescription.Builder description) {
    return JobDescription.builder("job").task(task, description.build()).build();
  }

  static InstanceId instance(JobId job, String task, int index) {
    return new InstanceId(job, new TaskName(task), index);
  }
}
