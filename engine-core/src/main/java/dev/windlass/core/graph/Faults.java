package dev.windlass.core.graph;

import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Collects what is wrong with one description, at most {@value #MAX_LISTED} faults and a last one
 * that says that there are more. Not for use by several threads at once.
 */
public final class Faults {

  /** Most faults that are listed; whoever has more needs a program to read them. */
  public static final int MAX_LISTED = 1_000;

  /**
   * Most faults that guess what was meant: among thousands of names each guess takes milliseconds.
   */
  private static final int MAX_HINTS = 20;

  private final List<Fault> faults = new ArrayList<>();
  private int hints;
  private boolean full;

  /**
   * Adds a fault. A value that could hold credentials is left out.
   *
   * @param code the kind
   * @param path where
   * @param value what stands there; empty if there is nothing or it is not to be shown
   * @param rule what must hold
   */
  public void add(ErrorCode code, FieldPath path, String value, String rule) {
    if (hasRoom()) {
      faults.add(new Fault(code, path.toString(), Shown.value(value), rule));
    }
  }

  /**
   * Adds faults found elsewhere.
   *
   * @param found in their order
   */
  public void addAll(List<Fault> found) {
    for (Fault fault : found) {
      if (hasRoom()) {
        faults.add(fault);
      }
    }
  }

  /**
   * Makes a value with the checks of its own type; what they refuse becomes a fault with their
   * message as the rule.
   *
   * @param code the kind of fault
   * @param path where the value stands
   * @param value what stands there, as to be shown
   * @param make makes it
   * @return the value, or empty if it was refused
   * @param <T> the type
   */
  public <T> Optional<T> accept(ErrorCode code, FieldPath path, String value, Supplier<T> make) {
    try {
      return Optional.of(make.get());
    } catch (IllegalArgumentException refusal) {
      add(code, path, value, ruleOf(refusal));
      return Optional.empty();
    }
  }

  /**
   * Guesses what was meant by a name that is not there.
   *
   * @param typed the name
   * @param known the names that are there
   * @return half a sentence to put behind the rule, such as {@code "; did you mean 'Timeout'?"};
   *     empty if no name is near, or so many guesses were made that one more helps nobody
   */
  public String hint(String typed, Collection<String> known) {
    if (hints == MAX_HINTS) {
      return "";
    }
    hints++;
    return NearestName.of(typed, known).map(name -> "; did you mean '" + name + "'?").orElse("");
  }

  /**
   * Says whether nothing is wrong so far.
   *
   * @return true if there is no fault
   */
  public boolean isEmpty() {
    return faults.isEmpty();
  }

  /**
   * Says whether more faults would not be listed, so that looking for them is of no use.
   *
   * @return true if the list is full
   */
  public boolean isFull() {
    return full;
  }

  /**
   * The faults.
   *
   * @return in the order in which they were found; immutable
   */
  public List<Fault> list() {
    return List.copyOf(faults);
  }

  private boolean hasRoom() {
    if (faults.size() == MAX_LISTED && !full) {
      full = true;
      String rule = "there are more faults; only the first " + MAX_LISTED + " are listed";
      faults.add(new Fault(ErrorCode.LIMIT, FieldPath.ROOT.toString(), "", rule));
    }
    return !full;
  }

  /** The fault shows the value itself, so that the message need not repeat it. */
  private static String ruleOf(IllegalArgumentException refusal) {
    String message = String.valueOf(refusal.getMessage());
    int value = message.lastIndexOf(", was ");
    return value < 0 ? message : message.substring(0, value);
  }
}
