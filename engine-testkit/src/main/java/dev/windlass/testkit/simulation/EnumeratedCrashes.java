package dev.windlass.testkit.simulation;

import dev.windlass.testkit.simulation.Simulation.PlannedCrash;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Runs written-down scenarios once for every moment at which their host could crash: before and
 * after every write and sync of the state store, every commit, every call of the executor and of
 * the storage, and before every task of a lane. After each crash the engine is opened again, and
 * must come to the end with all promises held.
 *
 * <p>Safe for use by several threads.
 */
public final class EnumeratedCrashes {

  /** What happens at a point. */
  public enum Crash {
    /** The process of the host is killed. */
    KILLED,
    /**
     * The machine loses its power: what was not synced may be gone, and what runs is. Not before
     * the tasks of lanes: between what reaches a disc, an executor or a storage nothing changes for
     * it.
     */
    POWER_CUT
  }

  /**
   * What came of a scenario.
   *
   * @param scenario its name
   * @param crash what happened at its points
   * @param points how many there are
   * @param tried at how many of them it happened
   * @param violations the promises that were broken, each with the point of the crash
   */
  public record Report(
      String scenario, Crash crash, int points, int tried, List<String> violations) {}

  private EnumeratedCrashes() {}

  /**
   * The scenarios.
   *
   * @return their names, in the order in which they should be read
   */
  public static List<String> scenarios() {
    return WrittenScenario.ALL.stream().map(WrittenScenario::name).toList();
  }

  /**
   * Runs a scenario without a crash, which must go well, and then with a crash at its points: on
   * all processors, as parallel streams do.
   *
   * @param scenario its name
   * @param crash what happens at them
   * @param every at which of the points: each one with 1, each third with 3
   * @return what came of it
   * @throws IllegalArgumentException if there is no such scenario, or {@code every} is below 1
   */
  public static Report run(String scenario, Crash crash, int every) {
    if (every < 1) {
      throw new IllegalArgumentException("every must be at least 1, was " + every);
    }
    WrittenScenario written =
        WrittenScenario.ALL.stream()
            .filter(one -> one.name().equals(scenario))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("there is no scenario '" + scenario + "'"));
    List<Integer> points = points(written, crash);
    List<Integer> tried =
        IntStream.iterate(0, i -> i < points.size(), i -> i + every).mapToObj(points::get).toList();
    List<String> violations =
        tried.parallelStream().flatMap(point -> crashed(written, crash, point).stream()).toList();
    return new Report(scenario, crash, points.size(), tried.size(), violations);
  }

  /** The numbers of the points of a run without a crash. */
  private static List<Integer> points(WrittenScenario written, Crash crash) {
    Simulation.Result result = simulate(written, PlannedCrash.NONE);
    if (!result.isGood()) {
      throw new AssertionError("'" + written.name() + "' without a crash: " + result.violations());
    }
    return IntStream.rangeClosed(1, result.crashPoints().size())
        .filter(i -> crash == Crash.KILLED || isEffect(result.crashPoints().get(i - 1)))
        .boxed()
        .toList();
  }

  private static boolean isEffect(String point) {
    return !point.startsWith("before a task of ");
  }

  private static Optional<String> crashed(WrittenScenario written, Crash crash, int point) {
    Simulation.Result result = simulate(written, new PlannedCrash(point, crash == Crash.POWER_CUT));
    if (result.isGood() && result.lives() < 2) {
      return Optional.of("point " + point + ": the host did not crash");
    }
    return result.isGood()
        ? Optional.empty()
        : Optional.of("point " + point + ": " + result.violations().get(0));
  }

  static Simulation.Result simulate(WrittenScenario written, PlannedCrash crash) {
    try (Simulation simulation =
        new Simulation(
            written.scenario(),
            Simulation.Disk.SIMULATED,
            new ScriptedPrograms(written.script()),
            crash)) {
      return simulation.run();
    }
  }
}
