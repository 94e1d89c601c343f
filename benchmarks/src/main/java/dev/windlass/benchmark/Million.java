package dev.windlass.benchmark;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A million instances in one engine: what questions cost while it works and when most of them wait,
 * what memory and disc it takes, and how long it takes to open again after {@code kill -9}.
 *
 * <p>Arguments: how many instances (1000000), in ten jobs; how many of them end (300000), of which
 * one in ten fails. The engine is in a process of its own, {@link MillionHost}, that is killed once
 * it has told all; another one then opens it.
 */
public final class Million {
  private static final double NANOS = 1e9;

  private Million() {}

  /**
   * Runs it in a temporary directory.
   *
   * @param args see the class
   * @throws Exception if anything goes wrong
   */
  public static void main(String[] args) throws Exception {
    String instances = args.length > 0 ? args[0] : "1000000";
    String ended = args.length > 1 ? args[1] : "300000";
    Path directory = Files.createTempDirectory("windlass-million");
    try {
      for (String mode : List.of(MillionHost.FIRST, MillionHost.AGAIN)) {
        long begunNanos = System.nanoTime();
        runUntilDone(host(mode, directory, instances, ended));
        if (mode.equals(MillionHost.AGAIN)) {
          print("that process, from its start to its end by kill -9", begunNanos);
        }
      }
    } finally {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** With this process's own options. */
  private static Process host(String mode, Path directory, String instances, String ended)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(MillionHost.class.getName());
    command.addAll(List.of(mode, directory.toString(), instances, ended));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Kills it with {@code kill -9} when it has nothing more to tell. */
  private static void runUntilDone(Process host) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); ; line = lines.readLine()) {
        if (line == null) {
          throw new IllegalStateException("the host ended by itself");
        } else if (line.equals(MillionHost.DONE)) {
          return;
        }
        System.out.println(line);
      }
    } finally {
      host.destroyForcibly().onExit().join();
    }
  }

  /** Prints how many seconds something took until now. */
  static void print(String what, long begunNanos) {
    System.out.println(
        String.format(
            Locale.ROOT, "%-56s %8.2f s", what, (System.nanoTime() - begunNanos) / NANOS));
  }
}
