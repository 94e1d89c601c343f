package dev.windlass.testkit.assertion;

import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.event.Event;
import dev.windlass.job.JobId;
import dev.windlass.storage.Storage;
import dev.windlass.testkit.engine.TestEngine;
import java.util.List;

/**
 * Where assertions begin.
 *
 * <pre>{@code
 * assertThatJob(test.engine(), job).isFinished()
 *     .hasTask("align").isFinished()
 *     .hasInstance(3).hadAttempts(3).endedWith(OUT_OF_MEMORY, OUT_OF_MEMORY, EXITED);
 * assertThat(test.storage()).hasObject("oss://bucket/result.txt").withContent("42");
 * }</pre>
 *
 * <p>The engine is asked how a job, a task or an instance stands when {@code assertThatJob}, {@code
 * hasTask} or {@code hasInstance} is called; what follows is about that moment. For the thread of
 * the test.
 */
public final class WindlassAssertions {
  private WindlassAssertions() {}

  /**
   * Begins assertions about a job, its tasks and its instances.
   *
   * @param engine any engine, also one on real time
   * @param job a job of it
   * @return assertions
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND} if there is no such job
   */
  public static JobAssert assertThatJob(Engine engine, JobId job) {
    return new JobAssert(engine, engine.job(job));
  }

  /**
   * Begins assertions about a job of the present host of a test engine.
   *
   * @param engine a test engine whose host is up
   * @param job a job of it
   * @return assertions
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND} if there is no such job
   */
  public static JobAssert assertThatJob(TestEngine engine, JobId job) {
    return assertThatJob(engine.engine(), job);
  }

  /**
   * Begins assertions about a status.
   *
   * @param status of a job
   * @return assertions
   */
  public static JobStatusAssert assertThat(JobStatus status) {
    return new JobStatusAssert(status);
  }

  /**
   * Begins assertions about what lies in a storage.
   *
   * @param storage any; that of a test engine is {@link TestEngine#storage()}
   * @return assertions
   */
  public static StorageAssert assertThat(Storage storage) {
    return new StorageAssert(storage);
  }

  /**
   * Begins assertions about events.
   *
   * @param events in order, such as {@link TestEngine#events()}
   * @return assertions
   */
  public static EventsAssert assertThatEvents(List<Event> events) {
    return new EventsAssert(events);
  }
}
