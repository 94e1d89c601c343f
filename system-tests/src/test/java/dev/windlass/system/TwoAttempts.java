package dev.windlass.system;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Gives the first attempt up for lost; once the second runs, the first turns up again, well done
 * and with outputs of its own.
 */
final class TwoAttempts implements Executor {
  private volatile ExecutorContext context;
  private volatile AttemptSpec first;

  @Override
  public ExecutorInfo info() {
    return new ExecutorInfo("two-attempts", Set.of(Capability.PROGRAMS), Resources.cpus(1));
  }

  @Override
  public void open(ExecutorContext given) {
    context = given;
  }

  @Override
  public void launch(AttemptSpec spec) {
    write(spec);
    if (spec.id().number() == 1) {
      first = spec;
      end(spec.id(), new Outcome.Lost("the node does not answer"));
    } else {
      write(first);
      end(first.id(), new Outcome.Exited(0));
      end(spec.id(), new Outcome.Exited(0));
      end(first.id(), new Outcome.Exited(0));
    }
  }

  private static void write(AttemptSpec spec) {
    try {
      Path out = Files.createDirectories(spec.workDirectory().resolve("out"));
      Files.writeString(out.resolve("data"), "attempt " + spec.id().number());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void end(AttemptId id, Outcome outcome) {
    context.report(new AttemptReport.Ended(id, Instant.now(), outcome, Usage.unknown()));
  }

  @Override
  public void cancel(AttemptId id, Duration grace) {}

  @Override
  public Collection<AttemptReport> recover(Set<AttemptId> expected) {
    return List.of();
  }

  @Override
  public void release(AttemptId id) {}

  @Override
  public void close() {}
}
