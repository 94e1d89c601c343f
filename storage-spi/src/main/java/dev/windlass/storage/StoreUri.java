package dev.windlass.storage;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of an object or a folder in a store, such as {@code oss://bucket/frames/0001.png}.
 *
 * <p>Three parts: a scheme, a bucket and a key. As in the service's descriptions the text is
 * literal: nothing is percent-decoded, and {@code ?} and {@code #} are ordinary characters of a
 * key. A key that is empty or ends with {@code /} names a <em>folder</em>, that is every object
 * whose key starts with it; any other key names one <em>object</em>.
 *
 * <p>A {@code StoreUri} never holds what a directory could misread: no empty segment ({@code
 * a//b}), no {@code .} or {@code ..}, no control character, and at most {@value #MAX_KEY_BYTES}
 * bytes of key. So a storage may map a key to a path segment by segment. It never holds credentials
 * either; text with a user or password before the bucket is refused and the message does not repeat
 * it.
 *
 * <p>Immutable; equality is by the three parts, order is that of listings.
 *
 * @param scheme lower-case name of the kind of store, never empty, such as {@code oss} or {@code
 *     s3}
 * @param bucket letters, digits, {@code .}, {@code _} and {@code -}; never empty
 * @param key the rest, without a leading {@code /}; empty for the bucket itself
 */
public record StoreUri(String scheme, String bucket, String key) implements Comparable<StoreUri> {

  /** Longest key in bytes of UTF-8; the limit of OSS and of S3 (their object naming rules). */
  public static final int MAX_KEY_BYTES = 1023;

  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]{0,31}");
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");

  /**
   * Checks the three parts.
   *
   * @throws IllegalArgumentException if a part breaks a rule above; the message names the rule
   */
  public StoreUri {
    Objects.requireNonNull(scheme, "scheme");
    Objects.requireNonNull(bucket, "bucket");
    Objects.requireNonNull(key, "key");
    require(SCHEME.matcher(scheme).matches(), "a scheme matches " + SCHEME.pattern());
    require(BUCKET.matcher(bucket).matches(), "a bucket matches " + BUCKET.pattern());
    checkKey(key);
  }

  /**
   * Reads a URI from text.
   *
   * @param text such as {@code oss://bucket/key}
   * @return the parts; never null
   * @throws IllegalArgumentException if the text is not a store URI; the message says which rule it
   *     breaks and, where the text may hold a secret, does not repeat it
   */
  public static StoreUri parse(String text) {
    int schemeEnd = text.indexOf("://");
    require(schemeEnd > 0, "a store URI has the form scheme://bucket/key");
    String rest = text.substring(schemeEnd + 3);
    int bucketEnd = rest.indexOf('/');
    String bucket = bucketEnd < 0 ? rest : rest.substring(0, bucketEnd);
    require(
        bucket.indexOf('@') < 0,
        "a store URI holds no user name or password; configure credentials on the storage");
    require(!bucket.isEmpty(), "a store URI names a bucket: scheme://bucket/key");
    return new StoreUri(
        text.substring(0, schemeEnd), bucket, bucketEnd < 0 ? "" : rest.substring(bucketEnd + 1));
  }

  /**
   * Says whether this names a folder rather than one object.
   *
   * @return true if the key is empty or ends with {@code /}
   */
  public boolean isFolder() {
    return key.isEmpty() || key.endsWith("/");
  }

  /**
   * The last segment of the key, without a trailing {@code /}.
   *
   * @return the name; empty for a bucket
   */
  public String name() {
    String trimmed = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
    return trimmed.substring(trimmed.lastIndexOf('/') + 1);
  }

  /**
   * The object or folder at a relative key below this folder.
   *
   * @param relativeKey such as {@code parts/0.txt}; not empty, no leading {@code /}
   * @return this folder's URI followed by the relative key
   * @throws IllegalStateException if this is not a folder
   * @throws IllegalArgumentException if the result would break a rule of keys
   */
  public StoreUri resolve(String relativeKey) {
    if (!isFolder()) {
      throw new IllegalStateException(this + " names an object, not a folder");
    }
    require(!relativeKey.isEmpty(), "a relative key is not empty");
    return new StoreUri(scheme, bucket, key + relativeKey);
  }

  /**
   * The key of an object relative to this folder.
   *
   * @param object an object below this folder
   * @return its key without this folder's
   * @throws IllegalArgumentException if the object is not below this folder
   */
  public String relativize(StoreUri object) {
    require(contains(object), object + " is not below " + this);
    return object.key.substring(key.length());
  }

  /**
   * Says whether an object or folder lies strictly below this folder.
   *
   * @param other any URI
   * @return true if this is a folder of the same bucket and the other's key starts with this key
   *     and goes on
   */
  public boolean contains(StoreUri other) {
    return isFolder()
        && scheme.equals(other.scheme)
        && bucket.equals(other.bucket)
        && other.key.length() > key.length()
        && other.key.startsWith(key);
  }

  /**
   * The order of listings: by the keys' bytes in UTF-8, which is the order of code points. Plain
   * comparison of strings differs from it beyond U+FFFF.
   *
   * @return an order of keys, or of parts of keys
   */
  public static Comparator<String> keyOrder() {
    return StoreUri::compareKeys;
  }

  private static int compareKeys(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        // A surrogate stands for a code point above all that one char can be.
        boolean sameKind = Character.isSurrogate(a) == Character.isSurrogate(b);
        return sameKind ? Character.compare(a, b) : Character.isSurrogate(a) ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  /** Compares by scheme, then bucket, then key; keys as listings do ({@link #keyOrder}). */
  @Override
  public int compareTo(StoreUri other) {
    int byScheme = scheme.compareTo(other.scheme);
    if (byScheme != 0) {
      return byScheme;
    }
    int byBucket = bucket.compareTo(other.bucket);
    return byBucket != 0 ? byBucket : compareKeys(key, other.key);
  }

  /** The text that {@link #parse} reads back to an equal URI. */
  @Override
  public String toString() {
    return scheme + "://" + bucket + "/" + key;
  }

  private static void checkKey(String key) {
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      require(!Character.isISOControl(c), "a key holds no control character");
      require(!isLoneSurrogate(key, i), "a key is well-formed Unicode");
    }
    require(
        key.getBytes(StandardCharsets.UTF_8).length <= MAX_KEY_BYTES,
        "a key has at most " + MAX_KEY_BYTES + " bytes");
    if (key.isEmpty()) {
      return;
    }
    String[] segments = key.split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      boolean trailing = i == segments.length - 1 && i > 0;
      require(
          trailing || !segments[i].isEmpty(), "a key has no empty segment ('//' or a leading '/')");
      require(
          !segments[i].equals(".") && !segments[i].equals(".."),
          "a key has no segment '.' or '..'");
    }
  }

  private static boolean isLoneSurrogate(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
