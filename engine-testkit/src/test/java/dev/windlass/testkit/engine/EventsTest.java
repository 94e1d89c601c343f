package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.Engine;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.EventsPurgedException;
import dev.windlass.event.Event;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventListener;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.event.EventRetention;
import dev.windlass.event.Notification;
import dev.windlass.event.RecordedEvent;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import dev.windlass.testkit.script.ProgramEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The journal: read by page, by filter, by listeners of all sorts; and what is purged of it. */
class EventsTest extends TestEngineCase {

  private static List<Long> positions(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private static List<RecordedEvent> read(Engine engine, EventQuery query) {
    List<RecordedEvent> found = new ArrayList<>();
    EventPage page = engine.events(query);
    found.addAll(page.events());
    while (page.more()) {
      page = engine.events(query.after(page.end()));
      found.addAll(page.events());
    }
    return found;
  }

  private static List<String> texts(List<RecordedEvent> events) {
    return events.stream().map(each -> EventText.of(each.event())).toList();
  }

  private JobId run(int instances) throws InterruptedException {
    JobId job = test.engine().submit(job("a", program().instances(instances)));
    test.engine().await(job);
    return job;
  }

  @Test
  void pagesAddUpToTheWholeJournalWithoutAGap() throws Exception {
    run(5);
    List<RecordedEvent> all = read(test.engine(), EventQuery.all().limit(3));

    assertThat(all)
        .extracting(RecordedEvent::position)
        .isEqualTo(positions(1, test.engine().lastPosition()));
    assertThat(all).extracting(RecordedEvent::event).isEqualTo(test.events());
    assertThat(test.engine().events(EventQuery.all().after(test.engine().lastPosition())).events())
        .isEmpty();
  }

  @Test
  void theHistoryOfAJobAndOfAnInstanceIsAPartOfTheJournalAlsoAfterTheJobIsDeleted()
      throws Exception {
    test.script().task("a").instance(1).attempt(1).does(any -> ProgramEnd.exited(3));
    JobId other = run(1);
    JobId job =
        test.engine()
            .submit(
                job("a", program().instances(2).retry(dev.windlass.job.RetryPolicy.retries(1))));
    test.engine().await(job);
    test.engine().delete(job);

    EventFilter ofJob = EventFilter.all().ofJob(job);
    assertThat(texts(read(test.engine(), EventQuery.of(ofJob).limit(4))))
        .startsWith("job WAITING")
        .endsWith("job FINISHED", "user: Delete[]", "job deleted");
    assertThat(texts(read(test.engine(), EventQuery.of(ofJob.ofInstance(instance(job, "a", 1))))))
        .containsExactly(
            "a/1 RUNNING",
            "a/1 attempt 1 started",
            "a/1 attempt 1 ended: exited with 3",
            "a/1 WAITING",
            "a/1 RUNNING",
            "a/1 attempt 2 started",
            "a/1 attempt 2 ended: exited with 0",
            "a/1 FINISHED");
    assertThat(read(test.engine(), EventQuery.of(EventFilter.all().ofJob(other)))).isNotEmpty();
    InstanceId unknown = new InstanceId(job, new TaskName("b"), 0);
    assertThat(read(test.engine(), EventQuery.of(EventFilter.all().ofInstance(unknown)))).isEmpty();
  }

  @Test
  void eventsAreChosenByKindAndByTheNamesOfTheService() throws Exception {
    JobId job = test.engine().submit(job("a", program().instances(2)));
    test.engine().setPriority(job, 9);
    test.engine().await(job);

    assertThat(
            texts(
                read(
                    test.engine(),
                    EventQuery.of(
                        EventFilter.all()
                            .named(
                                Notification.ON_PRIORITY_CHANGE,
                                Notification.ON_INSTANCE_FINISHED,
                                Notification.ON_JOB_FINISHED)))))
        .containsExactly(
            "user: SetPriority[priority=9]", "a/0 FINISHED", "a/1 FINISHED", "job FINISHED");
    assertThat(
            texts(
                read(
                    test.engine(),
                    EventQuery.of(
                        EventFilter.all()
                            .ofKinds(Event.Kind.TASK_CHANGED, Event.Kind.JOB_CHANGED)
                            .named(Notification.ON_TASK_RUNNING)))))
        .containsExactly("task a RUNNING");
  }

  @Test
  void aListenerIsToldWhatHappensFromNowOnAndOneFromAPositionAlsoWhatWasBefore() throws Exception {
    run(1);
    long before = test.engine().lastPosition();
    List<Long> live = new ArrayList<>();
    List<Long> all = new ArrayList<>();
    Engine.Subscription ended = test.engine().subscribe(event -> live.add(event.position()));
    test.engine().subscribe(EventFilter.all(), 2, event -> all.add(event.position()));
    run(1);
    test.runUntilIdle();
    long after = test.engine().lastPosition();
    ended.close();
    run(1);
    test.runUntilIdle();

    assertThat(live).isEqualTo(positions(before + 1, after));
    assertThat(all).isEqualTo(positions(3, test.engine().lastPosition()));
  }

  @Test
  void aListenerThatThrowsIsToldTheSameAgainAndHoldsUpNobodyElse() throws Exception {
    List<Long> taken = new ArrayList<>();
    List<Long> failures = new ArrayList<>();
    List<Long> others = new ArrayList<>();
    test.engine()
        .subscribe(
            event -> {
              if (failures.size() < 4) {
                failures.add(event.position());
                throw new IllegalStateException("not yet");
              }
              taken.add(event.position());
            });
    test.engine().subscribe(event -> others.add(event.position()));
    run(3);
    test.advance(Duration.ofMillis(500));
    assertThat(failures).hasSizeBetween(1, 4).containsOnly(1L);
    assertThat(others).isEqualTo(positions(1, test.engine().lastPosition()));

    test.advance(Duration.ofMinutes(1));
    assertThat(failures).containsExactly(1L, 1L, 1L, 1L);
    assertThat(taken).isEqualTo(positions(1, test.engine().lastPosition()));
  }

  @Test
  void aConsumerGoesOnWhereItWasAfterACrashAndIsToldNothingTwiceAfterAClose() throws Exception {
    List<Long> taken = new ArrayList<>();
    EventListener listener = event -> taken.add(event.position());
    run(1);
    long first = test.engine().lastPosition() + 1;
    test.engine().subscribe("billing", EventFilter.all(), listener).close();
    run(1);
    test.crashHost();
    test.restartHost();
    test.engine().subscribe("billing", EventFilter.all(), listener);
    test.runUntilIdle();
    assertThat(taken).isEqualTo(positions(first, test.engine().lastPosition()));

    test.engine().close();
    test.restartHost();
    test.engine().subscribe("billing", EventFilter.all(), listener);
    run(1);
    test.runUntilIdle();
    assertThat(taken).isEqualTo(positions(first, test.engine().lastPosition()));
  }

  @Test
  void aConsumerHasOneSubscriptionAndIsForgottenOnlyWithoutOne() throws Exception {
    Engine.Subscription one = test.engine().subscribe("x", EventFilter.all(), event -> {});
    assertThat(codeOf(() -> test.engine().subscribe("x", EventFilter.all(), event -> {})))
        .isEqualTo(ErrorCode.STATE_CONFLICT);
    assertThat(codeOf(() -> test.engine().forgetConsumer("x"))).isEqualTo(ErrorCode.STATE_CONFLICT);
    assertThat(codeOf(() -> test.engine().forgetConsumer("not a name"))).isEqualTo(ErrorCode.NAME);
    one.close();
    test.engine().forgetConsumer("x");
    run(1);
    List<Long> told = new ArrayList<>();
    test.engine().subscribe("x", EventFilter.all(), event -> told.add(event.position()));
    test.runUntilIdle();
    assertThat(told).isEmpty();
  }

  @Test
  void positionsThatNeverWereAreRefused() {
    assertThat(codeOf(() -> test.engine().events(EventQuery.all().after(1))))
        .isEqualTo(ErrorCode.RANGE);
    assertThat(codeOf(() -> test.engine().subscribe(EventFilter.all(), 1, event -> {})))
        .isEqualTo(ErrorCode.RANGE);
  }

  @Test
  void theJournalIsBoundedAndWhoLagsIsToldWhatHeMissed() throws Exception {
    try (TestEngine small =
        TestEngine.builder().eventRetention(EventRetention.ofCount(20)).build()) {
      List<String> told = new ArrayList<>();
      EventListener slow =
          new EventListener() {
            @Override
            public void onEvent(RecordedEvent recorded) {
              if (recorded.position() == 1) {
                throw new IllegalStateException("as long as it is there");
              }
              told.add(Long.toString(recorded.position()));
            }

            @Override
            public void onMissed(long first, long last) {
              told.add("missed " + first + " to " + last);
            }
          };
      small.engine().subscribe("slow", EventFilter.all(), slow);
      for (int i = 0; i < 10; i++) {
        small.engine().await(small.engine().submit(job("a", program())));
      }
      small.advance(Duration.ofMinutes(2));

      long last = small.engine().lastPosition();
      long oldest = small.engine().events(EventQuery.all()).events().get(0).position();
      assertThat(last - oldest).isBetween(19L, 25L);
      assertThat(told.get(0)).startsWith("missed 1 to ");
      assertThat(told).doesNotHaveDuplicates().endsWith(Long.toString(last));
      assertThatThrownBy(() -> small.engine().events(EventQuery.all().after(oldest - 2)))
          .isInstanceOfSatisfying(
              EventsPurgedException.class, e -> assertThat(e.oldest()).isEqualTo(oldest));
      assertThat(small.engine().events(EventQuery.all().after(oldest - 1)).events()).isNotEmpty();
    }
  }

  @Test
  void whatIsTooOldIsPurgedWhileNewEventsCome() throws Exception {
    try (TestEngine small =
        TestEngine.builder().eventRetention(EventRetention.ofAge(Duration.ofDays(1))).build()) {
      small.engine().await(small.engine().submit(job("a", program())));
      long old = small.engine().lastPosition();
      small.advance(Duration.ofDays(2));
      JobId job = small.engine().submit(job("a", program().instances(300)));
      small.engine().await(job);
      small.advance(Duration.ofMinutes(1));

      assertThat(small.engine().events(EventQuery.all()).events().get(0).position())
          .isEqualTo(old + 1);
    }
  }

  private static ErrorCode codeOf(Runnable call) {
    try {
      call.run();
    } catch (EngineException e) {
      return e.code();
    }
    throw new AssertionError("was not refused");
  }
}
