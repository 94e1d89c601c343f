package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.AttemptStatus;
import dev.windlass.Manifest;
import dev.windlass.PublishedObject;
import dev.windlass.UsageTotals;
import dev.windlass.error.EngineException;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What attempts leave behind: their times, their outputs, and what they used in sum. */
class UsageTest extends TestEngineCase {
  private static final TaskName A = new TaskName("a");

  private JobId submit(String owner, TaskDescription.Builder task) {
    JobDescription.Builder job = JobDescription.builder("job").task("a", task.build());
    return test.engine().submit((owner.isEmpty() ? job : job.owner(owner)).build());
  }

  @Test
  void anAttemptTellsItsTimesAndWhatItCopiedAndPublished() throws Exception {
    test.putObject("oss://b/in.txt", "12345");
    test.script().task("a").succeeds().after(FORTY_MINUTES).writing("out/x", "abc");
    test.advance(Duration.ofMinutes(1));
    JobId job =
        submit("", program().input("oss://b/in.txt", "in.txt").output("out/", "oss://b/out/"));
    test.engine().await(job);

    AttemptStatus attempt = test.engine().attempts(instance(job, "a", 0)).get(0);
    assertThat(attempt.waitingSince().orElseThrow())
        .isEqualTo(BEGINNING.plus(Duration.ofMinutes(1)));
    assertThat(attempt.begun().orElseThrow())
        .isBetween(attempt.waitingSince().get(), attempt.started().orElseThrow());
    assertThat(attempt.ended().orElseThrow())
        .isEqualTo(attempt.started().get().plus(FORTY_MINUTES));
    assertThat(attempt.published().orElseThrow()).isAfterOrEqualTo(attempt.ended().get());
    assertThat(attempt.bytesStaged()).isEqualTo(5);
    Manifest outputs = test.engine().outputs(attempt.id());
    assertThat(outputs.objects()).extracting(PublishedObject::uri).contains("oss://b/out/x");
    assertThat(outputs.objects()).allMatch(object -> !object.version().isEmpty());
    assertThat(outputs.count()).isEqualTo(outputs.objects().size());
    assertThat(outputs.bytes())
        .isEqualTo(outputs.objects().stream().mapToLong(PublishedObject::bytes).sum())
        .isEqualTo(attempt.bytesPublished());
    assertThat(test.engine().outputs(instance(job, "a", 0).attempt(2))).isEqualTo(Manifest.empty());
  }

  @Test
  void ofVeryManyObjectsTheFirstAreKeptAndTheOthersCounted() throws Exception {
    int objects = Manifest.MOST_KEPT + 7;
    test.script()
        .task("a")
        .does(
            run -> {
              for (int i = 0; i < objects; i++) {
                run.write("out/" + i, "z");
              }
              return dev.windlass.testkit.script.ProgramEnd.exited(0);
            });
    JobId job = submit("", program().output("out/", "oss://b/out/"));
    test.engine().await(job);

    Manifest outputs = test.engine().outputs(instance(job, "a", 0).attempt(1));
    assertThat(outputs.objects()).hasSize(Manifest.MOST_KEPT);
    assertThat(outputs.count()).isEqualTo(objects);
    assertThat(outputs.bytes()).isEqualTo(objects);
  }

  @Test
  void usageIsSummedUpOverAllAttemptsAlsoFailedOnesAndOverACrash() throws Exception {
    test.script().task("a").succeeds().after(Duration.ofSeconds(10));
    test.script().task("a").instance(1).attempt(1).exits(3).after(Duration.ofSeconds(4));
    JobId job =
        submit(
            "ann",
            program()
                .instances(3)
                .resources(Resources.cpus(1).withMemory(1 << 20))
                .retry(RetryPolicy.retries(1)));
    test.advance(Duration.ofSeconds(2));
    test.crashHost();
    test.restartHost();
    test.engine().await(job);

    UsageTotals usage = test.engine().usage(job);
    assertThat(usage.attempts()).isEqualTo(4);
    assertThat(usage.instanceTime()).isEqualTo(Duration.ofSeconds(34));
    assertThat(usage.memoryKibSeconds()).isEqualTo(34 * 1024);
    assertThat(test.engine().usage(job, A)).isEqualTo(usage);
    assertThat(test.engine().usageByOwner()).isEqualTo(Map.of("ann", usage));
  }

  @Test
  void theSumsOfAnOwnerOutliveItsJobs() throws Exception {
    test.script().all().succeeds().after(Duration.ofSeconds(10));
    List<JobId> jobs =
        List.of(submit("ann", program()), submit("ann", program()), submit("", program()));
    for (JobId job : jobs) {
      test.engine().await(job);
      test.engine().delete(job);
    }

    assertThatThrownBy(() -> test.engine().usage(jobs.get(0))).isInstanceOf(EngineException.class);
    assertThat(test.engine().usageByOwner().get("ann").instanceTime())
        .isEqualTo(Duration.ofSeconds(20));
    assertThat(test.engine().usageByOwner().get("").attempts()).isEqualTo(1);
  }
}
