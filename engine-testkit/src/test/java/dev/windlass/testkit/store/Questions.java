package dev.windlass.testkit.store;

import dev.windlass.InstanceQuery;
import dev.windlass.JobQuery;
import dev.windlass.Page;
import dev.windlass.Retention;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.event.Event;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.event.Notification;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** All that can be asked of a state store about some jobs, and its answers. */
final class Questions {
  private static final State[] STATES = State.values();
  private static final List<TaskName> TASKS =
      Stream.of("t1", "t2", "t3", "last", "unknown").map(TaskName::new).toList();

  private final StateStore store;

  /** Varies the queries; two stores are asked the same if they are given the same seed. */
  private final Random random;

  private final Map<String, Object> answers = new LinkedHashMap<>();

  private Questions(StateStore store, long seed) {
    this.store = store;
    this.random = new Random(seed);
  }

  /** The answers of a store, by question. A refusal is an answer too. */
  static Map<String, Object> ask(StateStore store, List<JobId> jobs, long seed) {
    Questions questions = new Questions(store, seed);
    questions.askAll(jobs);
    return questions.answers;
  }

  private void askAll(List<JobId> jobs) {
    answer("last sequence", store::lastSequence);
    answer("not over", store::loadNotOver);
    answer("named resources", store::namedResources);
    answer("reserved", store::reserved);
    for (int i = 0; i < 4; i++) {
      String token = "token" + i;
      answer(token, () -> store.jobOfToken(token));
    }
    answer("jobs", () -> pages(jobQuery(), JobQuery::after, store::jobs));
    answer("jobs in state", () -> pages(jobQuery().inState(state()), JobQuery::after, store::jobs));
    answer("jobs named", () -> pages(jobQuery().named("label0"), JobQuery::after, store::jobs));
    answer(
        "jobs in two states",
        () -> {
          JobQuery two = jobQuery().inStates(EnumSet.of(state(), state()));
          return pages(two, JobQuery::after, store::jobs);
        });
    answer(
        "owned jobs",
        () -> {
          JobQuery owned = jobQuery().ownedBy("owner" + random.nextInt(2));
          return pages(
              random.nextBoolean() ? owned : owned.inState(state()), JobQuery::after, store::jobs);
        });
    answer(
        "labelled jobs",
        () -> {
          JobQuery labelled = jobQuery().labelled("a", "x");
          JobQuery more = random.nextBoolean() ? labelled : labelled.labelled("b", "y");
          return pages(
              random.nextBoolean() ? more : more.ownedBy("owner0").inState(state()),
              JobQuery::after,
              store::jobs);
        });
    answer(
        "jobs of a time",
        () -> {
          Instant from = Instant.EPOCH.plusNanos(random.nextInt(300_000_000));
          JobQuery created = jobQuery().createdFrom(from);
          return pages(
              random.nextBoolean()
                  ? created
                  : created.createdBefore(from.plusNanos(random.nextInt(100_000_000))),
              JobQuery::after,
              store::jobs);
        });
    answer("jobs after", () -> store.jobs(jobQuery().after(marker())));
    answer("oldest end", store::oldestEnd);
    answer(
        "expired",
        () ->
            store.expired(
                Retention.forever()
                    .keptFor(Duration.ofMillis(random.nextInt(300)))
                    .atMostJobs(random.nextInt(5)),
                Instant.EPOCH.plusMillis(300),
                1 + random.nextInt(3)));
    answer("stored clusters", store::loadClusters);
    answer("clusters", store::clusters);
    ClusterName cluster = new ClusterName("c" + random.nextInt(3));
    answer(cluster.value(), () -> store.cluster(cluster));
    answer("nodes of " + cluster, () -> store.nodes(cluster));
    answer("usage by owner", store::usageByOwner);
    answer("event span", store::eventSpan);
    answer("events", () -> eventPages(EventQuery.all().limit(1 + random.nextInt(50))));
    answer("events after", () -> store.events(EventQuery.all().after(random.nextInt(40))));
    EventFilter some =
        EventFilter.all()
            .ofKinds(Event.Kind.JOB_CHANGED, Event.Kind.NODE_CHANGED)
            .named(Notification.ON_JOB_RUNNING, Notification.ON_INSTANCE_ACTIVE);
    answer("some events", () -> eventPages(EventQuery.of(some)));
    answer("consumer", () -> store.consumer("consumer" + random.nextInt(3)));
    // A difference stays, so asking about one of the newest at a time finds it too.
    if (!jobs.isEmpty()) {
      askAbout(jobs.get(jobs.size() - 1 - random.nextInt(Math.min(3, jobs.size()))));
    }
    askAbout(new JobId("job-" + "f".repeat(32)));
  }

