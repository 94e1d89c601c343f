package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.NumberValue;
import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.description.JsonValue.StringValue;
import dev.windlass.core.graph.Faults;
import dev.windlass.core.graph.FieldPath;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.MemoryRetry;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryDelay;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads {@code retry}: when and how a failed instance is tried again. */
final class RetryReader {

  private static final Map<String, Outcome.Kind> KINDS =
      Arrays.stream(Outcome.Kind.values())
          .collect(Collectors.toUnmodifiableMap(RetryReader::nameOf, Function.identity()));

  private final Fields retry;
  private final Faults faults;
  private final int maxRetries;

  RetryReader(Fields retry, int maxRetries) {
    this.retry = retry;
    this.faults = retry.faults();
    this.maxRetries = maxRetries;
  }

  /** How an outcome is called in a rule. */
  static String nameOf(Outcome.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Optional<RetryPolicy> read() {
    RetryDelay delay = readDelay(retry).orElse(RetryDelay.USUAL);
    List<RetryRule> rules = readRules();
    Optional<MemoryRetry> memory = retry.object("memory").flatMap(this::readMemory);
    int maxLosses = retry.integer("maxLosses", Numbers::toInt).orElse(RetryPolicy.USUAL_MAX_LOSSES);
    retry.finish();
    return faults.accept(
        ErrorCode.RANGE,
        retry.path(),
        "",
        () -> new RetryPolicy(maxRetries, delay, rules, memory, maxLosses));
  }

  /** Empty if neither pause is given, or if they are out of range. */
  private Optional<RetryDelay> readDelay(Fields fields) {
    Optional<Duration> first = readSeconds(fields, "delaySeconds");
    Optional<Duration> longest = readSeconds(fields, "maxDelaySeconds");
    if (first.isEmpty() && longest.isEmpty()) {
      return Optional.empty();
    }
    Duration usual = RetryDelay.USUAL.longest();
    Duration begin = first.orElse(RetryDelay.USUAL.first());
    Duration end = longest.orElse(begin.compareTo(usual) > 0 ? begin : usual);
    return faults.accept(ErrorCode.RANGE, fields.path(), "", () -> new RetryDelay(begin, end));
  }

  private static Optional<Duration> readSeconds(Fields fields, String name) {
    return fields.decimal(name, Numbers.SECONDS_DECIMALS, Numbers::toDuration);
  }

  private List<RetryRule> readRules() {
    List<RetryRule> rules = new ArrayList<>();
    int position = 0;
    for (JsonValue element : retry.array("rules").orElse(List.of())) {
      FieldPath path = retry.path().field("rules").element(position++);
      if (JsonType.OBJECT.check(element, path, faults, true)) {
        readRule(new Fields((ObjectValue) element, path, faults)).ifPresent(rules::add);
      }
    }
    return rules;
  }

  private Optional<RetryRule> readRule(Fields rule) {
    int before = faults.list().size();
    Set<Outcome.Kind> kinds = readKinds(rule);
    Set<Integer> codes = readExitCodes(rule);
    Optional<Boolean> again = rule.required("action", ErrorCode.RANGE, RetryReader::toAgain);
    Optional<Integer> retries = rule.integer("maxRetries", Numbers::toInt);
    Optional<RetryDelay> delay = readDelay(rule);
    rule.finish();
    if (faults.list().size() > before) {
      return Optional.empty(); // what is left of it could be faulty for that alone
    }
    return again.flatMap(
        goesOn ->
            faults.accept(
                ErrorCode.RANGE,
                rule.path(),
                "",
                () ->
                    new RetryRule(
                        kinds,
                        codes,
                        goesOn,
                        retries.map(OptionalInt::of).orElse(OptionalInt.empty()),
                        delay)));
  }

  private static boolean toAgain(String action) {
    return switch (action) {
      case "retry" -> true;
      case "fail" -> false;
      default -> throw new IllegalArgumentException("must be \"retry\" or \"fail\"");
    };
  }

  private Set<Outcome.Kind> readKinds(Fields rule) {
    Set<Outcome.Kind> kinds = EnumSet.noneOf(Outcome.Kind.class);
    int position = 0;
    for (JsonValue element : rule.array("outcomes").orElse(List.of())) {
      FieldPath path = rule.path().field("outcomes").element(position++);
      if (JsonType.STRING.check(element, path, faults, true)
          && element instanceof StringValue string) {
        Optional<Outcome.Kind> kind =
            faults.accept(ErrorCode.RANGE, path, string.text(), () -> toKind(string.text()));
        if (kind.isPresent() && !kinds.add(kind.get())) {
          faults.add(ErrorCode.DUPLICATE, path, string.text(), "an outcome is given once");
        }
      }
    }
    return kinds;
  }

  private static Outcome.Kind toKind(String name) {
    Outcome.Kind kind = KINDS.get(name);
    if (kind == null) {
      throw new IllegalArgumentException(
          "must be one of " + KINDS.keySet().stream().sorted().toList());
    }
    return kind;
  }

  private Set<Integer> readExitCodes(Fields rule) {
    Set<Integer> codes = new HashSet<>();
    int position = 0;
    for (JsonValue element : rule.array("exitCodes").orElse(List.of())) {
      FieldPath path = rule.path().field("exitCodes").element(position++);
      if (JsonType.INTEGER.check(element, path, faults, true)
          && element instanceof NumberValue number
          && !codes.add(Numbers.toInt(number.clamped()))) {
        faults.add(ErrorCode.DUPLICATE, path, number.text(), "an exit code is given once");
      }
    }
    return codes;
  }

  private Optional<MemoryRetry> readMemory(Fields memory) {
    int retries =
        memory.integer("maxRetries", Numbers::toInt).orElse(MemoryRetry.USUAL.maxRetries());
    int growth =
        memory.integer("growthPercent", Numbers::toInt).orElse(MemoryRetry.USUAL.growthPercent());
    long most = memory.integer("maxBytes", bytes -> bytes).orElse(MemoryRetry.USUAL.maxBytes());
    memory.finish();
    return faults.accept(
        ErrorCode.RANGE, memory.path(), "", () -> new MemoryRetry(retries, growth, most));
  }
}
