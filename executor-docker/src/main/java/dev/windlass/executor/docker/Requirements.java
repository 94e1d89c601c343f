package dev.windlass.executor.docker;

import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.ExecutorInfo;
import dev.windlass.executor.PathBinding;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What can be said of a specification before the Docker engine is asked. */
final class Requirements {

  /** Of execve(2): MAX_ARG_STRLEN, with the NUL at the end. */
  private static final int LONGEST_STRING_BYTES = 131_072;

  private static final List<Path> RESERVED =
      List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));

  private final AttemptSpec spec;
  private final Daemon daemon;

  private Requirements(AttemptSpec spec, Daemon daemon) {
    this.spec = spec;
    this.daemon = daemon;
  }

  /**
   * Refuses what cannot be done.
   *
   * @param daemon where it is to run; not asked anything
   * @throws ExecutorException UNSUPPORTED or CANNOT_START
   */
  static void check(AttemptSpec spec, ExecutorInfo info, Daemon daemon) {
    info.checkNeeds(spec);
    Requirements requirements = new Requirements(spec, daemon);
    spec.bindings().forEach(requirements::checkBinding);
    requirements.checkCommand();
    if (!Files.isDirectory(spec.workDirectory())) {
      throw requirements.refusal(
          ErrorCode.CANNOT_START,
          "the working directory " + spec.workDirectory() + " is not a directory");
    }
  }

  private void checkBinding(PathBinding binding) {
    Path target = Path.of(binding.program());
    if (!target.equals(target.normalize()) || target.startsWith("..")) {
      throw refusal(
          ErrorCode.UNSUPPORTED, "the path " + target + " of a binding is not normalised");
    }
    boolean root = target.isAbsolute() && target.getNameCount() == 0;
    if (root || RESERVED.stream().anyMatch(target::startsWith)) {
      throw refusal(
          ErrorCode.UNSUPPORTED,
          "the path " + target + " is reserved; /, /proc, /sys and /dev cannot be bound over");
    }
    boolean isForOthersToo = !binding.host().startsWith(spec.directory());
    if (!daemon.sharesFiles() && !binding.readOnly() && isForOthersToo) {
      throw refusal(ErrorCode.UNSUPPORTED, noMount(binding.program()));
    }
    if (daemon.socket().filter(socket -> Path.of(socket).startsWith(binding.host())).isPresent()) {
      throw refusal(
          ErrorCode.UNSUPPORTED,
          "the binding of "
              + binding.host()
              + " would hand the socket of the Docker engine to the program");
    }
    if (!Files.exists(binding.host())) {
      throw refusal(ErrorCode.CANNOT_START, "there is nothing at " + binding.host() + " to bind");
    }
  }

  /** Why a directory that others work in too cannot be had at a path. */
  static String noMount(String path) {
    return "the mount at "
        + path
        + " cannot be made, since the Docker engine does not see the files of this host; use"
        + " mappings that are copied in and out";
  }

  private void checkCommand() {
    if (spec.arguments().get(0).isEmpty()) {
      throw refusal(ErrorCode.CANNOT_START, "the name of the program is empty");
    }
    spec.arguments().forEach(argument -> checkString("an argument", argument));
    spec.environment()
        .forEach(
            (name, value) -> {
              if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw refusal(
                    ErrorCode.CANNOT_START,
                    "a variable's name is not empty and holds no '=', was '" + name + "'");
              }
              checkString("the variable " + name, name + "=" + value);
            });
  }

  private void checkString(String what, String text) {
    if (text.indexOf('\0') >= 0) {
      throw refusal(ErrorCode.CANNOT_START, what + " holds a NUL character");
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes >= LONGEST_STRING_BYTES) {
      throw refusal(
          ErrorCode.CANNOT_START,
          what
              + " has "
              + bytes
              + " bytes; the kernel takes "
              + (LONGEST_STRING_BYTES - 1)
              + ", so pass it in a file");
    }
  }

  private ExecutorException refusal(ErrorCode code, String message) {
    return new ExecutorException(code, spec.id(), "attempt " + spec.id() + ": " + message, null);
  }
}
