package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobStatus;
import dev.windlass.core.EngineBuilder;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Promise 10: memory grows with what runs, not with what waits or has finished. */
@Tag("slow")
final class BoundedMemoryTest {
  private static final int INSTANCES = 1_000_000;

  /** So many come to their end; the others are stopped, as that is quicker. */
  private static final int FINISHED = 100_000;

  private static final long MIB = 1 << 20;

  @TempDir Path directory;
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  @Timeout(900)
  void aMillionInstancesWaitInAFewKilobytesAndThoseThatEndAreRecorded() throws Exception {
    FunctionExecutor functions =
        FunctionExecutor.builder("functions")
            .capacity(Resources.cpus(2))
            .function(
                "count",
                run -> {
                  gate.await();
                  runs.incrementAndGet();
                  return 0;
                })
            .build();
    try (Engine engine = EngineBuilder.at(directory.resolve("engine")).executor(functions).open()) {
      // Whatever is loaded once is loaded before the measurement.
      JobId warmUp = engine.submit(job(1));
      long before = usedHeap();
      JobId job = engine.submit(job(INSTANCES));
      long growth = usedHeap() - before;

      long start = System.nanoTime();
      gate.countDown();
      engine.await(warmUp);
      await()
          .atMost(Duration.ofMinutes(10))
          .until(() -> engine.job(job).instances().finished() >= FINISHED);
      long millis = (System.nanoTime() - start) / 1_000_000;
      engine.stop(job);
      JobStatus status = engine.await(job);

      System.out.printf(
          "1,000,000 instances: heap growth while waiting %d KiB, %d run and recorded in %d ms,"
              + " peak heap %d MiB%n",
          growth / 1024, FINISHED, millis, peakHeap() / MIB);
      assertThat(growth).isLessThan(16 * MIB);
      assertThat(status.state()).isEqualTo(State.STOPPED);
      int finished = (int) status.instances().finished();
      assertThat(status.instances().stopped()).isEqualTo(INSTANCES - finished);
      // What ran when it was stopped may have come to its end, and not have been waited for.
      assertThat(runs.get()).isBetween(finished + 1, finished + 3);
      assertThat(page(engine, job, State.FINISHED, finished / 2)).isNotEmpty();
      assertThat(page(engine, job, State.STOPPED, INSTANCES - 3)).hasSize(2);
    }
  }

  private static List<InstanceStatus> page(Engine engine, JobId job, State state, int after) {
    return engine
        .instances(
            job,
            new TaskName("only"),
            InstanceQuery.all().inState(state).after(Integer.toString(after)))
        .items();
  }

  private static JobDescription job(int instances) {
    return JobDescription.builder("many")
        .task("only", TaskDescription.builder(Command.of("count")).instances(instances).build())
        .build();
  }

  /**
   * What is in use once garbage is gone; a collection is asked for until it makes no difference.
   */
  static long usedHeap() {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      System.gc();
      long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      if (now >= used) {
        return used;
      }
      used = now;
    }
    return used;
  }

  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == java.lang.management.MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }
}
