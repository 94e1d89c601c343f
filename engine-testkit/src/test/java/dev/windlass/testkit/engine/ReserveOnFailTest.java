package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.ReservedCapacity;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.Command;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Tolerance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an instance that fails keeps, until somebody releases it. */
@Timeout(60)
class ReserveOnFailTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Resources TYPE = Resources.cpus(2).withMemory(4L << 30);

  /** Room for two machines of the type. */
  private final TestEngine test = TestEngine.builder().nodeCapacity(TYPE.plus(TYPE)).build();

  @AfterEach
  void close() {
    test.close();
  }

  private static TaskDescription.Builder work() {
    return TaskDescription.builder(Command.of("prog"))
        .placement(Placement.AutoCluster.of("ecs.sn1.medium").reservingOnFail());
  }

  private JobId submit(String name, TaskDescription.Builder task) {
    return test.engine().submit(JobDescription.builder(name).task("work", task.build()).build());
  }

  /** A job whose one instance has failed. */
  private JobId failed() throws InterruptedException {
    test.script().task("work").exits(3).writing("half", "done").printing("so far\n").times(1);
    JobId job = submit("failing", work());
    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);
    return job;
  }

  private static InstanceId instance(JobId job, int index) {
    return new InstanceId(job, new TaskName("work"), index);
  }

  private long running(JobId job) {
    return test.engine().job(job).instances().running();
  }

  /** How many machines of the type are free: so many instances of a job begin at once. */
  private long free() {
    JobId job =
        submit(
            "probe",
            TaskDescription.builder(Command.of("long"))
                .instances(9)
                .placement(Placement.AutoCluster.of("ecs.sn1.medium")));
    test.advance(Duration.ofMillis(1));
    long running = running(job);
    test.engine().stop(job);
    test.runUntilIdle();
    test.engine().delete(job);
    return running;
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFailureKeepsItsCapacityAndAllItsFilesUntilTheyAreReleased() throws Exception {
    JobId job = failed();

    assertThat(test.engine().reserved()).hasSize(1);
    ReservedCapacity kept = test.engine().reserved().get(0);
    assertThat(kept.instance()).isEqualTo(instance(job, 0));
    assertThat(kept.node()).isEqualTo(test.engine().instance(instance(job, 0)).node());
    assertThat(kept.resources()).isEqualTo(TYPE);
    assertThat(kept.since()).isEqualTo(test.engine().job(job).ended().orElseThrow());
    Path directory = kept.directory().orElseThrow();
    assertThat(text(directory.resolve("work/half"))).isEqualTo("done");
    assertThat(free()).isEqualTo(1);

    test.engine().release(instance(job, 0));

    assertThat(test.engine().reserved()).isEmpty();
    assertThat(directory.resolve("work")).doesNotExist();
    assertThat(text(directory.resolve("stdout"))).isEqualTo("so far\n");
    assertThat(free()).isEqualTo(2);
    assertRefused(() -> test.engine().release(instance(job, 0)), ErrorCode.STATE_CONFLICT);
    assertRefused(() -> test.engine().release(instance(job, 1)), ErrorCode.NOT_FOUND);
  }

  @Test
  void onlyTheLastAttemptOfAnInstanceThatFailsForGoodIsKept() throws Exception {
    test.script().task("work").exits(3).times(2);
    JobId job = submit("retried", work().retry(RetryPolicy.retries(2)));

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);

    assertThat(test.engine().reserved()).isEmpty();
    assertThat(free()).isEqualTo(2);
  }

  @Test
  void whatIsStoppedBesideAFailureIsNotKept() throws Exception {
    test.script().task("work").instance(0).exits(3);
    test.script().task("work").instance(1).succeeds().after(HOUR);
    JobId job = submit("two", work().instances(2));
    test.engine().await(job);

    assertThat(test.engine().reserved())
        .extracting(ReservedCapacity::instance)
        .containsExactly(instance(job, 0));
  }

  @Test
  void aTaskWithoutTheWishKeepsNothing() throws Exception {
    test.script().task("work").exits(3);
    JobId job = submit("plain", work().placement(Placement.AutoCluster.of("ecs.sn1.medium")));
    test.engine().await(job);

    assertThat(test.engine().reserved()).isEmpty();
    assertThat(free()).isEqualTo(2);
  }

  @Test
  void theRestOfTheJobWaitsForCapacityThatIsKept() throws Exception {
    test.script().task("work").exits(3).times(1);
    JobDescription description =
        JobDescription.builder("job")
            .onFailure(FailurePolicy.GO_ON)
            .task("work", work().instances(4).build())
            .build();
    JobId job = test.engine().submit(description);
    test.advance(HOUR);
    assertThat(test.engine().reserved()).hasSize(2);
    assertThat(test.engine().job(job).instances().waiting()).isEqualTo(2);

    test.engine().releaseAll(job);
    test.advance(HOUR);

    assertThat(test.engine().reserved())
        .extracting(ReservedCapacity::instance)
        .containsExactly(instance(job, 2), instance(job, 3));
    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    test.engine().releaseAll(job);
    test.engine().releaseAll(job);
    assertThat(free()).isEqualTo(2);
  }

  @Test
  void deletingTheJobReleasesIt() throws Exception {
    JobId job = failed();
    Path directory = test.engine().reserved().get(0).directory().orElseThrow();

    test.engine().delete(job);

    assertThat(test.engine().reserved()).isEmpty();
    assertThat(directory).doesNotExist();
    assertThat(free()).isEqualTo(2);
    assertRefused(() -> test.engine().releaseAll(job), ErrorCode.NOT_FOUND);
    assertRefused(() -> test.engine().release(instance(job, 0)), ErrorCode.NOT_FOUND);
  }

  @Test
  void restartingTheJobReleasesWhatBeginsAnew() throws Exception {
    JobId job = failed();
    Path directory = test.engine().reserved().get(0).directory().orElseThrow();

    test.engine().restart(job);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(test.engine().reserved()).isEmpty();
    assertThat(directory.resolve("work")).doesNotExist();
    assertThat(free()).isEqualTo(2);
  }

  @Test
  void whatATaskToleratedIsKeptThroughARestartOfItsJob() throws Exception {
    test.script().task("work").exits(3).times(1);
    test.script().task("after").exits(3).times(1);
    JobId job =
        test.engine()
            .submit(
                JobDescription.builder("job")
                    .task("work", work().tolerance(new Tolerance(1, 0)).build())
                    .task("after", TaskDescription.builder(Command.of("prog")).build())
                    .dependency("work", "after")
                    .build());
    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);

    test.engine().restart(job);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(test.engine().reserved()).hasSize(1);
  }

  @Test
  void aCrashKeepsWhatIsKept() throws Exception {
    JobId job = failed();
    ReservedCapacity kept = test.engine().reserved().get(0);
    test.crashHost();
    test.restartHost();
    test.advance(Duration.ofSeconds(1));

    assertThat(test.engine().reserved()).containsExactly(kept);
    assertThat(text(kept.directory().orElseThrow().resolve("work/half"))).isEqualTo("done");
    assertThat(free()).isEqualTo(1);

    test.engine().release(instance(job, 0));
    test.crashHost();
    test.restartHost();

    assertThat(test.engine().reserved()).isEmpty();
    assertThat(free()).isEqualTo(2);
  }

  @Test
  void whatFailsWhileTheHostIsDownIsKeptToo() throws Exception {
    test.script().task("work").exits(3).after(HOUR).writing("half", "done").times(1);
    JobId job = submit("failing", work());
    test.advance(Duration.ofMinutes(1));
    test.crashHost();
    test.runUntilIdle();
    test.restartHost();

    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);
    Path directory = test.engine().reserved().get(0).directory().orElseThrow();
    assertThat(text(directory.resolve("work/half"))).isEqualTo("done");
    assertThat(free()).isEqualTo(1);
  }

  @Test
  void theDevicesOfAFailureAreKeptThroughACrash() throws Exception {
    try (TestEngine farm =
        TestEngine.builder()
            .nodeCapacity(new Resources(4_000, 0, 2))
            .instanceTypes(InstanceTypes.none().with("gpu", new Resources(1_000, 0, 1)))
            .build()) {
      farm.script().task("work").exits(3);
      TaskDescription.Builder task =
          TaskDescription.builder(Command.of("prog"))
              .placement(Placement.AutoCluster.of("gpu").reservingOnFail());
      JobDescription job =
          JobDescription.builder("job")
              .onFailure(FailurePolicy.GO_ON)
              .task("work", task.build())
              .build();
      JobId first = farm.engine().submit(job);
      farm.engine().await(first);
      farm.crashHost();
      farm.restartHost();

      // It gets the other device, and keeps that too.
      farm.engine().await(farm.engine().submit(job));
      JobId third = farm.engine().submit(job);
      farm.advance(HOUR);
      assertThat(farm.engine().job(third).state()).isEqualTo(State.WAITING);

      farm.engine().releaseAll(first);
      assertThat(farm.engine().await(third).isOver()).isTrue();
    }
  }

  /** The larger of two requests reserves a node; what is kept there must not hold it up. */
  @Test
  void whatIsKeptDoesNotHoldUpALargeRequestThatFitsElsewhere() throws Exception {
    try (TestEngine two =
        TestEngine.builder()
            .cluster("farm", 1, Resources.cpus(1))
            .nodeCapacity(Resources.cpus(4).withMemory(TYPE.memoryBytes()))
            .build()) {
      two.script().task("work").exits(3).after(HOUR).times(1);
      two.script().task("small").succeeds().after(HOUR.plusMinutes(1));
      two.script().task("large").succeeds();
      JobDescription.Builder job =
          JobDescription.builder("job").onFailure(FailurePolicy.GO_ON).task("work", work().build());
      JobId failing = two.engine().submit(job.build());
      JobId large =
          two.engine()
              .submit(
                  JobDescription.builder("large")
                      .task(
                          "large",
                          TaskDescription.builder(Command.of("prog"))
                              .resources(Resources.cpus(4))
                              .build())
                      .build());
      two.advance(HOUR.multipliedBy(2));
      assertThat(two.engine().reserved()).hasSize(1);
      assertThat(two.engine().job(large).state()).isEqualTo(State.WAITING);

      // It does not fit beside what is kept, so nobody else waits for its sake.
      JobId small =
          two.engine()
              .submit(
                  JobDescription.builder("small")
                      .task(
                          "small",
                          TaskDescription.builder(Command.of("prog"))
                              .resources(Resources.cpus(2))
                              .build())
                      .build());
      assertThat(two.engine().await(small).state()).isEqualTo(State.FINISHED);

      two.engine().releaseAll(failing);
      assertThat(two.engine().await(large).state()).isEqualTo(State.FINISHED);
    }
  }
}
