package dev.windlass.core.graph;

import dev.windlass.error.ErrorCode;
import dev.windlass.job.Command;
import dev.windlass.job.MemoryRetry;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.StoreUri;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must hold of one task beyond the checks of its own type. */
final class TaskCheck {

  /**
   * Longest argument, and longest variable with name and {@code =}, in bytes (Linux, execve(2)).
   */
  static final int MAX_STRING_BYTES = 131_071;

  /**
   * All of them together, each with its NUL and its pointer (execve(2): a quarter of an 8 MiB
   * stack).
   */
  static final int MAX_TOTAL_BYTES = 2 * 1024 * 1024;

  private static final int OVERHEAD_BYTES = 9;

  private final FieldPath path;
  private final TaskDescription task;
  private final Faults faults;
  private long totalBytes;

  TaskCheck(FieldPath path, TaskDescription task, Faults faults) {
    this.path = path;
    this.task = task;
    this.faults = faults;
  }

  void run() {
    FieldPath parameters = path.field("Parameters");
    checkCommand(parameters.field("Command"));
    checkPackage(parameters.field("Command").field("PackagePath"));
    checkFolder(task.stdoutFolder(), parameters.field("StdoutRedirectPath"));
    checkFolder(task.stderrFolder(), parameters.field("StderrRedirectPath"));
    checkResources(path.field("windlass").field("resources"));
    task.retry().memory().ifPresent(this::checkMemory);
    checkExecutor(path.field("windlass").field("executor"));
    new MappingCheck(path, task.mappings(), faults).run();
  }

  private void checkCommand(FieldPath command) {
    boolean shell = task.command().kind() == Command.Kind.SHELL_LINE;
    FieldPath line = shell ? command.field("CommandLine") : path.field("windlass").field("argv");
    List<String> arguments = task.command().arguments();
    for (int i = 0; i < arguments.size(); i++) {
      checkSize(arguments.get(i), shell ? line : line.element(i), "an argument");
    }
    FieldPath variables = command.field("EnvVars");
    for (Map.Entry<String, String> variable : task.environment().entrySet()) {
      String text = variable.getKey() + "=" + variable.getValue();
      checkSize(text, variables.field(variable.getKey()), "a variable with its name");
    }
    if (totalBytes > MAX_TOTAL_BYTES) {
      faults.add(
          ErrorCode.LIMIT,
          command,
          totalBytes + " bytes",
          "arguments and variables have at most " + MAX_TOTAL_BYTES + " bytes in all");
    }
  }

  private void checkSize(String text, FieldPath where, String what) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    totalBytes += bytes + OVERHEAD_BYTES;
    if (bytes > MAX_STRING_BYTES) {
      faults.add(
          ErrorCode.LIMIT,
          where,
          bytes + " bytes",
          what + " has at most " + MAX_STRING_BYTES + " bytes");
    }
  }

  private void checkPackage(FieldPath where) {
    String text = task.packageUri().orElse("");
    Optional<StoreUri> uri = parse(task.packageUri(), where);
    if (uri.isPresent() && uri.get().isFolder()) {
      faults.add(ErrorCode.URI, where, text, "a package is one object, not a folder");
    }
  }

  private void checkFolder(Optional<String> text, FieldPath where) {
    Optional<StoreUri> uri = parse(text, where);
    if (uri.isPresent() && !text.orElse("").endsWith("/")) {
      faults.add(ErrorCode.URI, where, text.orElse(""), "a store folder ends with '/'");
    }
  }

  private Optional<StoreUri> parse(Optional<String> text, FieldPath where) {
    return text.flatMap(uri -> faults.accept(ErrorCode.URI, where, uri, () -> StoreUri.parse(uri)));
  }

  private void checkResources(FieldPath where) {
    if (task.resources().isPresent() && task.resources().get().cpuMillis() == 0) {
      faults.add(ErrorCode.RANGE, where.field("cpus"), "0", "an instance books more than 0 cpus");
    }
  }

  /** What an instance type has is the engine's to know, and checked there. */
  private void checkMemory(MemoryRetry retry) {
    if (task.resources().isEmpty() && task.placement().kind() == Placement.Kind.AUTO_CLUSTER) {
      return;
    }
    long first = task.resources().map(Resources::memoryBytes).orElse(0L);
    FieldPath windlass = path.field("windlass");
    if (first == 0) {
      faults.add(
          ErrorCode.REQUIRED,
          windlass.field("resources").field("memoryBytes"),
          "",
          "an instance that gets more memory after it had too little says how much it gets first");
    } else if (first > retry.maxBytes()) {
      faults.add(
          ErrorCode.RANGE,
          windlass.field("retry").field("memory").field("maxBytes"),
          Long.toString(retry.maxBytes()),
          "the most memory is at least the first, " + first);
    }
  }

  private void checkExecutor(FieldPath where) {
    if (task.executor().isPresent() && task.executor().get().isBlank()) {
      faults.add(ErrorCode.NAME, where, "", "the name of an executor is not blank");
    }
  }
}
