package dev.windlass.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.LogBound;
import dev.windlass.Retention;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.core.engine.Parts;
import dev.windlass.core.engine.WindlassEngine;
import dev.windlass.core.job.Change;
import dev.windlass.core.platform.ThreadPlatform;
import dev.windlass.core.store.SqliteStore;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.EventRetention;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that the store holds although its submitter was told that it was not accepted. */
class FailedSubmissionTest {
  private static final JobDescription JOB =
      JobDescription.builder("job")
          .task("only", TaskDescription.builder(Command.of("quick")).build())
          .build();

  /**
   * A store whose first commit of a job is there, and reported as failed. What withdraws the job is
   * held up until somebody has looked its token up and found it.
   */
  private static final class DoubtfulStore {
    private final StateStore real;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final CountDownLatch found = new CountDownLatch(1);

    /** What was submitted, as whoever found its token sees it before it is gone. */
    private volatile Optional<JobDescription> seen = Optional.empty();

    DoubtfulStore(Path file) {
      this.real = SqliteStore.open(file);
    }

    StateStore asStore() {
      return (StateStore)
          Proxy.newProxyInstance(
              StateStore.class.getClassLoader(),
              new Class<?>[] {StateStore.class},
              (proxy, method, arguments) -> call(method, arguments));
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
      boolean isCommit = method.getName().equals("commit");
      if (isCommit && holds((List<?>) arguments[0], Change.JobRemoved.class)) {
        found.await();
      }
      Object answer;
      try {
        answer = method.invoke(real, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
      if (isCommit
          && holds((List<?>) arguments[0], Change.JobAccepted.class)
          && failed.compareAndSet(false, true)) {
        throw new EngineException(ErrorCode.STORE_UNAVAILABLE, "", "the sync failed");
      }
      if (method.getName().equals("jobOfToken")) {
        ((Optional<?>) answer).ifPresent(job -> found((JobId) job));
      }
      return method.getName().equals("description") && answer.equals(Optional.empty())
          ? seen
          : answer;
    }

    private void found(JobId job) {
      if (found.getCount() > 0) {
        seen = real.description(job);
        found.countDown();
      }
    }

    private static boolean holds(List<?> changes, Class<? extends Change> kind) {
      return changes.stream().anyMatch(kind::isInstance);
    }
  }

  private static Engine open(Path directory) {
    return WindlassEngine.of(
        new Parts(
            directory,
            new DoubtfulStore(directory.resolve("state.db")).asStore(),
            ImmutableMap.of(
                "functions",
                FunctionExecutor.builder("functions").function("quick", call -> 0).build()),
            ImmutableMap.of(),
            Optional.empty(),
            ImmutableList.of(),
            InstanceTypes.builtIn(),
            Duration.ofSeconds(1),
            LogBound.DEFAULT,
            Retention.forever(),
            EventRetention.DEFAULT,
            new ThreadPlatform(),
            () -> {}));
  }

  @Test
  void itsTokenLeadsToAnotherJob(@TempDir Path directory) throws Exception {
    try (Engine engine = open(directory)) {
      assertThatThrownBy(() -> engine.submit(JOB, "token"))
          .isInstanceOfSatisfying(
              EngineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));

      JobId job = submitOnceTheStoreIsOpen(engine);

      assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
      assertThat(engine.submit(JOB, "token")).isEqualTo(job);
      assertThat(engine.jobs(JobQuery.all()).items()).hasSize(1);
    }
  }

  private static JobId submitOnceTheStoreIsOpen(Engine engine) {
    while (true) {
      try {
        return engine.submit(JOB, "token");
      } catch (EngineException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        Thread.onSpinWait();
      }
    }
  }
}
