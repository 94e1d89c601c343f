package dev.windlass.testkit.store;

import java.util.Arrays;

/** The content of a file: bytes that can be written anywhere up to the end, and cut off. */
final class ByteImage {
  private byte[] bytes = new byte[1024];
  private int length;

  int length() {
    return length;
  }

  byte at(int position) {
    return bytes[position];
  }

  /** Writes the first bytes of a text at a position that is at most the length. */
  void put(int position, byte[] text, int count) {
    int end = position + count;
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
    }
    System.arraycopy(text, 0, bytes, position, count);
    length = Math.max(length, end);
  }

  /** Writes one byte at a position that is at most the length. */
  void set(int position, byte value) {
    put(position, new byte[] {value}, 1);
  }

  void truncate(int newLength) {
    length = newLength;
  }

  /** A copy of all bytes from a position on. */
  byte[] from(int position) {
    return Arrays.copyOfRange(bytes, position, length);
  }
}
