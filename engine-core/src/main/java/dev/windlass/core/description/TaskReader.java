package dev.windlass.core.description;

import dev.windlass.core.graph.Faults;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.Command;
import dev.windlass.job.ContainerImage;
import dev.windlass.job.PassThrough;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import java.time.Duration;
import java.util.Optional;

/** Reads one task. What was refused keeps its default, so that the rest can be checked. */
final class TaskReader {

  /** Stands for a command that was refused. */
  private static final Command NO_COMMAND = Command.of("refused");

  private final Fields task;
  private final Faults faults;

  TaskReader(Fields task) {
    this.task = task;
    this.faults = task.faults();
  }

  TaskDescription read() {
    ExtensionReader extension = new ExtensionReader(task.objectOrNone("windlass"));
    Optional<Command> arguments = extension.readArguments();
    Optional<Fields> parameters =
        extension.hasArguments() ? task.object("Parameters") : task.requiredObject("Parameters");
    Optional<Fields> command = parameters.flatMap(each -> commandOf(each, extension));
    Optional<Command> line = command.flatMap(each -> readLine(each, extension));

    TaskDescription.Builder builder =
        TaskDescription.builder(arguments.or(() -> line).orElse(NO_COMMAND));
    task.integer("InstanceCount", count -> builder.instances(Numbers.toInt(count)));
    task.integer("Timeout", seconds -> builder.timeout(Duration.ofSeconds(seconds)));
    extension.readRest(builder, readMaxRetries());
    new PlacementReader(task).read().ifPresent(builder::placement);
    command.ifPresent(each -> readCommand(each, builder));
    parameters.ifPresent(each -> readParameters(each, builder));
    new MappingReader(task).read(builder);
    keep("", task.keep(ServiceFields.TASK), builder);
    task.finish();
    return builder.build();
  }

  private static Optional<Fields> commandOf(Fields parameters, ExtensionReader extension) {
    return extension.hasArguments()
        ? parameters.object("Command")
        : parameters.requiredObject("Command");
  }

  private Optional<Command> readLine(Fields command, ExtensionReader extension) {
    if (!extension.hasArguments()) {
      return command
          .requiredSecret("CommandLine")
          .flatMap(
              line ->
                  faults.accept(
                      ErrorCode.REQUIRED,
                      command.path().field("CommandLine"),
                      "",
                      () -> Command.shell(line)));
    }
    if (command.nonEmpty("CommandLine").isPresent()) {
      String rule = "a task has either a CommandLine or windlass.argv, not both";
      faults.add(ErrorCode.CONFLICT, command.path().field("CommandLine"), "", rule);
    }
    return Optional.empty();
  }

  private void readCommand(Fields command, TaskDescription.Builder builder) {
    command.nonEmpty("PackagePath").ifPresent(builder::packageUri);
    command
        .strings("EnvVars", false)
        .forEach(
            (name, value) ->
                faults.accept(
                    ErrorCode.NAME,
                    command.path().field("EnvVars").field(name),
                    "",
                    () -> builder.environment(name, value)));
    command.object("Docker").ifPresent(docker -> readImage(docker, builder));
    command.finish();
  }

  private void readImage(Fields docker, TaskDescription.Builder builder) {
    Optional<String> runMode = docker.string("RunMode");
    docker
        .required("Image", ErrorCode.NAME, name -> new ContainerImage(name, runMode))
        .ifPresent(builder::image);
    docker.finish();
  }

  private void readParameters(Fields parameters, TaskDescription.Builder builder) {
    parameters.nonEmpty("StdoutRedirectPath").ifPresent(builder::stdoutFolder);
    parameters.nonEmpty("StderrRedirectPath").ifPresent(builder::stderrFolder);
    parameters
        .object("InputMappingConfig")
        .ifPresent(
            config -> {
              PassThrough kept = config.keep(ServiceFields.INPUT_MAPPING_CONFIG);
              builder.passThrough(ServiceFields.INPUT_MAPPING_CONFIG_PATH, kept);
              config.finish();
            });
    parameters.finish();
  }

  private int readMaxRetries() {
    return task.integer("MaxRetryCount", count -> RetryPolicy.retries(Numbers.toInt(count)))
        .map(RetryPolicy::maxRetries)
        .orElse(0);
  }

  private static void keep(String object, PassThrough kept, TaskDescription.Builder builder) {
    if (!kept.fields().isEmpty()) {
      builder.passThrough(object, kept);
    }
  }
}
