package dev.windlass.testkit.engine;

import dev.windlass.Engine;
import dev.windlass.testkit.script.Script;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Gives tests a {@link TestEngine}, its {@link Script} and its {@link Engine} as parameters.
 *
 * <pre>{@code
 * @WindlassTest
 * class NightlyReportTest {
 *   @Test
 *   void isTriedAgain(TestEngine test, Script script) { ... }
 * }
 * }</pre>
 *
 * <p>Each test has an engine of its own, made when the first parameter asks for it; methods that
 * run before and after each test get the same. After a test that did not fail the script is
 * verified; the engine is closed in any case. The failure of a test gets the event log of the
 * engine as a suppressed exception.
 *
 * <p>For an engine with other settings, register it: {@code @RegisterExtension static
 * TestEngineExtension engines = TestEngineExtension.of(() -> TestEngine.builder()...)}.
 */
public final class TestEngineExtension
    implements ParameterResolver, TestExecutionExceptionHandler, AfterEachCallback {

  private static final Namespace NAMESPACE = Namespace.create(TestEngineExtension.class);
  private static final Set<Class<?>> SUPPORTED =
      Set.of(TestEngine.class, Script.class, Engine.class);

  private final Supplier<TestEngineBuilder> settings;

  /** Not closed by the store of the context, but by us, and looked at before. */
  private record Made(TestEngine engine) {}

  /** What the event log of the engine held when the test failed. */
  private static final class EngineLog extends Exception {
    private static final long serialVersionUID = 1L;

    EngineLog(TestEngine engine) {
      super(
          "what the engine did:\n  " + String.join("\n  ", engine.eventLog()), null, false, false);
    }
  }

  /** Gives engines with all defaults. */
  public TestEngineExtension() {
    this(TestEngine::builder);
  }

  private TestEngineExtension(Supplier<TestEngineBuilder> settings) {
    this.settings = settings;
  }

  /**
   * Gives engines with settings of the test.
   *
   * @param settings asked once for each test
   * @return the extension
   */
  public static TestEngineExtension of(Supplier<TestEngineBuilder> settings) {
    return new TestEngineExtension(settings);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getDeclaringExecutable() instanceof Method
        && context.getTestMethod().isPresent()
        && SUPPORTED.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    TestEngine engine = engine(context);
    Class<?> type = parameter.getParameter().getType();
    if (type == Script.class) {
      return engine.script();
    }
    return type == Engine.class ? engine.engine() : engine;
  }

  private TestEngine engine(ExtensionContext context) {
    return made(context)
        .orElseGet(
            () -> {
              TestEngine engine = settings.get().build();
              context.getStore(NAMESPACE).put(Made.class, new Made(engine));
              return engine;
            });
  }

  private static Optional<TestEngine> made(ExtensionContext context) {
    return Optional.ofNullable(context.getStore(NAMESPACE).get(Made.class, Made.class))
        .map(Made::engine);
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    made(context).ifPresent(engine -> thrown.addSuppressed(new EngineLog(engine)));
    throw thrown;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Optional<TestEngine> engine = made(context);
    if (engine.isEmpty()) {
      return;
    }
    try (TestEngine closing = engine.get()) {
      if (context.getExecutionException().isEmpty()) {
        verify(closing);
      }
    }
  }

  private static void verify(TestEngine engine) {
    try {
      engine.script().verify();
    } catch (AssertionError e) {
      e.addSuppressed(new EngineLog(engine));
      throw e;
    }
  }
}
