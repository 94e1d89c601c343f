package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.NamedResource;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import dev.windlass.error.ValidationException;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Licences and the like: of the engine, or of a cluster. */
@Timeout(60)
class NamedResourcesTest {
  private static final Resources NODE = Resources.cpus(100);

  /** Each program runs for an hour. */
  private final TestEngine test =
      TestEngine.builder()
          .namedResource("licence", 4)
          .cluster("left", 1, NODE)
          .cluster("right", 1, NODE)
          .cluster(ClusterDescription.of("own", "scripted", 2, NODE).withNamed(Map.of("seat", 1)))
          .build();

  NamedResourcesTest() {
    test.script().all().succeeds().after(Duration.ofHours(1));
  }

  @AfterEach
  void close() {
    test.close();
  }

  private static JobDescription job(
      String name, String cluster, int instances, Map<String, Integer> named) {
    TaskDescription task =
        TaskDescription.builder(Command.of("prog"))
            .instances(instances)
            .placement(new Placement.OnCluster(new ClusterName(cluster)))
            .resources(Resources.cpus(1).withNamed(named))
            .build();
    return JobDescription.builder(name).task("work", task).build();
  }

  private JobId submit(String cluster, int instances, Map<String, Integer> named) {
    return test.engine().submit(job("job", cluster, instances, named));
  }

  private long running(JobId job) {
    return test.engine().job(job).instances().running();
  }

  @Test
  void noMoreRunThanThereAreAndWhatComesBackIsUsedAnywhere() {
    JobId left = submit("left", 3, Map.of("licence", 1));
    JobId right = submit("right", 2, Map.of("licence", 2));
    test.advance(Duration.ofMinutes(1));

    assertThat(running(left)).isEqualTo(3);
    assertThat(running(right)).isZero();
    assertThat(test.engine().namedResources()).containsExactly(new NamedResource("licence", 4, 3));

    test.advance(Duration.ofHours(1));
    assertThat(running(right)).isEqualTo(2);
    test.advance(Duration.ofHours(1));
    assertThat(test.engine().namedResources()).containsExactly(new NamedResource("licence", 4, 0));
  }

  @Test
  void whatIsLoweredBelowWhatIsInUseLetsRunOnWhatRuns() {
    JobId job = submit("left", 8, Map.of("licence", 1));
    test.advance(Duration.ofMinutes(1));
    test.engine().setNamedResource("licence", 1);
    test.advance(Duration.ofMinutes(1));

    assertThat(running(job)).isEqualTo(4);
    assertThat(test.engine().namedResources()).containsExactly(new NamedResource("licence", 1, 4));

    test.advance(Duration.ofHours(1));
    assertThat(running(job)).isEqualTo(1);
    test.engine().setNamedResource("licence", 3);
    test.advance(Duration.ofMinutes(1));
    assertThat(running(job)).isEqualTo(3);
  }

  @Test
  void totalsAndWhatIsInUseSurviveTheHost() {
    JobId first = submit("left", 4, Map.of("licence", 1));
    test.advance(Duration.ofMinutes(1));
    test.engine().setNamedResource("licence", 2);
    test.engine().setNamedResource("seats_of-b", 7);

    test.crashHost();
    test.restartHost();
    JobId second = submit("right", 1, Map.of("licence", 1));
    test.advance(Duration.ofMinutes(1));

    assertThat(running(first)).isEqualTo(4);
    assertThat(running(second)).isZero();
    assertThat(test.engine().namedResources())
        .containsExactly(new NamedResource("licence", 2, 4), new NamedResource("seats_of-b", 7, 0));
  }

  @Test
  void aClustersOwnComeBeforeThoseOfTheEngine() {
    test.engine().setNamedResource("seat", 10);
    JobId own = submit("own", 3, Map.of("seat", 1));
    JobId other = submit("left", 3, Map.of("seat", 1));
    test.advance(Duration.ofMinutes(1));

    assertThat(running(own)).isEqualTo(1);
    assertThat(running(other)).isEqualTo(3);
    assertThat(test.engine().namedResources())
        .contains(new NamedResource("seat", 10, 3), new NamedResource("licence", 4, 0));
  }

  @Test
  void thoseOfAClusterThatUsersMadeChangeWithItAndSurviveTheHost() {
    ClusterDescription made =
        ClusterDescription.of("made", "scripted", 1, NODE).withNamed(Map.of("seat", 2));
    test.engine().createCluster(made);
    JobId job = submit("made", 6, Map.of("seat", 1));
    test.advance(Duration.ofMinutes(1));
    assertThat(running(job)).isEqualTo(2);

    test.engine().changeCluster(made.withNamed(Map.of("seat", 3)));
    test.advance(Duration.ofMinutes(1));
    assertThat(running(job)).isEqualTo(3);

    test.crashHost();
    test.restartHost();
    test.advance(Duration.ofMinutes(1));
    assertThat(running(job)).isEqualTo(3);
    assertThat(test.engine().cluster(new ClusterName("made")).description().named())
        .isEqualTo(Map.of("seat", 3));
  }

  /** In one cluster instances that need one licence come for ever; in the other one needs all. */
  @Test
  void whoNeedsAllIsNotStarvedByThoseWhoNeedOneInAnotherCluster() {
    for (int i = 0; i < 4; i++) {
      test.engine().submit(job("small" + i, "left", 20, Map.of("licence", 1)));
      test.advance(Duration.ofMinutes(13));
    }
    JobId all = submit("right", 1, Map.of("licence", 4));
    // After what runs now, and the one for which a licence was kept before: an hour each.
    test.advance(Duration.ofMinutes(55));
    assertThat(running(all)).isZero();
    test.advance(Duration.ofMinutes(15));
    assertThat(running(all)).isEqualTo(1);
    test.advance(Duration.ofMinutes(65));
    assertThat(test.engine().job(all).instances().finished()).isEqualTo(1);
  }

  @Test
  void whatHasNoChanceIsRefusedWithAllItsFaults() {
    List<Fault> faults = faults(job("bad", "own", 1, Map.of("licens", 1, "licence", 5, "seat", 2)));
    assertThat(faults)
        .extracting(Fault::code)
        .containsExactly(ErrorCode.REFERENCE, ErrorCode.UNSATISFIABLE, ErrorCode.UNSATISFIABLE)
        .hasSize(3);
    assertThat(faults).extracting(Fault::path).allMatch(path -> path.contains("resources.named"));
    assertThat(faults)
        .anySatisfy(fault -> assertThat(fault.rule()).contains("did you mean 'licence'?"));
  }

  private List<Fault> faults(JobDescription job) {
    try {
      test.engine().submit(job);
      throw new AssertionError("was accepted");
    } catch (ValidationException e) {
      return e.faults().stream().sorted(java.util.Comparator.comparing(Fault::code)).toList();
    }
  }

  @Test
  void namesAndNumbersKeepTheirRules() {
    for (String name : List.of("", "1a", "-a", "a b", "a".repeat(65))) {
      assertThatThrownBy(() -> test.engine().setNamedResource(name, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> test.engine().setNamedResource("licence", -1))
        .isInstanceOf(IllegalArgumentException.class);
    test.engine().setNamedResource("_" + "a".repeat(63), 0);
  }
}
