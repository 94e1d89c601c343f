package dev.windlass.testkit.executor;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.executor.NodeReport;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Executors with one defect each, in what they say about attempts and keep of them. */
final class ReportDefects {

  private ReportDefects() {}

  private static AttemptReport.Ended ended(AttemptId id, Outcome outcome) {
    return new AttemptReport.Ended(id, Instant.now(), outcome, Usage.unknown());
  }

  /**
   * So that what should not run is seen to run: it would be killed with another of its id, or come
   * too late to be counted.
   */
  private static void awaitStarts(AttemptSpec spec, int count) {
    Path ledger = spec.workDirectory().resolve(Attempt.LEDGER);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    while (starts(ledger) < count && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static int starts(Path ledger) {
    try {
      return Files.exists(ledger) ? Files.readAllLines(ledger).size() : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Executor reportsTwice() {
    return new SimpleProcessExecutor() {
      @Override
      void tell(AttemptReport report, ExecutorContext context) {
        context.report(report);
        context.report(report);
      }
    };
  }

  static Executor reportsTheEndBeforeTheStart() {
    Map<AttemptId, AttemptReport> held = new ConcurrentHashMap<>();
    return new SimpleProcessExecutor() {
      @Override
      void tell(AttemptReport report, ExecutorContext context) {
        if (report instanceof AttemptReport.Ended) {
          context.report(report);
          Optional.ofNullable(held.remove(report.id())).ifPresent(context::report);
        } else {
          held.put(report.id(), report);
        }
      }
    };
  }

  static Executor reportsNoStart() {
    return new SimpleProcessExecutor() {
      @Override
      void tell(AttemptReport report, ExecutorContext context) {
        if (report instanceof AttemptReport.Ended) {
          context.report(report);
        }
      }
    };
  }

  /** Says that the program runs, and then finds out whether it can. */
  static Executor reportsBeforeTheStart() {
    return new KnowsItsContext() {
      @Override
      public void launch(AttemptSpec spec) {
        context.report(new AttemptReport.Started(spec.id(), Instant.now()));
        super.launch(spec);
      }
    };
  }

  /** Takes the wish for the deed. */
  static Executor reportsTheEndWhenItIsWished() {
    return new KnowsItsContext() {
      private final Set<AttemptId> over = ConcurrentHashMap.newKeySet();

      @Override
      public void cancel(AttemptId id, Duration grace) {
        if (over.add(id)) {
          context.report(ended(id, new Outcome.Cancelled()));
        }
        super.cancel(id, grace);
      }

      @Override
      void tell(AttemptReport report, ExecutorContext to) {
        if (!(report instanceof AttemptReport.Ended) || over.add(report.id())) {
          to.report(report);
        }
      }
    };
  }

  /** Of two attempts that end at about the same time each gets the outcome of the other. */
  static Executor swapsTwoReports() {
    Exchanger<Outcome> ends = new Exchanger<>();
    return new SimpleProcessExecutor() {
      @Override
      void tell(AttemptReport report, ExecutorContext context) {
        context.report(
            report instanceof AttemptReport.Ended end
                ? ended(end.id(), swapped(end.outcome()))
                : report);
      }

      private Outcome swapped(Outcome own) {
        try {
          return ends.exchange(own, 800, TimeUnit.MILLISECONDS);
        } catch (InterruptedException | TimeoutException e) {
          return own;
        }
      }
    };
  }

  static Executor reportsAfterClose() {
    return new KnowsItsContext() {
      @Override
      public void close() {
        super.close();
        AttemptReport late = recover(Set.of()).stream().findAny().orElse(null);
        Thread thread =
            new Thread(
                () -> {
                  LockSupport.parkNanos(2_000_000);
                  if (late != null) {
                    context.report(late);
                  }
                });
        thread.start();
      }
    };
  }

  static Executor keepsReleasedEvidence() {
    return new SimpleProcessExecutor() {
      @Override
      public void release(AttemptId id) {}
    };
  }

  /** Forgets an attempt when it has reported the end, not when it is told to. */
  static Executor forgetsEvidenceTooEarly() {
    return new SimpleProcessExecutor() {
      @Override
      void tell(AttemptReport report, ExecutorContext context) {
        if (report instanceof AttemptReport.Ended) {
          release(report.id());
        }
        context.report(report);
      }
    };
  }

  /** After a restart it says of an id that it is done with, and runs it all the same. */
  static Executor reusesAnIdAfterARestart() {
    return new SimpleProcessExecutor() {
      private final Set<AttemptId> doneWith = ConcurrentHashMap.newKeySet();

      @Override
      public void launch(AttemptSpec spec) {
        super.launch(spec);
        if (doneWith.contains(spec.id())) {
          awaitStarts(spec, 1);
        }
      }

      @Override
      public Collection<AttemptReport> recover(Set<AttemptId> expected) {
        List<AttemptReport> reports = new ArrayList<>(super.recover(Set.of()));
        for (AttemptId id : expected) {
          if (reports.stream().noneMatch(report -> report.id().equals(id))) {
            reports.add(ended(id, new Outcome.Lost("not known")));
            doneWith.add(id);
          }
        }
        return reports;
      }
    };
  }

  /** What was cancelled or fenced it leaves alone, so that the second run is all that is wrong. */
  static Executor runsADuplicateLaunchAgain() {
    return new SimpleProcessExecutor() {
      /** Does not end the first run with its own, which would show another defect. */
      private final SimpleProcessExecutor second =
          new SimpleProcessExecutor() {
            @Override
            void endAll(String cookie) {}
          };

      private final Set<AttemptId> launched = ConcurrentHashMap.newKeySet();
      private final Set<AttemptId> leftAlone = ConcurrentHashMap.newKeySet();

      @Override
      public void launch(AttemptSpec spec) {
        if (launched.add(spec.id()) || leftAlone.contains(spec.id())) {
          super.launch(spec);
        } else {
          second.launch(spec);
          awaitStarts(spec, 2);
        }
      }

      @Override
      public void cancel(AttemptId id, Duration grace) {
        leftAlone.add(id);
        super.cancel(id, grace);
      }

      @Override
      public Collection<AttemptReport> recover(Set<AttemptId> expected) {
        expected.stream().filter(id -> !launched.contains(id)).forEach(leftAlone::add);
        return super.recover(expected);
      }

      @Override
      public void close() {
        super.close();
        second.close();
      }
    };
  }

  static Executor leaksAFilePerAttempt() {
    return new KnowsItsContext() {
      @Override
      public void launch(AttemptSpec spec) {
        super.launch(spec);
        try {
          Files.writeString(
              context.directory().resolve(spec.id().toString().replace('/', '-')), "");
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  static Executor leaksAThread() {
    return new SimpleProcessExecutor() {
      @Override
      public void open(ExecutorContext context) {
        super.open(context);
        Thread watcher = new Thread(() -> LockSupport.parkNanos(30_000_000_000L), "watcher");
        watcher.setDaemon(true);
        watcher.start();
      }
    };
  }

  /** Finds the attempts of all engines of this host and takes them for its own. */
  static Executor answersForOtherEngines() {
    Set<AttemptId> all = LAUNCHED_HERE;
    return new SimpleProcessExecutor() {
      @Override
      public void launch(AttemptSpec spec) {
        all.add(spec.id());
        super.launch(spec);
      }

      @Override
      public Collection<AttemptReport> recover(Set<AttemptId> expected) {
        List<AttemptReport> reports = new ArrayList<>(super.recover(expected));
        all.stream()
            .filter(id -> reports.stream().noneMatch(report -> report.id().equals(id)))
            .forEach(id -> reports.add(new AttemptReport.Started(id, Instant.now())));
        return reports;
      }

      @Override
      public void release(AttemptId id) {
        all.remove(id);
        super.release(id);
      }
    };
  }

  private static final Set<AttemptId> LAUNCHED_HERE = ConcurrentHashMap.newKeySet();

  static Executor declaresMoreThanItDoes() {
    return new SimpleProcessExecutor() {
      @Override
      public ExecutorInfo info() {
        return new ExecutorInfo(
            INFO.name(), Set.of(Capability.PROGRAMS, Capability.SURVIVES_HOST), INFO.capacity());
      }
    };
  }

  /** Keeps its context for defects of its own. */
  static class KnowsItsContext extends SimpleProcessExecutor {
    volatile ExecutorContext context = new NoContext();

    @Override
    public void open(ExecutorContext opened) {
      context = opened;
      super.open(opened);
    }
  }

  /** Until open was called. */
  private static final class NoContext implements ExecutorContext {
    @Override
    public String engineId() {
      return "none";
    }

    @Override
    public Path attempts() {
      return Path.of("/");
    }

    @Override
    public Path directory() {
      return Path.of("/");
    }

    @Override
    public void report(NodeReport report) {}

    @Override
    public void report(AttemptReport report) {
      throw new IllegalStateException("not open");
    }
  }
}
