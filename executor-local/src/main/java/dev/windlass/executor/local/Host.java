package dev.windlass.executor.local;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What this host has: tools, processors, memory. */
final class Host {

  private static final List<Path> TOOL_DIRECTORIES =
      Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin").map(Path::of).toList();

  private Host() {}

  /** Finds a program of the operating system; the caller's PATH has no say in it. */
  static Optional<Path> tool(String name) {
    return TOOL_DIRECTORIES.stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Finds a program without which nothing works.
   *
   * @throws EngineException if it is not there
   */
  static Path requiredTool(String name, String origin) {
    return tool(name)
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.UNSUPPORTED,
                    name,
                    "the local executor needs the program '" + name + "'; install " + origin));
  }

  /** Tries a command with one more argument; false if it fails or cannot be run. */
  static boolean succeeds(List<String> command, String argument) {
    List<String> all = new ArrayList<>(command);
    all.add(argument);
    try {
      return new ProcessBuilder(all)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Refuses operating systems without {@code /proc} as Linux has it.
   *
   * @throws EngineException if this is not Linux
   */
  static void requireLinux() {
    String name = System.getProperty("os.name", "");
    if (!name.equals("Linux") || !Files.isReadable(Path.of("/proc/self/stat"))) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          name,
          "the local executor runs on Linux with /proc mounted; this is " + name);
    }
  }

  /** Processors, memory and disk, of the container if the JVM runs in one. */
  static Resources capacity(CgroupLayout layout) {
    long memory = memoryTotal().orElse(0);
    OptionalLong limit = memoryLimit(layout);
    long usable = limit.isPresent() ? Math.min(limit.getAsLong(), memory) : memory;
    return Resources.cpus(Runtime.getRuntime().availableProcessors())
        .withMemory(usable)
        .withDisk(diskTotal());
  }

  /**
   * The size of the file store that the JVM works in, and not what is free there: that changes, and
   * an executor's capacity does not.
   */
  private static long diskTotal() {
    try {
      long total = Files.getFileStore(Path.of("").toAbsolutePath()).getTotalSpace();
      return Math.max(0, Math.min(total, Resources.MAX_DISK_BYTES));
    } catch (IOException e) {
      return 0;
    }
  }

  private static OptionalLong memoryTotal() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
      return lines
          .filter(line -> line.startsWith("MemTotal:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong memoryLimit(CgroupLayout layout) {
    Stream<Path> files =
        Stream.concat(
            layout.unified().map(own -> own.resolve("memory.max")).stream(),
            Optional.ofNullable(layout.controllers().get("memory"))
                .map(own -> own.resolve("memory.limit_in_bytes"))
                .stream());
    return files
        .map(Host::firstLine)
        .filter(text -> text.matches("\\d{1,18}"))
        .mapToLong(Long::parseLong)
        .min();
  }

  private static String firstLine(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.findFirst().orElse("").strip();
    } catch (IOException e) {
      return "";
    }
  }
}
