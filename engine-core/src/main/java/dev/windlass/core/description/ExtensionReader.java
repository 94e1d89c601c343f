package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.StringValue;
import dev.windlass.core.graph.FieldPath;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.Command;
import dev.windlass.job.Condition;
import dev.windlass.job.Isolation;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
    fields.object("resources").ifPresent(each -> builder.resources(ResourcesJson.read(each)));
    new RetryReader(fields.objectOrNone("retry"), maxRetries).read().ifPresent(builder::retry);
    fields.string("executor").ifPresent(builder::executor);
    fields
        .string("isolation", ErrorCode.RANGE, ExtensionReader::toIsolation)
        .ifPresent(builder::isolation);
    fields.object("tolerate").ifPresent(each -> readTolerance(each).ifPresent(builder::tolerance));
    fields.object("after").ifPresent(each -> readConditions(each, builder));
    readPerInstance(builder);
    fields.object("secrets").ifPresent(each -> readSecrets(each, builder));
    fields.integer("maxRunning", most -> builder.maxRunning(Numbers.toInt(most)));
    fields.finish();
  }

  private void readPerInstance(TaskDescription.Builder builder) {
    FieldPath path = fields.path().field("perInstance");
    int position = 0;
    for (JsonValue element : fields.array("perInstance").orElse(List.of())) {
      FieldPath where = path.element(position++);
      if (JsonType.STRING.check(element, where, fields.faults(), true)) {
        String before = ((StringValue) element).text();
        fields.faults().accept(ErrorCode.NAME, where, before, () -> builder.perInstance(before));
      }
    }
  }

  private static void readSecrets(Fields fields, TaskDescription.Builder builder) {
    for (String variable : fields.all().keySet()) {
      FieldPath where = fields.path().field(variable);
      fields
          .string(variable)
          .ifPresent(
              name ->
                  fields
                      .faults()
                      .accept(ErrorCode.NAME, where, name, () -> builder.secret(variable, name)));
    }
  }

  private static Optional<Tolerance> readTolerance(Fields fields) {
    int instances = fields.integer("instances", Numbers::toInt).orElse(0);
    int percent = fields.integer("percent", Numbers::toInt).orElse(0);
    fields.finish();
    return fields
        .faults()
        .accept(ErrorCode.RANGE, fields.path(), "", () -> new Tolerance(instances, percent));
  }

  private static void readConditions(Fields fields, TaskDescription.Builder builder) {
    for (String before : fields.all().keySet()) {
      fields
          .string(before, ErrorCode.RANGE, ExtensionReader::toCondition)
          .ifPresent(
              condition ->
                  fields
                      .faults()
                      .accept(
                          ErrorCode.NAME,
                          fields.path().field(before),
                          before,
                          () -> builder.condition(before, condition)));
    }
  }

  private static Condition toCondition(String name) {
    for (Condition condition : Condition.values()) {
      if (condition.name().toLowerCase(Locale.ROOT).equals(name)) {
        return condition;
      }
    }
    throw new IllegalArgumentException("must be \"success\", \"failure\" or \"always\"");
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
