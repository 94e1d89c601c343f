package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
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
  private static final long MIB = 1 << 20;

  @TempDir Path directory;
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  @Timeout(900)
  void aMillionInstancesWaitInAFewKilobytesAndAllAreRecorded() throws Exception {
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
      JobStatus status = engine.await(job);
      long millis = (System.nanoTime() - start) / 1_000_000;

      System.out.printf(
          "1,000,000 instances: heap growth while waiting %d KiB, run and recorded in %d ms,"
              + " peak heap %d MiB%n",
          growth / 1024, millis, peakHeap() / MIB);
      assertThat(growth).isLessThan(16 * MIB);
      assertThat(status.state()).isEqualTo(State.FINISHED);
      assertThat(status.instances().finished()).isEqualTo(INSTANCES);
      assertThat(runs).hasValue(INSTANCES + 1);
      assertThat(
              engine
                  .instances(
                      job,
                      new TaskName("only"),
                      InstanceQuery.all().after(Integer.toString(INSTANCES - 3)))
                  .items())
          .hasSize(2)
          .allMatch(instance -> instance.state() == State.FINISHED);
    }
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
