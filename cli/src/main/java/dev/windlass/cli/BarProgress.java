package dev.windlass.cli;

import dev.windlass.TaskStatus;
import dev.windlass.job.State;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar of instances that have ended, with the tasks that run now beside it. */
final class BarProgress implements Progress {

  private static final int UPDATE_MILLIS = 200;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream err;
  private final int width;
  private @Nullable ProgressBar bar;

  BarProgress(PrintStream err, int width) {
    this.err = err;
    this.width = width;
  }

  @Override
  public void show(List<Snapshot> jobs) {
    if (bar == null) {
      bar = open(jobs.size() == 1 ? jobs.get(0).job().name() : Words.count(jobs.size(), "job"));
    }
    bar.maxHint(jobs.stream().mapToLong(job -> job.job().instances().total()).sum());
    bar.stepTo(jobs.stream().mapToLong(Snapshot::ended).sum());
    bar.setExtraMessage(running(jobs));
  }

  private static String running(List<Snapshot> jobs) {
    return jobs.stream()
        .flatMap(job -> job.tasks().stream())
        .filter(task -> task.state() == State.RUNNING)
        .map(BarProgress::share)
        .collect(Collectors.joining(", ", " ", ""));
  }

  private static String share(TaskStatus task) {
    long total = task.instances().total();
    long left = task.instances().waiting() + task.instances().running();
    return task.name() + " " + (total - left) + "/" + total;
  }

  private ProgressBar open(String name) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(1)
        .setStyle(style())
        .setUpdateIntervalMillis(UPDATE_MILLIS)
        .continuousUpdate()
        .hideEta()
        .setConsumer(new Line())
        .build();
  }

  private static ProgressBarStyle style() {
    if (!Terminal.canShowBlocks()) {
      return ProgressBarStyle.ASCII;
    }
    return Terminal.isColourWanted()
        ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK
        : ProgressBarStyle.UNICODE_BLOCK;
  }

  @Override
  public void say(String line) {
    synchronized (err) {
      err.println(CLEAR_LINE + "windlass: " + line);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  /**
   * Redraws one line. The library's own consumer would open the terminal through JLine, which loads
   * a native library and takes our signal handlers away.
   */
  private final class Line implements ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return width - 1;
    }

    @Override
    public void accept(String rendered) {
      synchronized (err) {
        err.print(CLEAR_LINE + rendered);
        err.flush();
      }
    }

    @Override
    public void close() {
      synchronized (err) {
        err.print(CLEAR_LINE);
        err.flush();
      }
    }
  }
}
