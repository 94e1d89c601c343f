package dev.windlass.testkit.contract;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutionResult.Status;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Lets a failure of a jqwik property name the {@link Sentence} that was broken and the shortest
 * scenario that breaks it. Also says how often a property is tried: as often as the system property
 * {@code windlass.contract.tries} says, or else as the property itself does.
 */
public final class SentenceOfProperty implements AroundPropertyHook {

  private static final String TRIES = "windlass.contract.tries";

  /** Called by jqwik. */
  public SentenceOfProperty() {}

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    Optional.ofNullable(Integer.getInteger(TRIES)).ifPresent(context.attributes()::setTries);
    PropertyExecutionResult result = property.execute();
    Optional<Sentence> sentence = context.findAnnotation(Sentence.class);
    if (result.status() != Status.FAILED || sentence.isEmpty()) {
      return result;
    }
    return result
        .throwable()
        .map(failure -> BrokenSentence.of(sentence.get().value(), failure))
        .map(
            broken ->
                result
                    .falsifiedParameters()
                    .map(SentenceOfProperty::text)
                    .map(broken::in)
                    .orElse(broken))
        .map(result::mapToFailed)
        .orElse(result);
  }

  private static String text(List<Object> parameters) {
    return parameters.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }
}
