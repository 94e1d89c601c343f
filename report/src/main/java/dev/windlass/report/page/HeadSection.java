package dev.windlass.report.page;

import dev.windlass.Counts;
import dev.windlass.JobStatus;
import dev.windlass.UsageTotals;
import dev.windlass.event.Event;
import dev.windlass.job.State;
import dev.windlass.report.JobReport;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** What the job is, where it stands, and what was done to it. */
final class HeadSection {

  /** Of a job that was managed by a program the last operations tell enough. */
  private static final int MOST_EVENTS = 200;

  private final Markup out;
  private final JobReport report;
  private final ZoneId zone;

  HeadSection(Markup out, JobReport report, ZoneId zone) {
    this.out = out;
    this.report = report;
    this.zone = zone;
  }

  void write() {
    JobStatus job = report.job();
    out.open("header");
    out.open("h1").foreign(job.name()).text(" ");
    state(out, job.state());
    out.close("h1");
    out.element("p", job.id().value(), "class", "id");
    if (!report.description().description().isBlank()) {
      out.open("p").foreign(report.description().description()).close("p");
    }
    if (!job.message().isBlank()) {
      out.open("p", "class", "message").foreign(job.message()).close("p");
    }
    if (job.paused().isPresent()) {
      out.open("p", "class", "message").text("Paused by a user");
      if (!job.paused().get().isBlank()) {
        out.text(": ").foreign(job.paused().get());
      }
      out.close("p");
    }
    facts(job);
    sums();
    out.close("header").newline();
  }

  /** A state with its colour, its sign and its word. */
  static void state(Markup out, State state) {
    out.element(
        "span",
        Words.sign(state) + " " + state.serviceName(),
        "class",
        "badge " + Words.colour(state));
  }

  private void facts(JobStatus job) {
    out.open("dl", "class", "facts");
    fact("Priority", Integer.toString(job.priority()));
    job.owner().ifPresent(owner -> foreign("Owner", owner));
    job.maxRunning().ifPresent(most -> fact("At once at most", Words.number(most)));
    time("Submitted", Optional.of(job.created()));
    time("Began", job.started());
    time("Ended", job.ended());
    fact("Took", Words.duration(took(job)) + (job.state().isEnded() ? "" : " so far"));
    job.labels().forEach((name, value) -> foreign("Label " + name, value));
    out.close("dl");
    out.open("p", "class", "note").text("As of ");
    instant(report.at());
    out.text(". All times are those of " + Words.zone(job.created(), report.at(), zone) + ".");
    out.close("p").newline();
  }

  private Optional<Duration> took(JobStatus job) {
    Instant end = job.ended().orElse(report.at());
    return job.started().map(start -> Duration.between(start, end.isBefore(start) ? start : end));
  }

  private void fact(String name, String value) {
    out.open("div").element("dt", name).element("dd", value).close("div");
  }

  private void foreign(String name, String value) {
    out.open("div").open("dt").foreign(name).close("dt");
    out.open("dd").foreign(value).close("dd").close("div");
  }

  private void time(String name, Optional<Instant> time) {
    out.open("div").element("dt", name).open("dd");
    if (time.isPresent()) {
      instant(time.get());
    } else {
      out.text(Words.NONE);
    }
    out.close("dd").close("div");
  }

  private void instant(Instant time) {
    out.element("time", Words.time(time, zone), "datetime", time.toString());
  }

  private void sums() {
    Counts instances = report.job().instances();
    UsageTotals usage = report.usage();
    out.open("ul", "class", "sums");
    sum(Words.number(instances.total()), instances.total() == 1 ? "instance" : "instances");
    for (State state : State.values()) {
      if (instances.of(state) > 0) {
        out.open("li", "class", Words.colour(state));
        out.element("b", Words.number(instances.of(state)));
        out.text(Words.sign(state) + " " + state.serviceName());
        out.close("li");
      }
    }
    sum(Words.number(usage.attempts()), "attempts over");
    sum(Words.number(report.failures().size()), "of them failed");
    sum(Words.duration(usage.instanceTime()), "instance time");
    sum(Words.duration(usage.cpuTime()), "processor time");
    out.close("ul").newline();
    if (report.attemptsLeftOut() > 0) {
      out.element(
          "p",
          "This job has more attempts than are told one by one: "
              + Words.number(report.attemptsLeftOut())
              + " are left out of the timeline, the phases, the failures and the slowest. The sums"
              + " and the counts of instances are of all.",
          "class",
          "message");
    }
  }

  private void sum(String value, String of) {
    out.open("li").element("b", value).text(of).close("li");
  }

  /** What was done to the job, and what became of it. */
  void history() {
    out.open("section", "id", "history").element("h2", "History");
    int all = report.history().size();
    if (all == 0) {
      out.element("p", "The journal keeps nothing of this job any more.").close("section");
      return;
    }
    if (all > MOST_EVENTS) {
      out.element("p", "The last " + MOST_EVENTS + " of " + Words.number(all) + ".");
    }
    HtmlTable table = HtmlTable.begin(out, "History of the job", "When", "What", "Why");
    for (Event.JobEvent event : report.history().subList(Math.max(0, all - MOST_EVENTS), all)) {
      table.row().cell(() -> instant(event.at()));
      if (event instanceof Event.JobOperated operated) {
        table
            .cell("Operation: " + Words.operation(operated.operation()))
            .foreign(operated.reason());
      } else if (event instanceof Event.JobChanged changed) {
        table.cell(() -> state(out, changed.state())).foreign(changed.message());
      } else {
        throw new AssertionError("a report's history holds no " + event.kind());
      }
      table.end();
    }
    table.close();
    out.close("section").newline();
  }
}
