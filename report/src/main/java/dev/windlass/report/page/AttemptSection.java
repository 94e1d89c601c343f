package dev.windlass.report.page;

import dev.windlass.cluster.NodeStatus;
import dev.windlass.job.Outcome;
import dev.windlass.report.AttemptReport;
import dev.windlass.report.FailureGroup;
import dev.windlass.report.JobReport;
import dev.windlass.report.NodeReport;
import dev.windlass.report.Phase;
import dev.windlass.report.Span;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The nodes, the slowest attempts and the failures. */
final class AttemptSection {

  private static final int MOST_SLOWEST = 20;
  private static final int MOST_FAILURES = 100;
  private static final int MOST_GROUPS = 50;
  private static final int MOST_NODES = 500;

  /** So many nodes are named for one kind of failure. */
  private static final int MOST_NAMED = 3;

  private final Markup out;
  private final JobReport report;
  private final ZoneId zone;

  /** Where an attempt stands in the timeline. */
  private final IdentityHashMap<AttemptReport, Integer> places = new IdentityHashMap<>();

  AttemptSection(Markup out, JobReport report, ZoneId zone) {
    this.out = out;
    this.report = report;
    this.zone = zone;
    report.attempts().forEach(attempt -> places.put(attempt, places.size()));
  }

  void failures() {
    List<AttemptReport> failed = report.failures();
    out.open("section", "id", "failures").element("h2", "Failures");
    if (failed.isEmpty()) {
      out.element("p", "No attempt has failed.").close("section").newline();
      return;
    }
    groups(report.failureGroups());
    if (failed.size() > MOST_FAILURES) {
      out.element(
          "p",
          "The first "
              + MOST_FAILURES
              + " of "
              + Words.count(failed.size(), "failed attempt")
              + ", beginning with those of instances that failed for good.",
          "class",
          "note");
    }
    HtmlTable table =
        HtmlTable.begin(
            out,
            "Failed attempts",
            "Instance",
            ">Attempt",
            "Outcome",
            "Node",
            "Ended",
            ">Ran",
            "Instance is now",
            "In the timeline");
    failed.stream()
        .limit(MOST_FAILURES)
        .forEach(
            attempt -> {
              begin(table, attempt);
              table
                  .foreign(attempt.status().outcome().map(Outcome::describe).orElse(Words.NONE))
                  .foreign(attempt.status().node())
                  .cell(() -> time(attempt.status().ended()))
                  .cell(length(attempt, Phase.RUNNING))
                  .cell(() -> HeadSection.state(out, attempt.instance()))
                  .cell(() -> show(attempt))
                  .end();
            });
    table.close();
    out.close("section").newline();
  }

  private void groups(List<FailureGroup> groups) {
    if (groups.size() > MOST_GROUPS) {
      out.element(
          "p", "The " + MOST_GROUPS + " largest of " + groups.size() + " kinds of failure.");
    }
    HtmlTable table =
        HtmlTable.begin(out, "Kinds of failure", ">Attempts", "Task", "Outcome", "Where");
    groups.stream()
        .limit(MOST_GROUPS)
        .forEach(
            group ->
                table
                    .row()
                    .cell(Words.number(group.attempts()))
                    .foreign(group.task().value())
                    .foreign(group.example().describe())
                    .foreign(where(group.nodes()))
                    .end());
    table.close();
  }

  private static String where(Map<String, Long> nodes) {
    String named =
        nodes.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(MOST_NAMED)
            .map(node -> node.getKey() + " (" + Words.number(node.getValue()) + ")")
            .collect(Collectors.joining(", "));
    int more = nodes.size() - MOST_NAMED;
    return more > 0 ? named + " and " + Words.count(more, "more node") : named;
  }

  void slowest() {
    List<AttemptReport> slowest = report.slowest(MOST_SLOWEST);
    out.open("section", "id", "slowest").element("h2", "Slowest attempts");
    if (slowest.isEmpty()) {
      out.element("p", "No program has run.").close("section").newline();
      return;
    }
    HtmlTable table =
        HtmlTable.begin(
            out,
            "Attempts whose programs ran longest",
            "Instance",
            ">Attempt",
            ">Running",
            ">Waiting",
            ">Staging",
            ">Publishing",
            ">Processor time",
            ">Peak memory",
            "Node",
            "Outcome",
            "In the timeline");
    for (AttemptReport attempt : slowest) {
      begin(table, attempt);
      table
          .cell(length(attempt, Phase.RUNNING))
          .cell(length(attempt, Phase.WAITING))
          .cell(length(attempt, Phase.STAGING))
          .cell(length(attempt, Phase.PUBLISHING))
          .cell(Words.duration(attempt.status().usage().cpu()))
          .cell(peak(attempt))
          .foreign(attempt.status().node())
          .foreign(attempt.status().outcome().map(Outcome::describe).orElse("not over"))
          .cell(() -> show(attempt))
          .end();
    }
    table.close();
    out.close("section").newline();
  }

  void nodes() {
    out.open("section", "id", "nodes").element("h2", "Nodes");
    List<NodeReport> nodes = report.nodes();
    if (nodes.isEmpty()) {
      out.element("p", "No attempt has begun.").close("section").newline();
      return;
    }
    if (nodes.size() > MOST_NODES) {
      out.element("p", "The first " + MOST_NODES + " of " + Words.number(nodes.size()) + ".");
    }
    HtmlTable table =
        HtmlTable.begin(
            out,
            "Nodes on which attempts were",
            "Node",
            "Where",
            "Offers",
            ">Attempts",
            ">Failed",
            ">Programs ran",
            "From",
            "To");
    nodes.stream()
        .limit(MOST_NODES)
        .forEach(
            node ->
                table
                    .row()
                    .foreign(node.name())
                    .foreign(node.status().map(AttemptSection::place).orElse("not known"))
                    .foreign(
                        node.status()
                            .map(status -> Words.resources(status.capacity()))
                            .orElse(Words.NONE))
                    .cell(Words.number(node.attempts()))
                    .cell(Words.number(node.failed()))
                    .cell(Words.duration(node.runningTime()))
                    .cell(() -> time(node.inUse().map(Span::from)))
                    .cell(() -> time(node.inUse().map(Span::to)))
                    .end());
    table.close();
    out.close("section").newline();
  }

  private static String place(NodeStatus node) {
    return node.cluster() + "/" + node.group() + ", " + node.state().serviceName();
  }

  private void begin(HtmlTable table, AttemptReport attempt) {
    table
        .row()
        .foreign(attempt.task() + "/" + attempt.instanceId().index())
        .cell(Integer.toString(attempt.status().id().number()));
  }

  private static String length(AttemptReport attempt, Phase phase) {
    return Words.duration(attempt.phases().get(phase).map(Span::length));
  }

  private static String peak(AttemptReport attempt) {
    OptionalLong bytes = attempt.status().usage().peakMemoryBytes();
    return bytes.isPresent() ? Words.bytes(bytes.getAsLong()) : Words.NONE;
  }

  private void time(Optional<Instant> time) {
    if (time.isPresent()) {
      String text = Words.time(time.get(), zone);
      out.element("time", text, "datetime", time.get().toString());
    } else {
      out.text(Words.NONE);
    }
  }

  /** Shown only where the script of the page runs. */
  private void show(AttemptReport attempt) {
    out.element(
        "button",
        "show",
        "type",
        "button",
        "class",
        "show",
        "hidden",
        "",
        "data-attempt",
        String.valueOf(places.get(attempt)));
  }
}
