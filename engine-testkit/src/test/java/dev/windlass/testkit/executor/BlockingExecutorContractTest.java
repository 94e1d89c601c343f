package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.BlockingExecutor;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@net.jqwik.api.Tag("slow")
class BlockingExecutorContractTest extends ExecutorContract {

  private static final ExecutorInfo INFO =
      new ExecutorInfo("blocking", Set.of(), Resources.cpus(2));

  @Override
  protected Executor create() {
    return new BlockingExecutor(INFO, (spec, cancellation) -> run(spec));
  }

  private static Outcome run(AttemptSpec spec) throws IOException, InterruptedException {
    Files.createDirectories(spec.directory());
    List<String> arguments = spec.arguments();
    Script script = Script.decode(arguments.get(0), arguments.subList(1, arguments.size()));
    try (PrintStream out = open(spec.stdout());
        PrintStream err = open(spec.stderr())) {
      return new Outcome.Exited(
          ScriptInterpreter.run(
              script,
              new ScriptInterpreter.Surroundings(
                  spec.workDirectory(), spec.environment(), out, err)));
    }
  }

  private static PrintStream open(Path file) throws IOException {
    return new PrintStream(Files.newOutputStream(file), true, StandardCharsets.UTF_8);
  }

  @Override
  protected List<String> command(Script script) {
    return Stream.concat(Stream.of(script.encode()), script.arguments().stream()).toList();
  }

  @Test
  void closeReturnsWhenWorkThatTakesItsTimeToEndHasEnded() throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    closeWhile(
        cancellation -> {
          untilRequested(cancellation);
          TimeUnit.MILLISECONDS.sleep(50);
          over.set(true);
        });
    assertThat(over).isTrue();
  }

  /** Work that saw the wish and cleared the interrupt tidies up without being interrupted again. */
  @Test
  void theInterruptHasComeWhenTheCancellationIsSeen() throws InterruptedException {
    for (int i = 0; i < 2_000; i++) {
      AtomicBoolean late = new AtomicBoolean();
      closeWhile(
          cancellation -> {
            untilRequested(cancellation);
            for (int look = 0; look < 2_000; look++) {
              late.compareAndSet(false, Thread.currentThread().isInterrupted());
            }
          });
      assertThat(late).as("try %s", i).isFalse();
    }
  }

  /** What an attempt does until it has ended. */
  private interface Course {
    void run(BlockingExecutor.Cancellation cancellation) throws InterruptedException;
  }

  private static void untilRequested(BlockingExecutor.Cancellation cancellation) {
    while (!cancellation.isRequested()) {
      Thread.onSpinWait();
    }
    Thread.interrupted();
  }

  /** Closes an executor as soon as it runs an attempt. */
  private void closeWhile(Course course) throws InterruptedException {
    CountDownLatch began = new CountDownLatch(1);
    try (BlockingExecutor executor =
        new BlockingExecutor(
            INFO,
            (spec, cancellation) -> {
              began.countDown();
              course.run(cancellation);
              return new Outcome.Cancelled();
            })) {
      executor.launch(rig().attempt(Script.of()).spec());
      began.await();
    }
  }
}
