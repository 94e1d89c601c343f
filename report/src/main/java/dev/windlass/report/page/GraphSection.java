package dev.windlass.report.page;

import dev.windlass.job.Condition;
import dev.windlass.job.State;
import dev.windlass.report.Dependency;
import dev.windlass.report.JobReport;
import dev.windlass.report.TaskReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tasks and the order between them, drawn from left to right. */
final class GraphSection {

  private static final int BOX_WIDTH = 190;
  private static final int BOX_HEIGHT = 44;
  private static final int COLUMN = BOX_WIDTH + 70;
  private static final int ROW = BOX_HEIGHT + 20;
  private static final int MARGIN = 8;

  /** Beyond it a name is cut in its box; it is whole in the title and in the tables. */
  private static final int LONGEST_NAME = 22;

  private final Markup out;
  private final JobReport report;
  private final Layers layers;

  GraphSection(Markup out, JobReport report) {
    this.out = out;
    this.report = report;
    this.layers =
        new Layers(
            report.tasks().stream().map(TaskReport::name).toList(),
            report.dependencies(),
            report.description().finalTask());
  }

  void write() {
    String width = Integer.toString(layers.count() * COLUMN - 70 + 2 * MARGIN);
    String height = Integer.toString(layers.rows() * ROW - 20 + 2 * MARGIN);
    out.open("section", "id", "graph").element("h2", "Graph");
    out.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Graph");
    out.open(
        "svg",
        "width",
        width,
        "height",
        height,
        "viewBox",
        "0 0 " + width + " " + height,
        "role",
        "img",
        "aria-label",
        Words.count(report.tasks().size(), "task")
            + ", "
            + Words.count(report.dependencies().size(), "arrow")
            + " between them");
    out.verbatim(
        "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\""
            + " markerHeight=\"8\" orient=\"auto\"><path class=\"tip\" d=\"M0 0L8 4L0 8z\"/>"
            + "</marker></defs>");
    report.dependencies().forEach(this::arrow);
    report.tasks().forEach(this::box);
    out.close("svg").close("div");
    legend();
    out.close("section").newline();
  }

  private void legend() {
    List<String> notes = new ArrayList<>();
    if (report.dependencies().stream().anyMatch(Dependency::perInstance)) {
      notes.add("i\u2192i: instance by instance");
    }
    if (report.dependencies().stream().anyMatch(one -> one.condition().isPresent())) {
      notes.add("dashed: after failure, or always");
    }
    if (report.description().finalTask().isPresent()) {
      notes.add("dashed box: the final task, which runs however the job ends");
    }
    if (!notes.isEmpty()) {
      out.element("p", String.join("; ", notes) + ".", "class", "note");
    }
  }

  private void arrow(Dependency dependency) {
    List<Layers.Point> way = layers.way(dependency);
    StringBuilder path = new StringBuilder();
    double x = right(way.get(0));
    double y = middle(way.get(0));
    path.append(String.format(Locale.ROOT, "M%.0f %.0f", x, y));
    for (int i = 1; i < way.size(); i++) {
      Layers.Point point = way.get(i);
      double nextX = left(point);
      double nextY = middle(point);
      double bend = Math.min(35, (nextX - x) / 2);
      path.append(
          String.format(
              Locale.ROOT,
              "C%.0f %.0f %.0f %.0f %.0f %.0f",
              x + bend,
              y,
              nextX - bend,
              nextY,
              nextX,
              nextY));
      x = right(point);
      y = nextY;
      if (i + 1 < way.size()) {
        path.append(String.format(Locale.ROOT, "H%.0f", x));
      }
    }
    boolean conditional =
        dependency.condition().filter(one -> one != Condition.SUCCESS).isPresent();
    out.open(
        "path",
        "class",
        conditional ? "arrow conditional" : "arrow",
        "d",
        path.toString(),
        "marker-end",
        "url(#tip)");
    out.element("title", sentence(dependency)).close("path");
    label(dependency, way.get(way.size() - 1));
  }

  private static String sentence(Dependency dependency) {
    String how =
        switch (dependency.condition().orElse(Condition.SUCCESS)) {
          case SUCCESS -> "after ";
          case FAILURE -> "after the failure of ";
          case ALWAYS -> "after the end, whatever it is, of ";
        };
    return dependency.after()
        + " "
        + how
        + dependency.before()
        + (dependency.perInstance() ? ", instance by instance" : "");
  }

  private void label(Dependency dependency, Layers.Point end) {
    String text =
        dependency.perInstance()
            ? "i\u2192i"
            : switch (dependency.condition().orElse(Condition.SUCCESS)) {
              case SUCCESS -> "";
              case FAILURE -> "failed";
              case ALWAYS -> "always";
            };
    if (!text.isEmpty()) {
      out.element("text", text, "class", "edge", "x", at(left(end) - 12), "y", at(middle(end) - 5));
    }
  }

  private void box(TaskReport task) {
    Layers.Point point = layers.at(task.name());
    State state = task.status().state();
    boolean isFinal = report.description().finalTask().filter(task.name()::equals).isPresent();
    double x = left(point);
    double y = middle(point) - BOX_HEIGHT / 2.0;
    out.open("a", "href", "#" + TaskSection.anchor(report, task));
    out.element("title", task.name() + ": " + state.serviceName());
    out.open(
            "rect",
            "class",
            "box " + Words.colour(state) + (isFinal ? " final" : ""),
            "x",
            at(x),
            "y",
            at(y),
            "width",
            at(BOX_WIDTH),
            "height",
            at(BOX_HEIGHT),
            "rx",
            "6")
        .close("rect");
    out.element(
        "text", cut(task.name().value()), "class", "name", "x", at(x + 10), "y", at(y + 18));
    long all = task.status().instances().total();
    long finished = task.status().instances().finished();
    String count =
        all == 1
            ? "1 instance"
            : finished == all
                ? Words.number(all)
                : Words.number(finished) + "/" + Words.number(all);
    out.element(
        "text",
        Words.sign(state) + " " + state.serviceName() + " \u00b7 " + count,
        "class",
        "state",
        "x",
        at(x + 10),
        "y",
        at(y + 35));
    out.close("a");
  }

  private static String cut(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "\u2026";
  }

  private static double left(Layers.Point point) {
    return MARGIN + (double) point.layer() * COLUMN;
  }

  private static double right(Layers.Point point) {
    return left(point) + BOX_WIDTH;
  }

  private static double middle(Layers.Point point) {
    return MARGIN + point.row() * ROW + BOX_HEIGHT / 2.0;
  }

  private static String at(double coordinate) {
    return String.format(Locale.ROOT, "%.0f", coordinate);
  }
}
