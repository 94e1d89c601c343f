package dev.windlass.testkit.executor;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.NodeReport;
import dev.windlass.testkit.crash.HostProcesses;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What an executor is given in one life of the host; it writes down what it is told. */
final class Life implements ExecutorContext {

  private final int number;
  private final String engineId;
  private final Path directory;
  private final Path attempts;
  private final History history;
  private final NodeHistory nodes;
  private final Function<AttemptReport, List<Long>> leftovers;
  private volatile boolean over;

  /**
   * Begins a life.
   *
   * @param leftovers finds what still runs of the attempt that a report is about
   */
  Life(
      int number,
      String engineId,
      Path directory,
      Path attempts,
      History history,
      NodeHistory nodes,
      Function<AttemptReport, List<Long>> leftovers) {
    this.number = number;
    this.engineId = engineId;
    this.directory = directory;
    this.attempts = attempts;
    this.history = history;
    this.nodes = nodes;
    this.leftovers = leftovers;
  }

  @Override
  public String engineId() {
    return engineId;
  }

  @Override
  public Path directory() {
    return directory;
  }

  @Override
  public Path attempts() {
    return attempts;
  }

  @Override
  public void report(AttemptReport report) {
    if (over) {
      history.violation(Sentences.SILENT_AFTER_CLOSE, "reported was " + report);
    }
    add(report, false);
  }

  @Override
  public void report(NodeReport report) {
    if (over) {
      history.violation(Sentences.SILENT_AFTER_CLOSE, "reported was " + report);
    }
    nodes.add(report);
  }

  void recovered(AttemptReport report) {
    add(report, true);
  }

  private void add(AttemptReport report, boolean recovered) {
    if (report.kind() == AttemptReport.Kind.ENDED) {
      // Looked at before the report is taken: an instant later it might be gone.
      List<Long> running = leftovers.apply(report);
      if (!running.isEmpty()) {
        history.violation(
            Sentences.ALL_GONE,
            "at the report of its end "
                + report.id()
                + " still had "
                + running.stream().map(HostProcesses::describe).collect(Collectors.joining(", ")));
      }
    }
    history.add(new History.Entry(number, recovered, report));
  }

  /** Says that close has returned. */
  void end() {
    over = true;
  }

  int number() {
    return number;
  }
}
