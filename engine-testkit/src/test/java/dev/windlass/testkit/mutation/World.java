package dev.windlass.testkit.mutation;

/**
 * What is simulated, in words that are the same in every class loader.
 *
 * @param name the seed, or the name of the written scenario
 */
public record World(Kind kind, String name) {

  /** What is simulated. */
  public enum Kind {
    /** The scenario of a seed. */
    SEED,
    /** The scenario of a seed with the shipped store. */
    REAL_STORE,
    /** A written scenario, interleaved in many ways. */
    WRITTEN,
    /** A written scenario whose host is killed, at each of its moments. */
    KILLED,
    /** A written scenario whose machine loses its power, at each of its moments. */
    POWER_CUT
  }

  static World seed(long seed) {
    return new World(Kind.SEED, Long.toString(seed));
  }

  static World realStore(long seed) {
    return new World(Kind.REAL_STORE, Long.toString(seed));
  }

  static World written(String scenario) {
    return new World(Kind.WRITTEN, scenario);
  }

  static World killed(String scenario) {
    return new World(Kind.KILLED, scenario);
  }

  static World powerCut(String scenario) {
    return new World(Kind.POWER_CUT, scenario);
  }

  /** The world whose text this is. */
  public static World parse(String text) {
    int colon = text.indexOf(':');
    return new World(Kind.valueOf(text.substring(0, colon)), text.substring(colon + 1));
  }

  /** The seed of a world that has one. */
  public long seed() {
    return Long.parseLong(name);
  }

  boolean hasSeed() {
    return kind == Kind.SEED || kind == Kind.REAL_STORE;
  }

  /** Whether the test of enumerated crashes shows that the engine as it is holds out in it. */
  boolean isEnumerated() {
    return kind == Kind.KILLED || kind == Kind.POWER_CUT;
  }

  /** The same kind of world from another seed. */
  World withSeed(long seed) {
    return new World(kind, Long.toString(seed));
  }

  @Override
  public String toString() {
    return kind + ":" + name;
  }
}
