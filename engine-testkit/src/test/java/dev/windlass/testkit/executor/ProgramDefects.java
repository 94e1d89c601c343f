package dev.windlass.testkit.executor;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Executors with one defect each, in what they do to programs. */
final class ProgramDefects {

  private ProgramDefects() {}

  static Executor losesTheExitCode() {
    return new SimpleProcessExecutor() {
      @Override
      Outcome outcome(AttemptSpec spec, int code, boolean cancelled) throws IOException {
        return super.outcome(spec, 0, cancelled);
      }
    };
  }

  static Executor guessesOutOfMemory() {
    return new SimpleProcessExecutor() {
      @Override
      Outcome outcome(AttemptSpec spec, int code, boolean cancelled) throws IOException {
        return code == 137 && !cancelled
            ? new Outcome.OutOfMemory("exit code 137")
            : super.outcome(spec, code, cancelled);
      }
    };
  }

  static Executor forgetsAGrandchild() {
    return new SimpleProcessExecutor() {
      @Override
      void endAll(String cookie) {}
    };
  }

  /** Writes down all that it was asked for. */
  static Executor keepsASecret() {
    return new ReportDefects.KnowsItsContext() {
      @Override
      public void launch(AttemptSpec spec) {
        try {
          Files.writeString(context.directory().resolve("request"), spec.environment().toString());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        super.launch(spec);
      }
    };
  }

  static Executor trimsArguments() {
    return new SimpleProcessExecutor() {
      @Override
      String argument(String argument) {
        return argument.strip();
      }
    };
  }

  static Executor dropsEmptyVariables() {
    return new SimpleProcessExecutor() {
      @Override
      Optional<String> variable(String name, String value) {
        return super.variable(name, value).filter(text -> !value.isEmpty());
      }
    };
  }

  static Executor passesOnTheHostsEnvironment() {
    return new SimpleProcessExecutor() {
      @Override
      String environment() {
        return "env";
      }
    };
  }

  static Executor startsElsewhere() {
    return new SimpleProcessExecutor() {
      @Override
      Path home(AttemptSpec spec) {
        return spec.directory();
      }
    };
  }

  /** Passes output on line by line, and what has no end of line is not passed on. */
  static Executor dropsTheLastLine() {
    return new SimpleProcessExecutor() {
      @Override
      Outcome outcome(AttemptSpec spec, int code, boolean cancelled) throws IOException {
        String written = Files.readString(spec.stdout());
        Files.writeString(spec.stdout(), written.substring(0, written.lastIndexOf('\n') + 1));
        return super.outcome(spec, code, cancelled);
      }
    };
  }

  static Executor overwritesOutput() {
    return new SimpleProcessExecutor() {
      @Override
      ProcessBuilder.Redirect output(Path file) {
        return ProcessBuilder.Redirect.to(file.toFile());
      }
    };
  }

  /** Nobody reads the pipe. */
  static Executor blocksOnMuchOutput() {
    return new SimpleProcessExecutor() {
      @Override
      ProcessBuilder.Redirect output(Path file) {
        return ProcessBuilder.Redirect.PIPE;
      }
    };
  }

  static Executor givesNoGrace() {
    return new SimpleProcessExecutor() {
      @Override
      void end(Process process, Duration grace) throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
      }
    };
  }

  static Executor asksOnly() {
    return new SimpleProcessExecutor() {
      @Override
      void end(Process process, Duration grace) throws InterruptedException {
        super.end(process, grace);
        if (!grace.isZero()) {
          process.waitFor();
        }
      }
    };
  }

  /** Is slow to begin, so that the cancellation comes before on a busy machine too. */
  static Executor ignoresACancelBeforeTheStart() {
    return new SimpleProcessExecutor() {
      private final Map<AttemptId, CountDownLatch> cancelled = new ConcurrentHashMap<>();

      @Override
      public void launch(AttemptSpec spec) {
        Thread starter =
            new Thread(
                () -> {
                  var unused =
                      Uninterruptibles.awaitUninterruptibly(
                          cancellation(spec.id()), 1, TimeUnit.SECONDS);
                  super.launch(spec);
                });
        starter.setDaemon(true);
        starter.start();
      }

      @Override
      public void cancel(AttemptId id, Duration grace) {
        super.cancel(id, grace);
        cancellation(id).countDown();
      }

      private CountDownLatch cancellation(AttemptId id) {
        return cancelled.computeIfAbsent(id, key -> new CountDownLatch(1));
      }
    };
  }

  /** Understands the rest of the specification and runs without the image. */
  static Executor overlooksTheImage() {
    return new SimpleProcessExecutor() {
      @Override
      public void launch(AttemptSpec spec) {
        super.launch(
            AttemptSpec.builder(spec.id(), spec.directory(), spec.arguments())
                .environment(spec.environment())
                .bindings(spec.bindings())
                .isolation(spec.isolation())
                .build());
      }
    };
  }

  static Executor runsOneAtATime() {
    return new SimpleProcessExecutor() {
      private final Semaphore turn = new Semaphore(1);

      @Override
      void tell(AttemptReport report, ExecutorContext context) {
        if (report instanceof AttemptReport.Started) {
          turn.acquireUninterruptibly();
        } else {
          turn.release();
        }
        super.tell(report, context);
      }
    };
  }

  static Executor launchesAndWaits() {
    return new SimpleProcessExecutor() {
      private final CountDownLatch ended = new CountDownLatch(1);

      @Override
      void tell(AttemptReport report, ExecutorContext context) {
        super.tell(report, context);
        if (report instanceof AttemptReport.Ended) {
          ended.countDown();
        }
      }

      @Override
      public void launch(AttemptSpec spec) {
        super.launch(spec);
        try {
          ended.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }
}
