package dev.windlass.job;

import java.util.Objects;

/**
 * One pairing of a place in a store with a path that the program sees (reference, section 12).
 *
 * <p>A store URI that ends with {@code /} is a folder and pairs with a path that ends with {@code
 * /}; an object pairs with a file. Only {@link Direction#LOG} may send a file into a folder. The
 * texts are checked at submission, where all faults of a description are reported together.
 *
 * @param direction which way the data goes
 * @param store a store URI such as {@code oss://bucket/key}
 * @param local a path, absolute or relative to the program's working directory
 */
public record Mapping(Direction direction, String store, String local) {

  /** Which way the data goes. */
  public enum Direction {
    /** Store to program. Whatever the program does to it, the store never changes. */
    INPUT,
    /** As {@link #INPUT}, and the program may write there; what it writes is forgotten. */
    WRITABLE_INPUT,
    /** Program to store, once the instance has ended well. */
    OUTPUT,
    /** Program to store, however the attempt ended. */
    LOG,
    /**
     * Both ways at once: the program works in the store itself. Needs a storage that offers local
     * paths.
     */
    MOUNT
  }

  /** Checks for null. */
  public Mapping {
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(store, "store");
    Objects.requireNonNull(local, "local");
  }
}
