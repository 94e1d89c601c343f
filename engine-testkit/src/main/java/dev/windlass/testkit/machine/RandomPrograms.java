package dev.windlass.testkit.machine;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * Programs whose courses follow from the seed and the attempt alone, whatever else happens. They
 * write what they publish, whole, also when they fail: what is published must be from an attempt
 * that was accepted.
 */
public final class RandomPrograms implements Programs {
  private static final Duration LONGEST_DELAY = Duration.ofMillis(30);
  private static final Duration LONGEST_START = Duration.ofMillis(300);
  private static final Duration USUAL_RUN = Duration.ofSeconds(2);
  private static final Duration LONG_RUN = Duration.ofMinutes(2);

  /** The variable in which a program gets {@link #SECRET}, if it gets it. */
  public static final String SECRET_VARIABLE = "PASSWORD";

  /** What nobody else is to see. */
  public static final String SECRET = "open sesame";

  private final long seed;

  public RandomPrograms(long seed) {
    this.seed = seed;
  }

  @Override
  public Course course(AttemptSpec spec) {
    Random random = new Random(seed * 31 + spec.id().toString().hashCode());
    int failures = Integer.parseInt(spec.arguments().get(1));
    Outcome outcome = random.nextInt(100) < failures ? failure(random) : new Outcome.Exited(0);
    Duration longest = random.nextInt(25) == 0 ? LONG_RUN : USUAL_RUN;
    return new Course(
        part(random, LONGEST_DELAY), part(random, longest), outcome, random.nextInt(5) > 0);
  }

  @Override
  public NodeCourse nodeCourse(NodeSpec spec) {
    Random random = new Random(seed * 37 + spec.name().hashCode());
    Optional<String> failure =
        random.nextInt(6) == 0 ? Optional.of("simulated failure") : Optional.empty();
    return new NodeCourse(part(random, LONGEST_START), failure);
  }

  private static Duration part(Random random, Duration longest) {
    return Duration.ofNanos((long) (random.nextDouble() * longest.toNanos()));
  }

  private static Outcome failure(Random random) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> new Outcome.Exited(1);
      case 2 -> new Outcome.Exited(7);
      case 3 -> new Outcome.Signalled(11);
      case 4 -> new Outcome.OutOfMemory("simulated");
      default -> new Outcome.Lost("simulated");
    };
  }

  @Override
  public void begins(AttemptSpec spec) {
    boolean hasSecret = spec.environment().containsKey(SECRET_VARIABLE);
    write(spec.stdout(), firstWords(hasSecret) + " " + spec.id() + "\n");
  }

  /**
   * What a program says first.
   *
   * @param hasSecret whether it was given what is secret, which it then says
   */
  public static String firstWords(boolean hasSecret) {
    return hasSecret ? SECRET : "begins";
  }

  @Override
  public void ends(AttemptSpec spec, Course course) {
    Path out = spec.workDirectory().resolve("out");
    if (Files.isDirectory(out)) {
      write(out.resolve(spec.id().instance().index() + ".txt"), content(spec.id()));
    }
    write(spec.stdout(), "ends\n");
  }

  /** What an attempt publishes. */
  public static String content(AttemptId id) {
    return "written by " + id + "\nand whole\n";
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (NoSuchFileException e) {
      return; // its directory is gone, and who took it is held to account elsewhere
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
