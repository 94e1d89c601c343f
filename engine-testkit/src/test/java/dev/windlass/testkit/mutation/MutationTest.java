package dev.windlass.testkit.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.testkit.mutation.Mutation.Defect;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The simulator finds defects: one at a time is planted in the source of the engine, and a checker
 * must tell it. What no mutation can break, no simulated world proves.
 *
 * <p>Worlds are stored with their mutations. A change of the engine or of the simulator leads a
 * seed to another world; if that does not show the defect any more, the seeds from 1 on are tried,
 * and the first that does is printed, to be stored. To look for all of them again:
 *
 * <pre>
 * mvn -Pquick -pl engine-testkit -am test -Dtest=MutationTest -Dsurefire.failIfNoSpecifiedTests=false
 *     -Dwindlass.test.argLine="-Dwindlass.tests.search-seeds=true"
 * </pre>
 */
@Tag("slow")
class MutationTest {

  /** A defect that this many worlds do not show is a gap of the simulator. */
  private static final long MOST_SEEDS = 2_000;

  /** So many are tried in place of one that is stored. */
  private static final long SEEDS_IN_PLACE = 200;

  private static final boolean SEARCH = Boolean.getBoolean("windlass.tests.search-seeds");

  private static final Mutant UNCHANGED = Mutant.unchanged();
  private static final Map<World, List<String>> SOUND = new ConcurrentHashMap<>();

  /** Each eighth, since they take minutes; all with {@code -Dwindlass.tests.mutations=all}. */
  static Stream<Mutation> mutations() {
    List<Mutation> all = Mutation.all().toList();
    int each = System.getProperty("windlass.tests.mutations", "").equals("all") || SEARCH ? 1 : 8;
    return IntStream.range(0, all.size()).filter(i -> i % each == 0).mapToObj(all::get);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutations")
  void aDefectOfTheEngineIsTold(Mutation mutation) {
    Defect defect = mutation.defect();
    if (SEARCH && defect.world().hasSeed()) {
      System.out.printf("%s: %s%n", mutation.name(), search(mutation));
    }
    Mutant mutant = Mutant.with(defect.change());
    World world = defect.world();
    List<String> told = mutant.run(world);
    if (!defect.isToldBy(told) && world.hasSeed()) {
      OptionalLong other = firstSeed(defect, mutant, SEEDS_IN_PLACE);
      if (other.isPresent()) {
        System.out.printf("%s: store seed %d%n", mutation.name(), other.getAsLong());
        world = world.withSeed(other.getAsLong());
        told = mutant.run(world);
      }
    }
    assertThat(defect.isToldBy(told))
        .as("%s breaks '%s' in %s; told was %s", mutation, defect.promise(), world, told)
        .isTrue();
    if (!world.isEnumerated()) {
      assertThat(SOUND.computeIfAbsent(world, UNCHANGED::run)).as("without the defect").isEmpty();
    }
  }

  private static OptionalLong firstSeed(Defect defect, Mutant mutant, long most) {
    return LongStream.rangeClosed(1, most)
        .filter(seed -> defect.isToldBy(mutant.run(defect.world().withSeed(seed))))
        .findFirst();
  }

  @Test
  void defectsArePlantedInAllPartsOfTheEngine() {
    assertThat(Mutation.all().map(mutation -> mutation.defect().change().file().split("/", -1)[0]))
        .contains("job", "schedule", "runtime", "execution", "staging", "store");
    assertThat(Mutation.all().map(Mutation::name)).doesNotHaveDuplicates();
    assertThat(Mutation.all().map(mutation -> mutation.defect().change())).doesNotHaveDuplicates();
  }

  /** Also those that are not tried here: who changes the engine is told at once. */
  @Test
  void everyDefectFitsTheEngineAsItIs() {
    assertThat(Mutation.all())
        .allSatisfy(mutation -> assertThat(Mutant.source(mutation.defect().change())).isNotEmpty());
  }

  private static String search(Mutation mutation) {
    Defect defect = mutation.defect();
    OptionalLong seed = firstSeed(defect, Mutant.with(defect.change()), MOST_SEEDS);
    return seed.isPresent() ? "seed " + seed.getAsLong() : "no seed shows it";
  }
}
