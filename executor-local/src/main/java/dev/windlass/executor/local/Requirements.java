package dev.windlass.executor.local;

import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.Isolation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What can be said of a specification before anything is made for it. */
final class Requirements {

  /** Paths that programs, and we, rely on. */
  private static final List<Path> RESERVED =
      List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));

  private final AttemptSpec spec;
  private final ExecutorInfo info;

  private Requirements(AttemptSpec spec, ExecutorInfo info) {
    this.spec = spec;
    this.info = info;
  }

  /**
   * Refuses what cannot be done.
   *
   * @throws ExecutorException UNSUPPORTED or CANNOT_START
   */
  static void check(AttemptSpec spec, ExecutorInfo info) {
    Requirements requirements = new Requirements(spec, info);
    requirements.checkCapabilities();
    spec.bindings().forEach(requirements::checkBinding);
    requirements.checkCommand();
    if (!Files.isDirectory(spec.workDirectory())) {
      throw requirements.refusal(
          ErrorCode.CANNOT_START,
          "the working directory " + spec.workDirectory() + " is not a directory");
    }
  }

  private void checkCapabilities() {
    if (spec.image().isPresent()) {
      throw refusal(
          ErrorCode.UNSUPPORTED,
          "local processes have no container images; use an executor that declares IMAGES");
    }
    if (spec.isolation() == Isolation.SEALED) {
      require(Capability.SEALED, "sealed attempts need control groups that this user can write");
    }
  }

  private void checkBinding(PathBinding binding) {
    Path target = Path.of(binding.program());
    if (!target.equals(target.normalize()) || target.startsWith("..")) {
      throw refusal(
          ErrorCode.UNSUPPORTED, "the path " + target + " of a binding is not normalised");
    }
    if (target.isAbsolute()) {
      require(
          Capability.ABSOLUTE_PATHS,
          "the absolute path "
              + target
              + " needs a private mount namespace; run as root or allow user namespaces, or use a"
              + " path relative to the working directory");
    }
    if (binding.readOnly()) {
      require(
          Capability.READ_ONLY_BINDINGS,
          "a read-only binding needs a private mount namespace; run as root or allow user"
              + " namespaces");
    }
    checkReserved(target);
    if (!Files.exists(binding.host())) {
      throw refusal(ErrorCode.CANNOT_START, "there is nothing at " + binding.host() + " to bind");
    }
  }

  private void checkReserved(Path target) {
    if (isReserved(target)) {
      throw refusal(
          ErrorCode.UNSUPPORTED,
          "the path " + target + " is reserved; /, /proc, /sys and /dev cannot be bound over");
    }
  }

  /** True for paths that cannot be bound over. */
  static boolean isReserved(Path target) {
    boolean root = target.isAbsolute() && target.getNameCount() == 0;
    return root || RESERVED.stream().anyMatch(target::startsWith);
  }

  private void checkCommand() {
    for (String argument : spec.arguments()) {
      checkString("an argument", argument);
    }
    spec.environment()
        .forEach(
            (name, value) -> {
              try {
                LocalExecutorConfig.checkVariable(name, value);
              } catch (IllegalArgumentException e) {
                throw refusal(ErrorCode.CANNOT_START, e.getMessage());
              }
              checkString("the variable " + name, name + "=" + value);
            });
    for (String variable : spec.secretVariables()) {
      if (!LaunchPlan.isForShell(variable)) {
        throw refusal(
            ErrorCode.CANNOT_START,
            "a shell cannot hand on the variable "
                + variable
                + ", and elsewhere everybody could read its value; give the secret another one");
      }
    }
    if (spec.arguments().get(0).isEmpty()) {
      throw refusal(ErrorCode.CANNOT_START, "the name of the program is empty");
    }
  }

  private void checkString(String what, String text) {
    if (text.indexOf('\0') >= 0) {
      throw refusal(ErrorCode.CANNOT_START, what + " holds a NUL character");
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes >= LaunchPlan.LONGEST_STRING_BYTES) {
      throw refusal(
          ErrorCode.CANNOT_START,
          what
              + " has "
              + bytes
              + " bytes; the kernel takes "
              + (LaunchPlan.LONGEST_STRING_BYTES - 1)
              + ", so pass it in a file");
    }
  }

  private void require(Capability capability, String message) {
    if (!info.can(capability)) {
      throw refusal(ErrorCode.UNSUPPORTED, message);
    }
  }

  private ExecutorException refusal(
      ErrorCode code, @org.jspecify.annotations.Nullable String message) {
    return new ExecutorException(code, spec.id(), "attempt " + spec.id() + ": " + message, null);
  }
}
