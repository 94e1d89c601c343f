package dev.windlass.testkit.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of its own that runs a main class of the tests, to be killed. It sees the same classes as
 * this one; what it prints on standard error appears on ours.
 *
 * <p>Not for use by several threads at once.
 */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts a JVM.
   *
   * @param main a class with a main method
   * @param arguments what the main method gets
   * @return the JVM, which may not have come far yet
   * @throws IOException if it cannot be started
   */
  public static ChildJvm start(Class<?> main, Object... arguments) throws IOException {
    return start(List.of(), main, arguments);
  }

  /**
   * Starts a JVM by way of a command that runs the command it is given, such as {@code strace} or
   * {@code unshare} with their options.
   *
   * @param wrapper the command and its options; empty for none
   * @param main a class with a main method
   * @param arguments what the main method gets
   * @return what was started: the wrapper if there is one, else the JVM
   * @throws IOException if it cannot be started
   */
  public static ChildJvm start(List<String> wrapper, Class<?> main, Object... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // It lives for a second or two: what pays off later is left out.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", classes(), main.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Also what this JVM has as modules: the other has all on its class path. */
  private static String classes() {
    return Stream.of("java.class.path", "jdk.module.path")
        .map(name -> System.getProperty(name, ""))
        .filter(path -> !path.isEmpty())
        .collect(Collectors.joining(System.getProperty("path.separator")));
  }

  /**
   * Waits for the next line of its standard output.
   *
   * @return the line; null at the end
   * @throws IOException if the output cannot be read
   */
  public @Nullable String line() throws IOException {
    return output.readLine();
  }

  /**
   * Waits up to a time for its own end.
   *
   * @param time how long at most
   * @return true if it has ended
   * @throws InterruptedException if the calling thread was interrupted
   */
  public boolean endsWithin(Duration time) throws InterruptedException {
    return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * How it ended.
   *
   * @return its exit code; 128 and the signal's number if it died of one
   * @throws IllegalThreadStateException if it has not ended
   */
  public int exitValue() {
    return process.exitValue();
  }

  /**
   * Which process it is.
   *
   * @return its pid
   */
  public long pid() {
    return process.pid();
  }

  /** Asks it to end, as {@code kill} does: TERM. Does not wait. */
  public void terminate() {
    // Not process.destroy(), which closes the streams as well.
    process.toHandle().destroy();
  }

  /** Ends it as {@code kill -9} does, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Kills it if it has not ended. */
  @Override
  public void close() {
    kill();
  }
}
