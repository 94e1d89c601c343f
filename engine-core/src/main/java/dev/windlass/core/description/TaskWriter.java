package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.ArrayValue;
import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.description.JsonValue.StringValue;
import dev.windlass.core.graph.MappingFields;
import dev.windlass.job.Command;
import dev.windlass.job.Isolation;
import dev.windlass.job.Mapping;
import dev.windlass.job.Mapping.Direction;
import dev.windlass.job.PassThrough;
import dev.windlass.job.Placement;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** Writes one task. */
final class TaskWriter {

  private static final Set<String> PLACES =
      Set.of("", ServiceFields.INPUT_MAPPING_CONFIG_PATH, ServiceFields.MOUNTS_PATH);

  private final TaskDescription task;
  private final MappingFields mappings;

  TaskWriter(TaskDescription task) {
    this.task = task;
    this.mappings = MappingFields.of(task.mappings());
    if (!PLACES.containsAll(task.passThrough().keySet())) {
      throw new IllegalArgumentException(
          "a task keeps fields of " + PLACES + " only, not of " + task.passThrough().keySet());
    }
  }

  ObjectValue write() {
    Members members =
        new Members()
            .put("InstanceCount", task.instanceCount())
            .put("MaxRetryCount", task.retry().maxRetries())
            .put("Timeout", task.timeout().toSeconds());
    putPlacement(members);
    members.put("Parameters", parameters().build());
    putMappings(members);
    members.putAll(kept(""));
    return members.putUnlessEmpty("windlass", extension()).build();
  }

  private void putPlacement(Members members) {
    if (task.placement() instanceof Placement.OnCluster on) {
      members.put("ClusterId", on.cluster().value());
    } else if (task.placement() instanceof Placement.AutoCluster auto) {
      Members cluster = new Members();
      auto.imageId().ifPresent(image -> cluster.put("ImageId", image));
      auto.ecsImageId().ifPresent(image -> cluster.put("ECSImageId", image));
      cluster
          .put("InstanceType", auto.instanceType())
          .putIf(auto.reserveOnFail(), "ReserveOnFail", true)
          .putAll(auto.passThrough());
      members.put("AutoCluster", cluster.build());
    }
  }

  private Members parameters() {
    Members parameters = new Members().put("Command", command().build());
    String config = ServiceFields.INPUT_MAPPING_CONFIG_PATH;
    if (task.passThrough().containsKey(config)) {
      parameters.put("InputMappingConfig", new Members().putAll(kept(config)).build());
    }
    task.stdoutFolder().ifPresent(folder -> parameters.put("StdoutRedirectPath", folder));
    task.stderrFolder().ifPresent(folder -> parameters.put("StderrRedirectPath", folder));
    return parameters;
  }

  private Members command() {
    Members command = new Members();
    if (task.command() instanceof Command.ShellLine shell) {
      command.put("CommandLine", shell.line());
    }
    command.put("PackagePath", task.packageUri().orElse(""));
    Members variables = new Members();
    task.environment().forEach(variables::put);
    command.putUnlessEmpty("EnvVars", variables);
    Members docker = new Members();
    task.image()
        .ifPresent(
            image -> {
              docker.put("Image", image.name());
              image.runMode().ifPresent(mode -> docker.put("RunMode", mode));
            });
    return command.putUnlessEmpty("Docker", docker);
  }

  private void putMappings(Members members) {
    boolean writable =
        mappings.inputs().stream().anyMatch(each -> each.direction() == Direction.WRITABLE_INPUT);
    members
        .putUnlessEmpty("InputMapping", pairs(mappings.inputs(), Mapping::store, Mapping::local))
        .putUnlessEmpty("OutputMapping", pairs(mappings.outputs(), Mapping::local, Mapping::store))
        .putUnlessEmpty("LogMapping", pairs(mappings.logs(), Mapping::local, Mapping::store))
        .putIf(writable, "WriteSupport", true);
    Members mounts = new Members();
    if (!mappings.entries().isEmpty()) {
      mounts.put("Entries", entries());
    }
    members.putUnlessEmpty("Mounts", mounts.putAll(kept(ServiceFields.MOUNTS_PATH)));
  }

  private static Members pairs(
      List<Mapping> mappings, Function<Mapping, String> key, Function<Mapping, String> value) {
    Members pairs = new Members();
    mappings.forEach(mapping -> pairs.put(key.apply(mapping), value.apply(mapping)));
    return pairs;
  }

  private ArrayValue entries() {
    return new ArrayValue(
        mappings.entries().stream()
            .<JsonValue>map(
                mapping ->
                    new Members()
                        .put("Source", mapping.store())
                        .put("Destination", mapping.local())
                        .put("WriteSupport", mapping.direction() == Direction.MOUNT)
                        .build())
            .toList());
  }

  private Members extension() {
    Members extension = new Members();
    if (task.command() instanceof Command.Arguments arguments) {
      extension.put("argv", strings(arguments.arguments()));
    }
    task.resources()
        .ifPresent(request -> extension.putUnlessEmpty("resources", ResourcesJson.write(request)));
    extension.putUnlessEmpty("retry", RetryWriter.write(task.retry()));
    task.executor().ifPresent(name -> extension.put("executor", name));
    String isolation = task.isolation().name().toLowerCase(Locale.ROOT);
    Members tolerance =
        new Members()
            .putIf(task.tolerance().instances() > 0, "instances", task.tolerance().instances())
            .putIf(task.tolerance().percent() > 0, "percent", task.tolerance().percent());
    extension.putUnlessEmpty("tolerate", tolerance);
    Members conditions = new Members();
    task.conditions()
        .forEach(
            (before, condition) ->
                conditions.put(before.value(), condition.name().toLowerCase(Locale.ROOT)));
    extension.putUnlessEmpty("after", conditions);
    if (!task.perInstance().isEmpty()) {
      extension.put(
          "perInstance", strings(task.perInstance().stream().map(TaskName::value).toList()));
    }
    Members secrets = new Members();
    task.secrets().forEach(secrets::put);
    extension.putUnlessEmpty("secrets", secrets);
    task.maxRunning().ifPresent(most -> extension.put("maxRunning", most));
    return extension.putIf(task.isolation() != Isolation.SESSION, "isolation", isolation);
  }

  private static ArrayValue strings(List<String> texts) {
    return new ArrayValue(texts.stream().<JsonValue>map(StringValue::new).toList());
  }

  private PassThrough kept(String place) {
    return task.passThrough().getOrDefault(place, PassThrough.NONE);
  }
}
