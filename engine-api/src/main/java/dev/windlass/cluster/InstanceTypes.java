package dev.windlass.cluster;

import dev.windlass.job.Resources;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the names of machine sizes mean, by which a description's {@code InstanceType} asks for
 * capacity.
 *
 * <p>Immutable; safe for any thread.
 */
public final class InstanceTypes {

  /** Holds its sources. */
  private static final String BUILT_IN = "instance-types.txt";

  private final NavigableMap<String, Resources> sizes;

  private InstanceTypes(NavigableMap<String, Resources> sizes) {
    this.sizes = sizes;
  }

  /**
   * No type at all, for hosts that name all of theirs.
   *
   * @return an empty catalogue
   */
  public static InstanceTypes none() {
    return new InstanceTypes(new TreeMap<>());
  }

  /**
   * The common {@code ecs.*} families of the service's cloud: virtual processors count as
   * processors. The sources are named in the file {@code instance-types.txt} beside this class.
   *
   * @return the same types each time
   */
  public static InstanceTypes builtIn() {
    return BuiltIn.TYPES;
  }

  /** Read when it is first asked for. */
  private static final class BuiltIn {
    static final InstanceTypes TYPES = new InstanceTypes(read());

    private static NavigableMap<String, Resources> read() {
      NavigableMap<String, Resources> sizes = new TreeMap<>();
      try (InputStream in = InstanceTypes.class.getResourceAsStream(BUILT_IN);
          BufferedReader lines =
              new BufferedReader(
                  new InputStreamReader(
                      Objects.requireNonNull(in, BUILT_IN), StandardCharsets.UTF_8))) {
        lines
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .forEach(line -> addFamily(line, sizes));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return sizes;
    }

    private static void addFamily(String line, NavigableMap<String, Resources> sizes) {
      String[] words = line.split(" ", -1);
      for (int i = 1; i < words.length; i++) {
        String[] size = words[i].split("=", -1);
        String name = words[0] + size[0];
        if (sizes.put(name, resources(size[1].split("/", -1))) != null) {
          throw new IllegalStateException(name + " stands twice in " + BUILT_IN);
        }
      }
    }

    private static Resources resources(String[] parts) {
      int gpus = parts.length > 2 ? Integer.parseInt(parts[2]) : 0;
      return new Resources(Long.parseLong(parts[0]) * 1000, Long.parseLong(parts[1]) << 30, gpus);
    }
  }

  /**
   * These types and one more, or one of them with another meaning.
   *
   * @param name the type's; not empty
   * @param size what a machine of this type has; more than 0 processors
   * @return a new catalogue
   * @throws IllegalArgumentException if the name is empty, or there is no processor
   */
  public InstanceTypes with(String name, Resources size) {
    Objects.requireNonNull(size, "size");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("an instance type is not empty");
    }
    if (size.cpuMillis() == 0) {
      throw new IllegalArgumentException("a machine of type '" + name + "' has a processor");
    }
    NavigableMap<String, Resources> more = new TreeMap<>(sizes);
    more.put(name, size);
    return new InstanceTypes(more);
  }

  /**
   * The same names, each with no more of any part than one machine has. For trying descriptions on
   * a host that is smaller than what they were written for.
   *
   * @param machine what there is
   * @return a new catalogue
   */
  public InstanceTypes atMost(Resources machine) {
    NavigableMap<String, Resources> cut = new TreeMap<>();
    sizes.forEach((name, size) -> cut.put(name, size.atMost(machine)));
    return new InstanceTypes(cut);
  }

  /**
   * What a type has.
   *
   * @param name the type's
   * @return empty if there is no such type
   */
  public Optional<Resources> find(String name) {
    return Optional.ofNullable(sizes.get(Objects.requireNonNull(name, "name")));
  }

  /**
   * All names.
   *
   * @return in alphabetical order; cannot be changed
   */
  public NavigableSet<String> names() {
    return Collections.unmodifiableNavigableSet(sizes.navigableKeySet());
  }
}
