package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.JobOperation;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.Managed;
import dev.windlass.Page;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is done to all jobs of a listing. */
class ManyJobsTest extends TestEngineCase {
  private static final JobOperation STOP = new JobOperation.Stop();
  private static final JobQuery MINE = JobQuery.all().labelled("project", "genome").limit(40);

  private List<JobId> submit(int count, String project) {
    test.script().task("work").succeeds().after(Duration.ofHours(1));
    List<JobId> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(
          test.engine()
              .submit(
                  JobDescription.builder("job")
                      .label("project", project)
                      .task("work", program().build())
                      .build()));
    }
    return jobs;
  }

  private List<Managed> manageAll(JobOperation operation) {
    List<Managed> all = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      Page<Managed> page =
          test.engine().manage(next.map(MINE::after).orElse(MINE), operation, "the grant is spent");
      all.addAll(page.items());
      next = page.next();
    } while (next.isPresent());
    return all;
  }

  private JobStatus status(JobId job) {
    return test.engine().job(job);
  }

  @Test
  void itIsDoneToEachJobThatIsMeantOnceAndToNoOther() {
    List<JobId> mine = submit(100, "genome");
    List<JobId> others = submit(3, "weather");

    List<Managed> managed = manageAll(STOP);

    assertThat(managed).extracting(Managed::job).containsExactlyInAnyOrderElementsOf(mine);
    assertThat(managed).allMatch(Managed::isDone);
    assertThat(mine)
        .allSatisfy(
            job -> {
              assertThat(status(job).state()).isEqualTo(State.STOPPED);
              assertThat(status(job).message())
                  .isEqualTo("stopped by the user: the grant is spent");
            });
    assertThat(others)
        .allSatisfy(job -> assertThat(status(job).state()).isNotEqualTo(State.STOPPED));
  }

  @Test
  void eachRefusalIsToldAndHindersNoOther() {
    List<JobId> mine = submit(3, "genome");
    test.engine().stop(mine.get(1));

    List<Managed> managed = manageAll(STOP);

    assertThat(managed).extracting(Managed::isDone).containsExactly(true, false, true);
    assertThat(managed.get(1).refusal().orElseThrow().code()).isEqualTo(ErrorCode.STATE_CONFLICT);
    assertThat(managed.get(1).refusal().orElseThrow()).hasMessageContaining("Stopped");
  }

  @Test
  void theSameCallsAgainDoWhatIsLeftWhenTheHostDied() {
    List<JobId> mine = submit(100, "genome");
    Page<Managed> first = test.engine().manage(MINE, STOP, "");
    assertThat(first.items()).hasSize(40);
    test.crashHost();
    test.restartHost();

    List<Managed> managed = manageAll(STOP);

    assertThat(managed).hasSize(100).filteredOn(Managed::isDone).hasSize(60);
    assertThat(mine).allSatisfy(job -> assertThat(status(job).state()).isEqualTo(State.STOPPED));
  }

  @Test
  void aReasonIsBounded() {
    JobId job = submit(1, "genome").get(0);
    String tooLong = "x".repeat(JobOperation.MAX_REASON_LENGTH + 1);
    assertThatThrownBy(() -> test.engine().manage(job, STOP, tooLong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1000");
    assertThatThrownBy(() -> test.engine().manage(MINE, STOP, "\0"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(status(job).state().isEnded()).isFalse();
  }
}
