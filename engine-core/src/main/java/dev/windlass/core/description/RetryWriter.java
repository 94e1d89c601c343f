package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.ArrayValue;
import dev.windlass.core.description.JsonValue.NumberValue;
import dev.windlass.core.description.JsonValue.StringValue;
import dev.windlass.job.MemoryRetry;
import dev.windlass.job.RetryDelay;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import java.util.Collection;
import java.util.TreeSet;
import java.util.function.Function;

/** Writes {@code retry}; what is usual is left out. */
final class RetryWriter {

  private RetryWriter() {}

  static Members write(RetryPolicy policy) {
    Members retry = new Members();
    if (!policy.delay().equals(RetryDelay.USUAL)) {
      putDelay(retry, policy.delay());
    }
    if (!policy.rules().isEmpty()) {
      retry.put("rules", array(policy.rules(), RetryWriter::write));
    }
    policy.memory().ifPresent(memory -> retry.put("memory", write(memory).build()));
    return retry.putIf(
        policy.maxLosses() != RetryPolicy.USUAL_MAX_LOSSES, "maxLosses", policy.maxLosses());
  }

  private static void putDelay(Members members, RetryDelay delay) {
    members.put("delaySeconds", new NumberValue(Numbers.toSeconds(delay.first())));
    members.put("maxDelaySeconds", new NumberValue(Numbers.toSeconds(delay.longest())));
  }

  private static JsonValue write(RetryRule rule) {
    Members members = new Members();
    if (!rule.kinds().isEmpty()) {
      members.put(
          "outcomes",
          array(new TreeSet<>(rule.kinds()), kind -> new StringValue(RetryReader.nameOf(kind))));
    }
    if (!rule.exitCodes().isEmpty()) {
      members.put(
          "exitCodes", array(new TreeSet<>(rule.exitCodes()), code -> NumberValue.of(code)));
    }
    members.put("action", rule.again() ? "retry" : "fail");
    rule.maxRetries().ifPresent(retries -> members.put("maxRetries", retries));
    rule.delay().ifPresent(delay -> putDelay(members, delay));
    return members.build();
  }

  private static Members write(MemoryRetry memory) {
    return new Members()
        .put("maxRetries", memory.maxRetries())
        .put("growthPercent", memory.growthPercent())
        .put("maxBytes", memory.maxBytes());
  }

  private static <T> ArrayValue array(Collection<T> items, Function<T, JsonValue> write) {
    return new ArrayValue(items.stream().map(write).toList());
  }
}
