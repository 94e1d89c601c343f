package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.NumberValue;
import dev.windlass.core.description.JsonValue.StringValue;
import dev.windlass.core.graph.FieldPath;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.Command;
import dev.windlass.job.Isolation;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads {@code windlass}, what a task can have here beyond the service's format. */
final class ExtensionReader {

  private final Fields fields;

  ExtensionReader(Fields fields) {
    this.fields = fields;
  }

  /** Says whether {@code argv} is there, whether or not it is right. */
  boolean hasArguments() {
    return fields.has("argv");
  }

  Optional<Command> readArguments() {
    FieldPath path = fields.path().field("argv");
    Optional<List<JsonValue>> elements = fields.array("argv");
    if (elements.isEmpty()) {
      return Optional.empty();
    }
    List<String> arguments = new ArrayList<>();
    for (JsonValue element : elements.get()) {
      FieldPath where = path.element(arguments.size());
      boolean right = JsonType.STRING.check(element, where, fields.faults(), false);
      arguments.add(right && element instanceof StringValue string ? string.text() : "?");
    }
    return fields
        .faults()
        .accept(ErrorCode.REQUIRED, path, "", () -> new Command.Arguments(arguments));
  }

  void readRest(TaskDescription.Builder builder, int maxRetries) {
    fields.object("resources").ifPresent(each -> builder.resources(readResources(each)));
    readRetry(fields.objectOrNone("retry"), maxRetries).ifPresent(builder::retry);
    fields.string("executor").ifPresent(builder::executor);
    fields
        .string("isolation", ErrorCode.RANGE, ExtensionReader::toIsolation)
        .ifPresent(builder::isolation);
    fields.finish();
  }

  /** An instance that says nothing of processors books one, also if it asks for memory. */
  private static Resources readResources(Fields resources) {
    Resources cpus =
        resources
            .decimal(
                "cpus",
                Numbers.CPUS_DECIMALS,
                units -> new Resources(Numbers.toMillis(units), 0, 0))
            .orElse(Resources.cpus(1));
    Resources memory =
        resources
            .integer("memoryBytes", bytes -> new Resources(0, bytes, 0))
            .orElse(Resources.NONE);
    Resources gpus =
        resources
            .integer("gpus", count -> new Resources(0, 0, Numbers.toInt(count)))
            .orElse(Resources.NONE);
    resources.finish();
    return cpus.plus(memory).plus(gpus);
  }

  private static Optional<RetryPolicy> readRetry(Fields retry, int maxRetries) {
    RetryPolicy usual = RetryPolicy.retries(maxRetries);
    Duration delay = readSeconds(retry, "delaySeconds").orElse(usual.delay());
    Duration longer = delay.compareTo(usual.maxDelay()) > 0 ? delay : usual.maxDelay();
    Duration maxDelay = readSeconds(retry, "maxDelaySeconds").orElse(longer);
    Set<Integer> finalExitCodes = readExitCodes(retry);
    retry.finish();
    return retry
        .faults()
        .accept(
            ErrorCode.RANGE,
            retry.path(),
            "",
            () -> new RetryPolicy(maxRetries, delay, maxDelay, finalExitCodes));
  }

  private static Optional<Duration> readSeconds(Fields retry, String name) {
    return retry.decimal(name, Numbers.SECONDS_DECIMALS, Numbers::toDuration);
  }

  private static Set<Integer> readExitCodes(Fields retry) {
    Set<Integer> codes = new HashSet<>();
    int position = 0;
    for (JsonValue element : retry.array("finalExitCodes").orElse(List.of())) {
      FieldPath path = retry.path().field("finalExitCodes").element(position++);
      if (JsonType.INTEGER.check(element, path, retry.faults(), true)
          && element instanceof NumberValue number
          && !codes.add(Numbers.toInt(number.clamped()))) {
        String rule = "an exit code is given once";
        retry.faults().add(ErrorCode.DUPLICATE, path, number.text(), rule);
      }
    }
    return codes;
  }

  private static Isolation toIsolation(String name) {
    for (Isolation isolation : Isolation.values()) {
      if (isolation.name().toLowerCase(Locale.ROOT).equals(name)) {
        return isolation;
      }
    }
    throw new IllegalArgumentException("must be \"session\" or \"sealed\"");
  }
}
