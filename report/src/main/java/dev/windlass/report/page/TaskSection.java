package dev.windlass.report.page;

import dev.windlass.UsageTotals;
import dev.windlass.job.TaskDescription;
import dev.windlass.report.JobReport;
import dev.windlass.report.Phase;
import dev.windlass.report.PhaseSummary;
import dev.windlass.report.TaskReport;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Where the time of each task went, and what it asked for and used. */
final class TaskSection {

  private static final int BAR_WIDTH = 160;

  private final Markup out;
  private final JobReport report;

  TaskSection(Markup out, JobReport report) {
    this.out = out;
    this.report = report;
  }

  /** The id of a task's row; names of tasks are kept out of it. */
  static String anchor(JobReport report, TaskReport task) {
    return "task-" + report.tasks().indexOf(task);
  }

  void write() {
    out.open("section", "id", "tasks").element("h2", "Tasks");
    out.open("p", "class", "note")
        .text(
            "How long one attempt was in each phase: the median, and in brackets the longest. The ")
        .text("bar shows all attempts of the task together.")
        .close("p");
    HtmlTable table =
        HtmlTable.begin(
            out,
            "Phases by task",
            "Task",
            "State",
            ">Instances",
            ">Finished",
            ">Failed",
            ">Waiting",
            ">Staging",
            ">Running",
            ">Publishing",
            "Together");
    for (TaskReport task : report.tasks()) {
      table
          .row("id", anchor(report, task))
          .foreign(task.name().value())
          .cell(() -> HeadSection.state(out, task.status().state()))
          .cell(Words.number(task.status().instances().total()))
          .cell(Words.number(task.status().instances().finished()))
          .cell(Words.number(task.status().instances().failed()));
      for (Phase phase : Phase.values()) {
        table.cell(summary(summaryOf(task, phase)));
      }
      table.cell(() -> bar(task)).end();
    }
    table.close();
    out.close("section").newline();
    resources();
  }

  private static PhaseSummary summaryOf(TaskReport task, Phase phase) {
    return Objects.requireNonNull(task.phases().get(phase), "phase");
  }

  private static String summary(PhaseSummary summary) {
    if (summary.attempts() == 0) {
      return Words.NONE;
    }
    String median = Words.duration(summary.median());
    return summary.attempts() == 1
        ? median
        : median + " (" + Words.duration(summary.longest()) + ")";
  }

  private void bar(TaskReport task) {
    Duration all =
        task.phases().values().stream()
            .map(PhaseSummary::total)
            .reduce(Duration.ZERO, Duration::plus);
    if (all.toMillis() == 0) {
      out.text(Words.NONE);
      return;
    }
    StringBuilder words = new StringBuilder();
    double share = 1.0 * BAR_WIDTH / all.toMillis();
    for (Map.Entry<Phase, PhaseSummary> phase : task.phases().entrySet()) {
      words.append(words.length() == 0 ? "" : ", ");
      words.append(name(phase.getKey())).append(' ');
      words.append(Words.duration(phase.getValue().total()));
    }
    out.open(
        "svg",
        "class",
        "bar",
        "width",
        Integer.toString(BAR_WIDTH),
        "height",
        "14",
        "role",
        "img",
        "aria-label",
        words.toString());
    out.element("title", words.toString());
    double x = 0;
    for (Map.Entry<Phase, PhaseSummary> phase : task.phases().entrySet()) {
      double width = phase.getValue().total().toMillis() * share;
      if (width > 0) {
        out.open(
                "rect",
                "class",
                "p-" + name(phase.getKey()),
                "x",
                String.format(Locale.ROOT, "%.2f", x),
                "width",
                String.format(Locale.ROOT, "%.2f", width),
                "height",
                "14")
            .close("rect");
        x += width;
      }
    }
    out.close("svg");
  }

  static String name(Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }

  private void resources() {
    out.open("section", "id", "resources").element("h2", "Resources asked and used");
    out.element(
        "p",
        "Asked is what one instance books. Processors kept busy and peak memory are of those attempts"
            + " of which the executor knows them.",
        "class",
        "note");
    HtmlTable table =
        HtmlTable.begin(
            out,
            "Resources by task",
            "Task",
            "Asked by each instance",
            ">Processors busy",
            ">Most memory booked",
            ">Peak memory",
            ">Attempts over",
            ">Instance time",
            ">Processor time",
            ">Staged in",
            ">Published");
    for (TaskReport task : report.tasks()) {
      UsageTotals usage = task.usage();
      table
          .row()
          .foreign(task.name().value())
          .foreign(Words.asked(task.description()))
          .cell(cpus(task))
          .cell(task.bookedMemoryBytes() > 0 ? Words.bytes(task.bookedMemoryBytes()) : Words.NONE)
          .cell(peak(task));
      used(table, usage);
    }
    table.row("class", "total").cell("All").cell("").cell("").cell("").cell("");
    used(table, report.usage());
    table.close();
    out.close("section").newline();
  }

  private static void used(HtmlTable table, UsageTotals usage) {
    table
        .cell(Words.number(usage.attempts()))
        .cell(Words.duration(usage.instanceTime()))
        .cell(Words.duration(usage.cpuTime()))
        .cell(Words.bytes(usage.bytesStaged()))
        .cell(Words.bytes(usage.bytesPublished()))
        .end();
  }

  private static String cpus(TaskReport task) {
    if (task.cpus().isEmpty()) {
      return Words.NONE;
    }
    double busy = task.cpus().getAsDouble();
    TaskDescription description = task.description();
    double asked =
        description.resources().map(resources -> resources.cpuMillis() / 1_000.0).orElse(0.0);
    return Words.cpus(busy) + (asked > 0 ? " (" + Words.percent(busy, asked) + ")" : "");
  }

  private static String peak(TaskReport task) {
    if (task.peakMemoryBytes().isEmpty()) {
      return Words.NONE;
    }
    long peak = task.peakMemoryBytes().getAsLong();
    long booked = task.bookedMemoryBytes();
    return Words.bytes(peak)
        + (booked > 0 ? " (" + Words.percent((double) peak, (double) booked) + ")" : "");
  }
}
