package dev.windlass.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.Page;
import dev.windlass.core.job.Change;
import dev.windlass.core.job.Course;
import dev.windlass.core.job.InstanceRecord;
import dev.windlass.core.job.JobRecord;
import dev.windlass.core.job.TaskRecord;
import dev.windlass.core.schedule.Spent;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Usage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Listings of jobs and instances in the SQLite form. */
final class ListingTest {
  private static final State[] STATES = State.values();
  private static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");

  private static final TaskName TEN = new TaskName("ten");

  @TempDir Path directory;
  private SqliteStore store;
  private long sequence;

  @BeforeEach
  void open() {
    store = SqliteStore.open(directory.resolve("state.db"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static JobId id(long sequence) {
    return new JobId(String.format("job-%032x", sequence));
  }

  private static JobRecord record(long sequence, State state) {
    return new JobRecord(
        id(sequence),
        sequence,
        state,
        0,
        OptionalInt.empty(),
        Optional.empty(),
        "",
        BEGINNING.plusSeconds(sequence),
        Optional.empty(),
        Optional.empty(),
        0,
        false,
        Optional.empty());
  }

  static JobRecord ended(long sequence) {
    JobRecord open = record(sequence, State.FINISHED);
    return new JobRecord(
        open.id(),
        sequence,
        open.state(),
        0,
        open.maxRunning(),
        open.paused(),
        "",
        open.created(),
        Optional.empty(),
        Optional.of(BEGINNING),
        0,
        false,
        Optional.empty());
  }

  private List<Change> accept(Random random) {
    sequence++;
    JobDescription.Builder job =
        JobDescription.builder("name" + random.nextInt(2)).owner("owner" + random.nextInt(2));
    if (random.nextBoolean()) {
      job.label("project", "p" + random.nextInt(2));
    }
    job.task("only", TaskDescription.builder(Command.of("program")).build());
    return List.of(
        new Change.JobAccepted(record(sequence, State.WAITING), job.build(), Optional.empty()),
        new Change.JobChanged(record(sequence, STATES[random.nextInt(STATES.length)])));
  }

  static Stream<JobQuery> queries() {
    JobQuery all = JobQuery.all().limit(7);
    return Stream.of(
        all,
        all.inState(State.FAILED),
        all.inStates(EnumSet.of(State.FAILED, State.STOPPED, State.RUNNING)),
        all.named("name1"),
        all.named("name1").inState(State.FINISHED),
        all.ownedBy("owner1"),
        all.ownedBy("owner1").inState(State.WAITING),
        all.labelled("project", "p1"),
        all.labelled("project", "p1").ownedBy("owner0").inState(State.FAILED),
        all.createdFrom(BEGINNING.plusSeconds(60)).createdBefore(BEGINNING.plusSeconds(90)),
        all.createdBefore(BEGINNING.plusSeconds(50)).ownedBy("owner0"));
  }

  /**
   * Only where nothing is asked for that an index holds are jobs looked at one by one, and then the
   * newest first, so that a page of them is enough. Nothing but the walks of several states, each
   * no longer than a page, is sorted.
   */
  @ParameterizedTest
  @MethodSource("queries")
  void aPageIsFoundWithoutLookingAtAllJobs(JobQuery query) throws SQLException {
    JobListing listing = new JobListing(query.after("1000"));
    List<String> plan = plan(listing.sql(), listing.arguments());
    assertThat(plan).noneMatch(step -> step.startsWith("SCAN j"));
    for (int i = 0; i < plan.size(); i++) {
      if (plan.get(i).contains("TEMP B-TREE")) {
        assertThat(plan.get(i - 1)).as("what is sorted").startsWith("SCAN (subquery");
      }
    }
  }

  @Test
  void instancesInSomeStatesAreFoundWithoutLookingAtAll() throws SQLException {
    for (State state : STATES) {
      List<String> plan = plan(SqliteReader.instancesIn(EnumSet.of(state)), 1, 0, "x", 5, 7, 7);
      assertThat(plan).noneMatch(step -> step.startsWith("SCAN instance"));
      assertThat(plan).noneMatch(step -> step.contains("TEMP B-TREE"));
      if (state != State.FINISHED) {
        assertThat(plan)
            .anyMatch(step -> step.contains("instance_unfinished (job=? AND task=? AND state=?"));
      }
    }
  }

  /** A page of what never had an attempt does not cost more when much has finished before it. */
  @Test
  void whereRecordsEndIsFoundWithoutLookingAtWhatHasFinished() throws SQLException {
    List<String> plan = plan(SqliteReader.BEGUN, 1, 0);
    assertThat(plan).noneMatch(step -> step.startsWith("SCAN instance"));
    assertThat(plan)
        .anyMatch(step -> step.contains("COVERING INDEX instance_unfinished (job=? AND task=?)"));
  }

  /** Whether or not all that have a record come before those that have none. */
  @ParameterizedTest
  @MethodSource("recordsOfTen")
  void waitingInstancesAreThoseWithoutARecordAndThoseThatAreTriedAgain(
      List<Integer> finished, List<Integer> tried, List<Integer> waiting) {
    acceptTen(finished, tried);
    InstanceQuery query = InstanceQuery.all().inState(State.WAITING).limit(2);
    List<Integer> shown = new ArrayList<>();
    Optional<String> marker = Optional.empty();
    do {
      Page<InstanceStatus> page =
          store.instances(id(1), TEN, marker.map(query::after).orElse(query)).orElseThrow();
      page.items().forEach(instance -> shown.add(instance.id().index()));
      marker = page.next();
    } while (marker.isPresent());
    assertThat(shown).isEqualTo(waiting);
  }

  static Stream<Arguments> recordsOfTen() {
    return Stream.of(
        Arguments.of(List.of(), List.of(), List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)),
        Arguments.of(List.of(0, 2), List.of(1, 3), List.of(1, 3, 4, 5, 6, 7, 8, 9)),
        Arguments.of(List.of(0, 5), List.of(3), List.of(1, 2, 3, 4, 6, 7, 8, 9)),
        Arguments.of(List.of(9), List.of(0), List.of(0, 1, 2, 3, 4, 5, 6, 7, 8)));
  }

  private void acceptTen(List<Integer> finished, List<Integer> tried) {
    List<Change> changes = new ArrayList<>();
    changes.add(
        new Change.JobAccepted(
            record(1, State.RUNNING),
            JobDescription.builder("ten")
                .task(
                    TEN.value(),
                    TaskDescription.builder(Command.of("program")).instances(10).build())
                .build(),
            Optional.empty()));
    finished.forEach(index -> changes.add(instance(index, State.FINISHED)));
    tried.forEach(index -> changes.add(instance(index, State.WAITING)));
    changes.add(
        new Change.TaskChanged(
            new TaskRecord(
                id(1),
                1,
                0,
                State.RUNNING,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                1,
                0,
                0,
                finished.size(),
                0,
                0)));
    store.commit(changes);
  }

  private static Change instance(int index, State state) {
    return new Change.InstanceChanged(
        new InstanceRecord(
            new InstanceId(id(1), TEN, index),
            1,
            0,
            state,
            1,
            false,
            Spent.NOTHING,
            Resources.cpus(1),
            List.of(),
            "node",
            "executor",
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Outcome.Exited(state == State.FINISHED ? 0 : 1)),
            Usage.unknown(),
            Course.UNKNOWN));
  }

  private List<String> plan(String sql, Object... arguments) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("state.db"));
        PreparedStatement explain = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql)) {
      for (int i = 0; i < arguments.length; i++) {
        explain.setObject(i + 1, arguments[i]);
      }
      List<String> steps = new ArrayList<>();
      try (ResultSet row = explain.executeQuery()) {
        while (row.next()) {
          steps.add(row.getString("detail"));
        }
      }
      return steps;
    }
  }

  /** Jobs come, change and go between two pages. */
  @ParameterizedTest
  @MethodSource("queries")
  void eachJobThatIsMeantThroughoutIsShownOnce(JobQuery query) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 120; i++) {
      store.commit(accept(random));
    }
    Set<JobId> throughout = new TreeSet<>(Comparator.comparing(JobId::value));
    throughout.addAll(meant(query));
    List<JobId> shown = new ArrayList<>();
    Page<JobStatus> page = store.jobs(query);
    while (true) {
      page.items().forEach(job -> shown.add(job.id()));
      if (page.next().isEmpty()) {
        break;
      }
      disturb(random);
      throughout.retainAll(meant(query));
      page = store.jobs(query.after(page.next().get()));
    }
    assertThat(shown).as("seed %s", seed).doesNotHaveDuplicates();
    assertThat(shown).as("seed %s", seed).containsAll(throughout);
    assertThat(shown).isSortedAccordingTo(Comparator.comparing(JobId::value).reversed());
  }

  private void disturb(Random random) {
    store.commit(accept(random));
    long one = 1L + random.nextInt((int) sequence);
    if (store.job(id(one)).isPresent()) {
      store.commit(
          List.of(
              random.nextBoolean()
                  ? new Change.JobRemoved(id(one), one)
                  : new Change.JobChanged(record(one, STATES[random.nextInt(STATES.length)]))));
    }
  }

  private Set<JobId> meant(JobQuery query) {
    Set<JobId> meant = new HashSet<>();
    for (JobStatus job : store.jobs(JobQuery.all().limit(1_000)).items()) {
      if (query.matches(job)) {
        meant.add(job.id());
      }
    }
    return meant;
  }
}
