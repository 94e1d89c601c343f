package dev.windlass.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** What one test of a suite said of a suspect. */
public final class Verdict {

  /** Enough that no property misses its defect by chance; the first hit ends the search. */
  private static final int TRIES = 300;

  private final TestExecutionSummary summary;

  private Verdict(TestExecutionSummary summary) {
    this.summary = summary;
  }

  /** Runs one test of a suite against a suspect until it fails. */
  public static Verdict on(Class<?> suite, String test) {
    return of(suite, test, TRIES);
  }

  /** Runs one test of a suite as often as the suite does. */
  public static Verdict onSound(Class<?> suite, String test) {
    return of(suite, test, 20);
  }

  private static Verdict of(Class<?> suite, String test, int tries) {
    String property = "windlass.contract.tries";
    String before = System.getProperty(property);
    System.setProperty(property, Integer.toString(tries));
    try {
      SummaryGeneratingListener listener = new SummaryGeneratingListener();
      LauncherFactory.create().execute(request(suite, test), listener);
      return new Verdict(listener.getSummary());
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }

  private static LauncherDiscoveryRequest request(Class<?> suite, String test) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(DiscoverySelectors.selectMethod(suite, method(suite, test)))
        .configurationParameter("jqwik.reporting.usejunitplatform", "true")
        .configurationParameter("jqwik.database", "target/jqwik-database-of-defects")
        // A busy machine must not cut short the way to the shortest scenario.
        .configurationParameter("jqwik.shrinking.bounded.seconds", "120")
        .build();
  }

  private static Method method(Class<?> suite, String test) {
    List<Method> found =
        Stream.<Class<?>>iterate(suite, type -> type != Object.class, Class::getSuperclass)
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .filter(method -> method.getName().equals(test))
            .toList();
    assertThat(found).as("the test %s", test).hasSize(1);
    return found.get(0);
  }

  /** The test ran, failed, and told the sentence and what it saw instead. */
  public void assertTold(String sentence, String seen) {
    assertThat(summary.getTestsFoundCount()).isEqualTo(1);
    assertThat(summary.getFailures())
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure.getException())
                    .isInstanceOf(BrokenSentence.class)
                    .hasMessageStartingWith("the contract says: \"" + sentence + "\"\n")
                    .hasMessageContaining(seen));
  }

  /** The test ran and passed. */
  public void assertPassed() {
    assertThat(summary.getFailures())
        .extracting(TestExecutionSummary.Failure::getException)
        .isEmpty();
    assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
  }
}
