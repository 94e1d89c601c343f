package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.windlass.Engine;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.testkit.script.Script;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Tests get an engine of their own; what is wrong with them is told. */
@WindlassTest
class TestEngineExtensionTest {
  private Script seenBefore;

  @BeforeEach
  void before(Script script) {
    seenBefore = script;
  }

  private static JobDescription job() {
    TaskDescription task = TaskDescription.builder(Command.of("prog")).build();
    return JobDescription.builder("job").task("a", task).build();
  }

  @Test
  void theParametersBelongTogether(TestEngine test, Script script, Engine engine) throws Exception {
    assertThat(script).isSameAs(test.script()).isSameAs(seenBefore);
    assertThat(engine).isSameAs(test.engine());
    script.task("a").succeeds().after(Duration.ofDays(1).minusSeconds(1));
    JobId job = engine.submit(job());

    assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void eachTestHasAnEngineOfItsOwn(TestEngine test) {
    assertThat(test.elapsed()).isZero();
    assertThat(test.events()).isEmpty();
  }

  // ---- tests that are to fail; run by the launcher below only ----

  /** Not found by the build: it is not a top-level class and has no own engine of tests. */
  @WindlassTest
  static final class Failing {
    static final Map<String, TestEngine> ENGINES = new HashMap<>();

    @Test
    void unused(TestEngine test, Script script) {
      ENGINES.put("unused()", test);
      script.task("alighn").exits(1);
    }

    @Test
    void broken(TestEngine test, Script script) throws Exception {
      ENGINES.put("broken()", test);
      script.task("alighn").exits(1);
      test.engine().await(test.engine().submit(job()));
      throw new AssertionError("the test's own");
    }

    @Test
    void withoutAny() {
      fail("the test's own");
    }
  }

  /** With settings. */
  static final class Configured {
    @RegisterExtension
    static final TestEngineExtension ENGINES =
        TestEngineExtension.of(() -> TestEngine.builder().executors("docker"));

    @Test
    void passes(Engine engine) throws Exception {
      JobId job = engine.submit(job());
      engine.await(job);
      assertThat(
              engine
                  .instance(
                      new dev.windlass.job.InstanceId(job, new dev.windlass.job.TaskName("a"), 0))
                  .node())
          .startsWith("default-docker");
    }
  }

  private static Map<String, Optional<Throwable>> run(Class<?> tests) {
    Map<String, Optional<Throwable>> results = new HashMap<>();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                  results.put(
                      test.getLegacyReportingName().replaceAll("\\(.*", "()"),
                      result.getThrowable());
                }
              }
            });
    return results;
  }

  @Test
  void anUnusedScriptFailsTheTest() {
    Throwable thrown = run(Failing.class).get("unused()").orElseThrow();

    assertThat(thrown)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("task 'alighn': exited with 1: came 0");
    assertThat(thrown.getSuppressed()[0]).hasMessageContaining("what the engine did");
  }

  @Test
  void aFailureTellsWhatTheEngineDid() {
    Map<String, Optional<Throwable>> results = run(Failing.class);

    Throwable thrown = results.get("broken()").orElseThrow();
    assertThat(thrown).hasMessage("the test's own");
    assertThat(thrown.getSuppressed()).hasSize(1);
    assertThat(thrown.getSuppressed()[0])
        .hasMessageContaining("0:00:01.000 a/0 attempt 1 ended: exited with 0")
        .hasMessageContaining("job FINISHED");
    assertThat(results.get("withoutAny()").orElseThrow().getSuppressed()).isEmpty();
  }

  @Test
  void enginesAreClosedInAnyCase() {
    var unused = run(Failing.class);

    assertThat(Failing.ENGINES).containsOnlyKeys("unused()", "broken()");
    for (TestEngine engine : Failing.ENGINES.values()) {
      assertThat(org.assertj.core.api.Assertions.catchThrowable(engine::engine))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void settingsCanBeGiven() {
    assertThat(run(Configured.class)).containsEntry("passes()", Optional.empty());
  }
}
