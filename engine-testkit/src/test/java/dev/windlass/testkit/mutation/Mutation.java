package dev.windlass.testkit.mutation;

import java.util.List;
import java.util.stream.Stream;

/** A defect to be planted in the engine; its name says what the engine then does. */
interface Mutation {

  /**
   * What is planted, and how the simulator tells it.
   *
   * @param promise what a checker must find broken
   * @param world where it finds it; the engine as it is keeps all promises there
   */
  record Defect(Change change, String promise, World world) {

    /** Says whether this is among what was found broken in a run. */
    boolean isToldBy(List<String> violations) {
      return violations.stream().anyMatch(violation -> violation.startsWith(promise + ": "));
    }
  }

  /** In the words of the domain. */
  String name();

  /** What is planted. */
  Defect defect();

  /** All mutations. */
  static Stream<Mutation> all() {
    return Stream.of(
            CoreMutations.values(),
            RecoveryMutations.values(),
            RuntimeMutations.values(),
            SchedulingMutations.values(),
            StoreMutations.values())
        .flatMap(Stream::of);
  }
}
