package dev.windlass.testkit.simulation;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code bin/simulate}: many simulated runs, or one again. */
@Command(
    name = "simulate",
    description = "Runs the engine in simulated worlds and holds it to its promises.",
    mixinStandardHelpOptions = true)
public final class SimulateCommand implements Callable<Integer> {
  private static final Duration NEWS = Duration.ofSeconds(30);

  @Option(names = "--seed", description = "Run this seed alone and print its journal.")
  private @Nullable Long seed;

  @Option(
      names = "--without",
      split = ",",
      description = "With --seed: leave out the parts of these numbers.")
  private List<Integer> without = List.of();

  @Option(names = "--seeds", description = "How many seeds to run; default ${DEFAULT-VALUE}.")
  private long seeds = 1_000;

  @Option(names = "--from", description = "The first seed; by default a random one.")
  private @Nullable Long from;

  @Option(names = "--minutes", description = "Run for so long, however many seeds that are.")
  private @Nullable Long minutes;

  @Option(names = "--real-store", description = "Use the shipped state store in real files.")
  private boolean realStore;

  @Spec private @Nullable CommandSpec spec;

  /** For picocli. */
  public SimulateCommand() {}

  /**
   * Runs the command.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String... arguments) {
    System.exit(new CommandLine(new SimulateCommand()).execute(arguments));
  }

  /**
   * Runs what the options say.
   *
   * @return 0 if all promises held, 1 if one was broken
   */
  @Override
  public Integer call() {
    Simulator simulator = realStore ? Simulator.withRealStore() : Simulator.create();
    return seed == null ? many(simulator) : one(simulator, seed);
  }

  private PrintWriter out() {
    if (spec == null) {
      throw new IllegalStateException("not run by picocli");
    }
    return spec.commandLine().getOut();
  }

  private int one(Simulator simulator, long number) {
    Simulator.Run run = simulator.run(number, Set.copyOf(without));
    simulator.describe(run).forEach(out()::println);
    run.journal().forEach(out()::println);
    out().println("fingerprint " + run.fingerprint());
    tell(run);
    return run.isGood() ? 0 : 1;
  }

  private int many(Simulator simulator) {
    long first = from == null ? new Random().nextInt(1_000_000_000) : from;
    long begin = System.nanoTime();
    long end = minutes == null ? Long.MAX_VALUE : begin + Duration.ofMinutes(minutes).toNanos();
    long most = minutes == null ? seeds : Long.MAX_VALUE;
    long done = 0;
    long attempts = 0;
    long news = begin + NEWS.toNanos();
    while (done < most && System.nanoTime() < end) {
      Simulator.Run run = simulator.run(first + done);
      done++;
      attempts += run.attempts();
      if (!run.isGood()) {
        tell(run);
        shrunk(simulator, run);
        return 1;
      }
      if (System.nanoTime() > news) {
        rate(first, done, attempts, begin);
        news = System.nanoTime() + NEWS.toNanos();
      }
    }
    rate(first, done, attempts, begin);
    return 0;
  }

  private void rate(long first, long done, long attempts, long begin) {
    double perMinute = done / ((System.nanoTime() - begin) / 60e9);
    out()
        .printf(
            "seeds %d to %d: no promise broken; %d attempts; %.0f seeds per minute%n",
            first, first + done - 1, attempts, perMinute);
    out().flush();
  }

  private void tell(Simulator.Run run) {
    run.violations().forEach(violation -> out().println("BROKEN " + violation));
    out().flush();
  }

  private void shrunk(Simulator simulator, Simulator.Run run) {
    Simulator.Run small = simulator.shrink(run);
    out().println("The smallest run that breaks the same promise:");
    simulator.describe(small).forEach(out()::println);
    tell(small);
    out().println("bin/simulate --seed " + run.seed() + withoutOption(small.without()));
    out().flush();
  }

  private static String withoutOption(Set<Integer> numbers) {
    if (numbers.isEmpty()) {
      return "";
    }
    List<String> texts = new TreeSet<>(numbers).stream().map(Object::toString).toList();
    return " --without " + String.join(",", texts);
  }
}
