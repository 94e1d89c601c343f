package dev.windlass.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A browser without a window. */
final class Chromium {

  private static final long PATIENCE_SECONDS = 120;

  private final Path directory;

  /**
   * Makes sure that there is one; the test is skipped otherwise.
   *
   * @param directory for its profile and its output
   */
  Chromium(Path directory) throws IOException {
    this.directory = directory;
    boolean there;
    try {
      there = run(List.of("chromium", "--version")).contains("Chromium");
    } catch (IOException e) {
      there = false;
    }
    assumeTrue(there, "there is no chromium command");
  }

  /**
   * A page after its scripts have run.
   *
   * @param dom the document
   * @param console what was written to the console: messages, errors, refusals of the policy
   */
  record Page(String dom, List<String> console) {}

  /** Opens a page and lets its scripts run. */
  Page open(Path page, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--enable-logging=stderr",
                "--window-size=1400,1000",
                "--virtual-time-budget=20000",
                "--user-data-dir=" + directory.resolve("profile")));
    command.addAll(List.of(options));
    command.add("--dump-dom");
    command.add(page.toUri().toString());
    String dom = run(command);
    return new Page(
        dom,
        new String(Files.readAllBytes(directory.resolve("chromium.err")), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains("CONSOLE"))
            .toList());
  }

  private String run(List<String> command) throws IOException {
    Path out = directory.resolve("chromium.out");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(directory.resolve("chromium.err").toFile())
            .start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("chromium does not end: " + command);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return Files.readString(out);
  }
}
