package dev.windlass.core.execution;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.NodeReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What an executor is given. While it is being asked what became of earlier attempts, its reports
 * are held back: they may be about attempts that are only just being learnt of.
 */
final class Link implements ExecutorContext {
  private final String engineId;
  private final Path directory;
  private final Path attempts;
  private final Consumer<AttemptReport> reports;
  private final Consumer<NodeReport> nodes;

  /** Guarded by this; reports while they are held back. */
  private final List<AttemptReport> held = new ArrayList<>();

  private boolean holding;

  Link(
      String engineId,
      Path directory,
      Path attempts,
      Consumer<AttemptReport> reports,
      Consumer<NodeReport> nodes) {
    this.engineId = engineId;
    this.directory = directory;
    this.attempts = attempts;
    this.reports = reports;
    this.nodes = nodes;
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
    synchronized (this) {
      if (holding) {
        held.add(report);
        return;
      }
    }
    reports.accept(report);
  }

  @Override
  public void report(NodeReport report) {
    nodes.accept(report);
  }

  synchronized void holdBack() {
    holding = true;
  }

  void letGo() {
    List<AttemptReport> late;
    synchronized (this) {
      holding = false;
      late = List.copyOf(held);
      held.clear();
    }
    late.forEach(reports);
  }
}
