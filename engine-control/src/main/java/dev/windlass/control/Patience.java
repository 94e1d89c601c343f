package dev.windlass.control;

import java.time.Duration;

/**
 * How long one side waits for the other.
 *
 * @param greeting a client, for the first line of the host
 * @param request the host, for a whole request, from the end of the one before
 * @param work a client, for the answer to a request, which waits for a commit of the host
 * @param taking either side, for the other to take a line
 */
record Patience(Duration greeting, Duration request, Duration work, Duration taking) {

  static final Patience DEFAULT =
      new Patience(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofSeconds(10));
}
