package dev.windlass.core.staging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes an asterisk over each byte of what is secret, wherever it stands as it is. Nothing moves,
 * so a reader that is in the midst of a log goes on at the same position after the log was masked.
 *
 * <p>A value of several lines is found line by line too, since programs print and quote lines. What
 * is shorter than {@value #SHORTEST_BYTES} bytes is not looked for: it would be found everywhere,
 * and where it was masked would tell it. What a program has encoded or cut cannot be recognised.
 *
 * <p>Immutable.
 */
public final class Mask {
  /** Masks nothing. */
  public static final Mask NONE = new Mask(List.of());

  private static final int SHORTEST_BYTES = 4;
  private static final byte ASTERISK = '*';
  private static final int CHUNK_BYTES = 1 << 16;

  /** The longest first, so that of two that begin alike the longer is masked whole. */
  private final List<byte[]> secrets;

  /** The bytes with which one of them begins. */
  private final BitSet first = new BitSet(256);

  private Mask(List<byte[]> secrets) {
    this.secrets = secrets;
    secrets.forEach(secret -> first.set(secret[0] & 0xff));
  }

  /** A mask over these values. */
  public static Mask of(Collection<String> values) {
    Set<String> texts = new LinkedHashSet<>(values);
    values.forEach(value -> value.lines().forEach(texts::add));
    List<byte[]> secrets =
        texts.stream()
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .filter(bytes -> bytes.length >= SHORTEST_BYTES)
            .sorted(Comparator.comparingInt((byte[] bytes) -> bytes.length).reversed())
            .toList();
    return secrets.isEmpty() ? NONE : new Mask(secrets);
  }

  /** Whether there is nothing to mask. */
  public boolean isEmpty() {
    return secrets.isEmpty();
  }

  /** How many bytes the longest that is secret has; 0 if there is nothing to mask. */
  public int longest() {
    return secrets.isEmpty() ? 0 : secrets.get(0).length;
  }

  /** The text without what is secret. */
  public String text(String text) {
    if (isEmpty()) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] masked = bytes.clone();
    apply(bytes, masked, bytes.length);
    return new String(masked, StandardCharsets.UTF_8);
  }

  /**
   * Masks what lies whole among the first bytes.
   *
   * @param bytes as they are; stay so, since two that are secret may overlap
   * @param masked the same bytes, in which it is written over
   * @param length how many of them
   */
  void apply(byte[] bytes, byte[] masked, int length) {
    for (int at = 0; at < length; at++) {
      if (first.get(bytes[at] & 0xff)) {
        int end = at + longestAt(bytes, at, length);
        Arrays.fill(masked, at, end, ASTERISK);
      }
    }
  }

  /** The length of the longest that stands there whole; 0 if none does. */
  private int longestAt(byte[] bytes, int at, int length) {
    for (byte[] secret : secrets) {
      int end = at + secret.length;
      if (end <= length && Arrays.equals(bytes, at, end, secret, 0, secret.length)) {
        return secret.length;
      }
    }
    return 0;
  }

  /**
   * How many of the first bytes, counted from their end, may be the beginning of what is secret,
   * and cannot be shown before it is known how they go on.
   */
  int undecided(byte[] bytes, int length) {
    for (int at = Math.max(0, length - longest() + 1); at < length; at++) {
      if (first.get(bytes[at] & 0xff) && mayBegin(bytes, at, length)) {
        return length - at;
      }
    }
    return 0;
  }

  private boolean mayBegin(byte[] bytes, int at, int length) {
    int known = length - at;
    return secrets.stream()
        .anyMatch(
            secret -> secret.length > known && Arrays.equals(bytes, at, length, secret, 0, known));
  }

  /**
   * Masks a file in its place; it keeps its length. Nobody writes to it meanwhile.
   *
   * @param file not followed if it is a link
   * @throws IOException if it cannot be read or written; then it is not masked, or in part
   */
  void file(Path file) throws IOException {
    if (isEmpty()) {
      return;
    }
    // What is written never overtakes what is read.
    try (FileChannel to =
            FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        MaskedStream from =
            new MaskedStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), this)) {
      byte[] bytes = new byte[CHUNK_BYTES];
      long position = 0;
      for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
        if (from.isMasking()) {
          write(to, ByteBuffer.wrap(bytes, 0, count), position);
        }
        position += count;
      }
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes, position + bytes.position());
    }
  }
}
