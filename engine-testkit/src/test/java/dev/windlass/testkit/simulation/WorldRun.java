package dev.windlass.testkit.simulation;

import dev.windlass.testkit.mutation.World;
import dev.windlass.testkit.simulation.Simulation.PlannedCrash;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Runs a {@link World} with the classes of its own loader; gives back the promises that were
 * broken, as text. Called from another loader, so nothing but classes of the JDK goes in and out.
 */
public final class WorldRun implements Function<String, List<String>> {

  /** So many ways in which the things of a written scenario interleave. */
  private static final int INTERLEAVINGS = 200;

  @Override
  public List<String> apply(String text) {
    World world = World.parse(text);
    return switch (world.kind()) {
      case SEED -> Simulator.create().run(world.seed()).violations();
      case REAL_STORE -> Simulator.withRealStore().run(world.seed()).violations();
      case WRITTEN ->
          first(
              LongStream.rangeClosed(1, INTERLEAVINGS)
                  .mapToObj(seed -> run(written(world).withSeed(seed), PlannedCrash.NONE)));
      case KILLED -> crashed(written(world), false);
      case POWER_CUT -> crashed(written(world), true);
    };
  }

  private static WrittenScenario written(World world) {
    return WrittenScenario.ALL.stream()
        .filter(one -> one.name().equals(world.name()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no scenario '" + world.name() + "'"));
  }

  /** Crashes at one point after the other, until a promise is broken. */
  private static List<String> crashed(WrittenScenario written, boolean isPowerCut) {
    int points = EnumeratedCrashes.simulate(written, PlannedCrash.NONE).crashPoints().size();
    return first(
        LongStream.rangeClosed(1, points)
            .mapToObj(point -> run(written, new PlannedCrash(point, isPowerCut))));
  }

  private static List<String> run(WrittenScenario written, PlannedCrash crash) {
    return EnumeratedCrashes.simulate(written, crash).violations().stream()
        .map(Object::toString)
        .toList();
  }

  private static List<String> first(Stream<List<String>> runs) {
    return runs.filter(violations -> !violations.isEmpty()).findFirst().orElse(List.of());
  }
}