  private void askAbout(JobId job) {
    answer(job + " stored", () -> store.load(job));
    answer(job + " status", () -> store.job(job));
    answer(job + " description", () -> store.description(job));
    answer(job + " tasks", () -> store.tasks(job));
    answer(job + " usage", () -> store.usage(job, Optional.empty()));
    answer(job + " events", () -> eventPages(EventQuery.of(EventFilter.all().ofJob(job))));
    if (store.load(job).isPresent()) {
      TASKS.forEach(task -> askAbout(job, task));
    } else {
      askAbout(job, TASKS.get(0));
    }
  }

  private void askAbout(JobId job, TaskName task) {
    String name = job + "/" + task;
    answer(name + " usage", () -> store.usage(job, Optional.of(task)));
    Function<InstanceQuery, Optional<Page<?>>> list =
        query -> store.instances(job, task, query).map(page -> page);
    answer(name + " all", () -> list.apply(InstanceQuery.all()));
    InstanceQuery query = InstanceQuery.all().limit(1 + random.nextInt(3));
    State state = state();
    String marker = marker();
    answer(name + " in " + state, () -> list.apply(query.inState(state)));
    Set<State> two = Set.of(State.WAITING, State.FAILED);
    answer(name + " in two states", () -> list.apply(query.inStates(two).after(marker)));
    answer(name + " after " + marker, () -> list.apply(query.after(marker)));
    answer(name + " both", () -> list.apply(query.inState(state).after(marker)));
    for (int i = 0; i < 2; i++) {
      InstanceId instance = new InstanceId(job, task, random.nextInt(5));
      answer(instance.toString(), () -> store.instance(instance));
      answer(instance + " attempts", () -> store.attempts(instance));
      answer(instance + " outputs", () -> store.outputs(instance.attempt(1 + random.nextInt(2))));
      answer(
          instance + " events",
          () -> eventPages(EventQuery.of(EventFilter.all().ofInstance(instance))));
    }
  }

  /** All pages; the first hundred, if they do not come to an end. */
  private List<EventPage> eventPages(EventQuery query) {
    List<EventPage> pages = new ArrayList<>();
    pages.add(store.events(query));
    while (pages.get(pages.size() - 1).more() && pages.size() < 100) {
      pages.add(store.events(query.after(pages.get(pages.size() - 1).end())));
    }
    return pages;
  }

  private JobQuery jobQuery() {
    return JobQuery.all().limit(1 + random.nextInt(3));
  }

  private State state() {
    return STATES[random.nextInt(STATES.length)];
  }

  private String marker() {
    return random.nextInt(10) == 0 ? "malformed" : Integer.toString(random.nextInt(7) - 2);
  }

  /** All pages of a listing; the first hundred, if it does not come to an end. */
  private static <Q, T> List<Page<T>> pages(Q query, Next<Q> next, Function<Q, Page<T>> list) {
    List<Page<T>> pages = new ArrayList<>();
    Page<T> page = list.apply(query);
    pages.add(page);
    while (page.next().isPresent() && pages.size() < 100) {
      page = list.apply(next.after(query, page.next().get()));
      pages.add(page);
    }
    return pages;
  }

  @FunctionalInterface
  private interface Next<Q> {
    Q after(Q query, String marker);
  }

  private void answer(String question, Supplier<Object> answer) {
    Object given;
    try {
      given = answer.get();
    } catch (EngineException e) {
      given = e.code();
    }
    answers.put(question, given);
  }
}
