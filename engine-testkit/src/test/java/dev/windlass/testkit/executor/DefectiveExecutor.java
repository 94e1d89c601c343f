package dev.windlass.testkit.executor;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** Keeps to the contract but in one place, which a subclass or the constructor's argument says. */
class DefectiveExecutor implements Executor {

  final SimpleProcessExecutor sound;
  private final BiConsumer<AttemptReport, ExecutorContext> reporting;

  DefectiveExecutor() {
    this(new SimpleProcessExecutor(), (report, context) -> context.report(report));
  }

  /** How reports reach the context. */
  DefectiveExecutor(BiConsumer<AttemptReport, ExecutorContext> reporting) {
    this(new SimpleProcessExecutor(), reporting);
  }

  DefectiveExecutor(
      SimpleProcessExecutor sound, BiConsumer<AttemptReport, ExecutorContext> reporting) {
    this.sound = sound;
    this.reporting = reporting;
  }

  static Executor losesTheExitCode() {
    return new DefectiveExecutor(
        (report, context) -> {
          if (report instanceof AttemptReport.Ended ended) {
            context.report(
                new AttemptReport.Ended(
                    ended.id(), ended.at(), new Outcome.Exited(0), ended.usage()));
          } else {
            context.report(report);
          }
        });
  }

  static Executor reportsTwice() {
    return new DefectiveExecutor(
        (report, context) -> {
          context.report(report);
          context.report(report);
        });
  }

  static Executor reportsTheEndBeforeTheStart() {
    Map<AttemptId, AttemptReport> held = new ConcurrentHashMap<>();
    return new DefectiveExecutor(
        (report, context) -> {
          if (report instanceof AttemptReport.Ended) {
            context.report(report);
            Optional.ofNullable(held.remove(report.id())).ifPresent(context::report);
          } else {
            held.put(report.id(), report);
          }
        });
  }

  static Executor reportsNoStart() {
    return new DefectiveExecutor(
        (report, context) -> {
          if (report instanceof AttemptReport.Ended) {
            context.report(report);
          }
        });
  }

  static Executor runsADuplicateLaunchAgain() {
    return new DefectiveExecutor() {
      private final SimpleProcessExecutor second = new SimpleProcessExecutor();
      private final Set<AttemptId> launched = ConcurrentHashMap.newKeySet();

      @Override
      public void launch(AttemptSpec spec) {
        (launched.add(spec.id()) ? sound : second).launch(spec);
      }

      @Override
      public void close() {
        super.close();
        second.close();
      }
    };
  }

  static Executor forgetsDescendants() {
    SimpleProcessExecutor forgetful =
        new SimpleProcessExecutor() {
          @Override
          void endAll(String cookie) {}
        };
    return new DefectiveExecutor(forgetful, (report, context) -> context.report(report));
  }

  static Executor keepsReleasedEvidence() {
    return new DefectiveExecutor() {
      @Override
      public void release(AttemptId id) {}
    };
  }

  static Executor fencesInWordsOnly() {
    return new DefectiveExecutor() {
      @Override
      public Collection<AttemptReport> recover(Set<AttemptId> expected) {
        List<AttemptReport> reports = new ArrayList<>(super.recover(Set.of()));
        for (AttemptId id : expected) {
          if (reports.stream().noneMatch(report -> report.id().equals(id))) {
            Outcome lost = new Outcome.Lost("not known");
            reports.add(new AttemptReport.Ended(id, Instant.EPOCH, lost, Usage.unknown()));
          }
        }
        return reports;
      }
    };
  }

  static Executor trimsArguments() {
    return new DefectiveExecutor() {
      @Override
      public void launch(AttemptSpec spec) {
        super.launch(
            AttemptSpec.builder(
                    spec.id(),
                    spec.directory(),
                    spec.arguments().stream().map(String::strip).toList())
                .environment(spec.environment())
                .build());
      }
    };
  }

  static Executor overlooksTheImage() {
    return new DefectiveExecutor() {
      @Override
      public void launch(AttemptSpec spec) {
        super.launch(
            AttemptSpec.builder(spec.id(), spec.directory(), spec.arguments())
                .environment(spec.environment())
                .build());
      }
    };
  }

  @Override
  public ExecutorInfo info() {
    return sound.info();
  }

  @Override
  public void open(ExecutorContext context) {
    sound.open(
        new ExecutorContext() {
          @Override
          public String engineId() {
            return context.engineId();
          }

          @Override
          public Path directory() {
            return context.directory();
          }

          @Override
          public void report(AttemptReport report) {
            reporting.accept(report, context);
          }
        });
  }

  @Override
  public void launch(AttemptSpec spec) {
    sound.launch(spec);
  }

  @Override
  public void cancel(AttemptId id, Duration grace) {
    sound.cancel(id, grace);
  }

  @Override
  public Collection<AttemptReport> recover(Set<AttemptId> expected) {
    return sound.recover(expected);
  }

  @Override
  public void release(AttemptId id) {
    sound.release(id);
  }

  @Override
  public void close() {
    sound.close();
  }
}
