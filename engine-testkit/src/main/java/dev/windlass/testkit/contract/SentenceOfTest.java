package dev.windlass.testkit.contract;

import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/** Lets a failure of a Jupiter test name the {@link Sentence} that was broken. */
public final class SentenceOfTest
    implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {

  /** Called by Jupiter. */
  public SentenceOfTest() {}

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw named(context, failure);
  }

  /** What must hold at the end of every test is looked at after it. */
  @Override
  public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw named(context, failure);
  }

  private static Throwable named(ExtensionContext context, Throwable failure) {
    if (failure instanceof TestAbortedException) {
      return failure;
    }
    return context
        .getTestMethod()
        .flatMap(method -> Optional.ofNullable(method.getAnnotation(Sentence.class)))
        .<Throwable>map(sentence -> BrokenSentence.of(sentence.value(), failure))
        .orElse(failure);
  }
}
