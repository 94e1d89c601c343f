package dev.windlass.cli;

import dev.windlass.Engine;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.event.RecordedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "events",
    description = {
      "Prints the journal: what happened to jobs and clusters, in order, each with its position.",
      "Looks only, and may do so while another process runs the jobs."
    })
final class EventsCommand implements Callable<Integer> {

  /** Whoever follows wants each event soon, and an idle journal is cheap to ask. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  @Option(
      names = "--after",
      paramLabel = "POSITION",
      description = "Only what came after this position (default: all that is kept).")
  private @Nullable Long after;

  @Option(names = "--follow", description = "Wait for more, until Ctrl-C.")
  private boolean follow;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description =
          "Only events of this kind, or one of these: JOB_CHANGED, ATTEMPT_ENDED ...; or of this"
              + " name of the service: OnJobFinished ...")
  private List<String> types = new ArrayList<>();

  @Option(
      names = "--job",
      paramLabel = "ID",
      description = "Only events of this job; of one that was deleted, by its whole id.")
  private @Nullable String job;

  @Option(
      names = "--json",
      description = "Print each event as one JSON object on a line, as the webhook sends it.")
  private boolean json;

  @Mixin private Home home = new Home();

  @Override
  public Integer call() throws InterruptedException {
    if (after != null && after < 0) {
      throw new UsageException("--after is 0 or more, was " + after);
    }
    EventFilter all = Events.ofTypes(EventFilter.all(), types);
    try (Session session = home.openToRead()) {
      Engine engine = session.engine();
      EventFilter filter = job == null ? all : all.ofJob(JobFinder.find(engine, job));
      EventQuery query = EventQuery.of(filter).limit(EventQuery.MAX_LIMIT);
      EventPage page = engine.events(after == null ? query : query.after(after));
      print(page);
      while (!System.out.checkError() && (page.more() || follow)) {
        if (!page.more()) {
          Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
        page = engine.events(query.after(page.end()));
        print(page);
      }
    }
    return ExitCode.OK;
  }

  private void print(EventPage page) {
    for (RecordedEvent event : page.events()) {
      System.out.println(json ? Events.json(event).toString() : Events.line(event, true));
    }
  }
}
