package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import dev.windlass.testkit.script.ProgramEnd;
import dev.windlass.testkit.script.ScriptedAttempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which devices an attempt has, and how its program learns that. */
@Timeout(60)
class GpuDevicesTest {

  private final TestEngine test =
      TestEngine.builder().nodeCapacity(Resources.cpus(100).withGpus(4)).build();

  /** What {@code WINDLASS_GPUS} said, by the index of the instance. */
  private final Map<Integer, String> told = new TreeMap<>();

  private final List<Map<String, String>> variables = new ArrayList<>();

  GpuDevicesTest() {
    test.script().attempts(id -> Optional.of(program(Duration.ofHours(id.instance().index() + 1))));
  }

  private ScriptedAttempt program(Duration length) {
    return run -> {
      told.put(
          run.id().instance().index(), run.environment().getOrDefault("WINDLASS_GPUS", "none"));
      variables.add(run.environment());
      return ProgramEnd.of(new Outcome.Exited(0)).after(length);
    };
  }

  @AfterEach
  void close() {
    test.close();
  }

  private void submit(int instances, int gpus) {
    TaskDescription task =
        TaskDescription.builder(Command.of("prog"))
            .instances(instances)
            .resources(Resources.cpus(1).withGpus(gpus))
            .build();
    test.engine().submit(JobDescription.builder("job").task("work", task).build());
    test.advance(Duration.ofMinutes(1));
  }

  @Test
  void aProgramIsToldItsDevices() {
    submit(3, 2);
    assertThat(told).isEqualTo(Map.of(0, "0,1", 1, "2,3"));
    test.advance(Duration.ofHours(1));
    assertThat(told).containsEntry(2, "0,1");
  }

  @Test
  void aProgramWithoutDevicesIsToldNothing() {
    submit(1, 0);
    assertThat(variables)
        .singleElement()
        .satisfies(all -> assertThat(all).doesNotContainKey("WINDLASS_GPUS"));
  }

  @Test
  void whatRunsKeepsItsDevicesAcrossACrash() {
    submit(6, 1);
    assertThat(told).isEqualTo(Map.of(0, "0", 1, "1", 2, "2", 3, "3"));
    test.advance(Duration.ofMinutes(90));
    // The first has ended, and what came after it has its device.
    assertThat(told).containsEntry(4, "0");

    test.crashHost();
    test.restartHost();
    test.advance(Duration.ofMinutes(60));
    assertThat(told).containsEntry(5, "1").hasSize(6);
  }
}
