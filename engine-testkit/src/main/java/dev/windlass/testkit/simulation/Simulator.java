package dev.windlass.testkit.simulation;

import dev.windlass.testkit.machine.RandomPrograms;
import dev.windlass.testkit.simulation.Simulation.PlannedCrash;
import dev.windlass.testkit.simulation.check.Violations.Violation;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs the engine in simulated worlds: the shipped engine, unchanged, on one thread and in virtual
 * time, with a machine, an executor, a storage and a disc that fail, hosts that crash, clocks that
 * jump and users that interfere. All of a run follows from its seed; the same seed gives the same
 * run, line by line. Checkers that share no code with the engine's decisions hold it to its
 * promises.
 *
 * <p>Safe for use by several threads.
 */
public final class Simulator {
  private final Simulation.Disk disk;

  private Simulator(Simulation.Disk disk) {
    this.disk = disk;
  }

  /**
   * A simulator whose state stores lie on simulated discs, which tear writes, lose what was not
   * synced, and run full.
   *
   * @return the simulator
   */
  public static Simulator create() {
    return new Simulator(Simulation.Disk.SIMULATED);
  }

  /**
   * A simulator with the shipped state store in real files. Slower, and its discs do not fail.
   *
   * @return the simulator
   */
  public static Simulator withRealStore() {
    return new Simulator(Simulation.Disk.SQLITE);
  }

  /**
   * What a run came to.
   *
   * @param seed from which it followed
   * @param without numbers of the jobs, tasks and disturbances that were left out, ascending
   * @param violations the promises that were broken, as text; empty if all held
   * @param journal what happened, a line each; of very long runs the last 100,000
   * @param fingerprint SHA-256 of the whole journal, in hexadecimal
   * @param hostLives how often a host came up
   * @param attempts how many attempts were launched
   */
  public record Run(
      long seed,
      Set<Integer> without,
      List<String> violations,
      List<String> journal,
      String fingerprint,
      int hostLives,
      int attempts) {

    /**
     * Says whether all promises held.
     *
     * @return true if none was broken
     */
    public boolean isGood() {
      return violations.isEmpty();
    }
  }

  /**
   * Runs the scenario of a seed.
   *
   * @param seed any
   * @return the run
   */
  public Run run(long seed) {
    return run(seed, Set.of());
  }

  /**
   * Runs the scenario of a seed without some of its parts.
   *
   * @param seed any
   * @param without numbers of jobs, tasks and disturbances to leave out
   * @return the run
   */
  public Run run(long seed, Set<Integer> without) {
    return told(seed, without, simulate(seed, without));
  }

  private Simulation.Result simulate(long seed, Set<Integer> without) {
    Scenario scenario = ScenarioDice.roll(seed, without);
    try (Simulation simulation =
        new Simulation(scenario, disk, new RandomPrograms(seed), PlannedCrash.NONE)) {
      return simulation.run();
    }
  }

  private static Run told(long seed, Set<Integer> without, Simulation.Result result) {
    return new Run(
        seed,
        new TreeSet<>(without),
        result.violations().stream().map(Violation::toString).toList(),
        result.journal(),
        result.fingerprint(),
        result.lives(),
        result.programs());
  }

  /**
   * Looks for a small run that breaks the same promise: leaves out jobs, tasks and disturbances as
   * long as it does.
   *
   * @param failing a run that broke a promise
   * @return a run of the same seed that breaks it, from which nothing more can be left out alone
   * @throws IllegalArgumentException if all promises held
   */
  public Run shrink(Run failing) {
    if (failing.isGood()) {
      throw new IllegalArgumentException("run " + failing.seed() + " broke no promise");
    }
    Simulation.Result first = simulate(failing.seed(), failing.without());
    String promise = first.violations().get(0).promise();
    Set<Integer> without = new TreeSet<>(failing.without());
    Simulation.Result smallest = first;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      Scenario scenario = ScenarioDice.roll(failing.seed(), without);
      for (int number : scenario.parts()) {
        Set<Integer> less = new TreeSet<>(without);
        // The last task of a job is in, whatever is left out.
        boolean isNew = less.add(number);
        Simulation.Result result = simulate(failing.seed(), less);
        if (isNew && breaks(result, promise)) {
          without = less;
          smallest = result;
          smaller = true;
        }
      }
    }
    return told(failing.seed(), without, smallest);
  }

  private static boolean breaks(Simulation.Result result, String promise) {
    return result.violations().stream().anyMatch(violation -> violation.promise().equals(promise));
  }

  /**
   * What is done in a run, for people.
   *
   * @param run any
   * @return a line for each job, task and disturbance with its number
   */
  public List<String> describe(Run run) {
    return ScenarioDice.roll(run.seed(), run.without()).describe();
  }
}
