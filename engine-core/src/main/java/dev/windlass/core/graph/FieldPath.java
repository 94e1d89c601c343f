package dev.windlass.core.graph;

import org.jspecify.annotations.Nullable;

/**
 * Where something stands in a description, in the words of its JSON format, such as {@code
 * $.DAG.Tasks.count.InputMapping["oss://bucket/key"]}.
 *
 * <p>Cheap to extend; the text is made only for a fault. A key that could hold credentials is not
 * repeated. Immutable.
 */
public final class FieldPath {

  /** Longest key that is repeated in full. */
  private static final int MAX_KEY_LENGTH = 120;

  /** The document itself, {@code $}. */
  public static final FieldPath ROOT = new FieldPath(null, "", -1);

  private final @Nullable FieldPath parent;
  private final String key;
  private final int index;

  private FieldPath(@Nullable FieldPath parent, String key, int index) {
    this.parent = parent;
    this.key = key;
    this.index = index;
  }

  /**
   * The path of a task.
   *
   * @param name the task's name
   * @return its path
   */
  public static FieldPath task(String name) {
    return ROOT.field("DAG").field("Tasks").field(name);
  }

  /**
   * The path of a member of the object at this path.
   *
   * @param name the member's key
   * @return its path
   */
  public FieldPath field(String name) {
    return new FieldPath(this, name, -1);
  }

  /**
   * The path of an element of the array at this path.
   *
   * @param position from 0
   * @return its path
   */
  public FieldPath element(int position) {
    return new FieldPath(this, "", position);
  }

  /** The path as text. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    appendTo(text);
    return text.toString();
  }

  private void appendTo(StringBuilder text) {
    if (parent == null) {
      text.append('$');
      return;
    }
    parent.appendTo(text);
    if (index >= 0) {
      text.append('[').append(index).append(']');
    } else if (isPlain(key)) {
      text.append('.').append(key);
    } else {
      text.append("[\"").append(Shown.key(key, MAX_KEY_LENGTH)).append("\"]");
    }
  }

  private static boolean isPlain(String key) {
    return !key.isEmpty()
        && key.length() <= MAX_KEY_LENGTH
        && key.chars().allMatch(FieldPath::isPlain);
  }

  private static boolean isPlain(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
