package dev.windlass.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Help.Ansi;

/**
 * What standard error is connected to.
 *
 * <p>{@link System#console} cannot tell: on JDK 17 it looks at standard input and output, from 22
 * on it always answers. The shell can.
 */
final class Terminal {

  private static final int WIDTH_IF_UNKNOWN = 80;

  private Terminal() {}

  /** Columns of the terminal behind standard error; empty if there is none that can redraw. */
  static OptionalInt width() {
    String kind = System.getenv().getOrDefault("TERM", "dumb");
    return kind.isEmpty() || kind.equals("dumb") ? OptionalInt.empty() : ask();
  }

  private static OptionalInt ask() {
    try {
      Process shell =
          new ProcessBuilder("/bin/sh", "-c", "test -t 2 && { stty size <&2 2>/dev/null || :; }")
              .redirectError(Redirect.INHERIT)
              .start();
      String size =
          new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
      boolean isTerminal = shell.waitFor(1, TimeUnit.SECONDS) && shell.exitValue() == 0;
      return isTerminal ? OptionalInt.of(columns(size)) : OptionalInt.empty();
    } catch (IOException e) {
      return OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }

  /** Rows and columns, as stty prints them; a terminal that does not know its size says 0. */
  private static int columns(String size) {
    String[] parts = size.split(" ", -1);
    try {
      int columns = parts.length == 2 ? Integer.parseInt(parts[1]) : 0;
      return columns > 0 ? columns : WIDTH_IF_UNKNOWN;
    } catch (NumberFormatException e) {
      return WIDTH_IF_UNKNOWN;
    }
  }

  /** See no-color.org: set and not empty means no colour. */
  static boolean isColourWanted() {
    return System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
  }

  /** Says whether block characters reach the terminal as such. */
  static boolean canShowBlocks() {
    String encoding = System.getProperty("stderr.encoding", Charset.defaultCharset().name());
    return Charset.isSupported(encoding)
        && Charset.forName(encoding).newEncoder().canEncode('\u2588');
  }

  static Ansi helpColors() {
    return isColourWanted() ? Ansi.AUTO : Ansi.OFF;
  }
}
