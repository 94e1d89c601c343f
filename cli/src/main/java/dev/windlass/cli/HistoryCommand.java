package dev.windlass.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.Engine;
import dev.windlass.event.Event;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.event.RecordedEvent;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "history",
    description = {
      "Prints all that happened to a job, a task or an instance: states, what users did and why,",
      "and each attempt with its times and how it ended. Also of a job that was deleted, by its",
      "whole id.",
      "Looks only, and may do so while another process runs the jobs."
    })
final class HistoryCommand implements Callable<Integer> {

  @Mixin private Subject subject = new Subject();

  @Option(
      names = "--after",
      paramLabel = "POSITION",
      description = "Only what came after this position.")
  private long after = -1;

  @Option(names = "--limit", description = "At most so many, 1 to 1000 (default: 1000).")
  private int limit = 1_000;

  @Mixin private Home home = new Home();
  @Mixin private Output output = new Output();

  /**
   * A part of a history.
   *
   * @param events oldest first
   * @param end up to which position the journal was looked through
   * @param more whether the journal has gone on behind that
   */
  private record Part(List<RecordedEvent> events, long end, boolean more) {}

  @Override
  public Integer call() {
    Limits.checked(limit);
    try (Session session = home.openToRead()) {
      Engine engine = session.engine();
      JobId job = subject.job(engine);
      Part part = read(engine, job);
      if (part.events().isEmpty() && after < 0) {
        engine.job(job); // refuses what there never was
      }
      output.print(() -> json(job, part), () -> print(part));
    }
    return ExitCode.OK;
  }

  private Part read(Engine engine, JobId job) {
    EventFilter all = EventFilter.all();
    EventFilter filter = subject.instance(job).map(all::ofInstance).orElseGet(() -> all.ofJob(job));
    Optional<TaskName> task = subject.task();
    EventQuery query = EventQuery.of(filter).limit(limit);
    List<RecordedEvent> events = new ArrayList<>();
    EventPage page = engine.events(after < 0 ? query : query.after(after));
    while (true) {
      page.events().stream()
          .filter(each -> task.map(name -> isOf(name, each.event())).orElse(true))
          .forEach(events::add);
      if (!page.more() || events.size() == limit) {
        return new Part(events, page.end(), page.more());
      }
      page = engine.events(query.limit(limit - events.size()).after(page.end()));
    }
  }

  private static boolean isOf(TaskName task, Event event) {
    return event instanceof Event.TaskChanged changed
        ? changed.task().equals(task)
        : Event.instanceOf(event).map(InstanceId::task).filter(task::equals).isPresent();
  }

  private static ObjectNode json(JobId job, Part part) {
    ObjectNode object = Json.object().put("jobId", job.value());
    ArrayNode events = object.putArray("events");
    part.events().forEach(event -> events.add(Events.json(event)));
    return object.put("end", part.end()).put("more", part.more());
  }

  private static void print(Part part) {
    part.events().forEach(event -> System.out.println(Events.line(event, false)));
    if (part.more()) {
      System.err.println("windlass: there may be more; go on with --after " + part.end());
    }
  }
}
