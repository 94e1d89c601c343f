package dev.windlass.core.staging;

import dev.windlass.LogBound;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A log of which only both ends are kept: the head, a line that says how much is left out, the
 * tail.
 *
 * <p>Its readers count in bytes of what the program wrote, so that one who read while the program
 * ran can go on here. What is left out stands where that line does.
 *
 * @param head how many bytes of the beginning are kept
 * @param leftOut how many bytes are left out behind them; more than 0
 */
public record ShortLog(long head, long leftOut) {
  private static final Pattern NOTE =
      Pattern.compile("^\n\\.\\.\\. (\\d{1,18}) bytes left out \\.\\.\\.\n");

  /** As long as a note can be. */
  public static final int LONGEST_NOTE = note(999_999_999_999_999_999L).length;

  private static final String UNFINISHED = ".short";

  private static byte[] note(long leftOut) {
    return ("\n... " + leftOut + " bytes left out ...\n").getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Recognises a log that was shortened.
   *
   * @param behindHead what follows them, up to {@link #LONGEST_NOTE}
   * @return how many bytes were left out; empty if none were
   */
  public static OptionalLong leftOut(byte[] behindHead) {
    Matcher note = NOTE.matcher(new String(behindHead, StandardCharsets.ISO_8859_1));
    return note.find() ? OptionalLong.of(Long.parseLong(note.group(1))) : OptionalLong.empty();
  }

  /**
   * Where to go on reading.
   *
   * @param position in bytes of what the program wrote
   * @return in bytes of what is kept; in what is left out, the line that says so
   */
  public long kept(long position) {
    if (position <= head) {
      return position;
    }
    long end = head + leftOut;
    return position < end ? head : position - leftOut + note(leftOut).length;
  }

  /**
   * Shortens a file that nobody writes to any more. Whoever has it open reads the whole of it to
   * its end. Idempotent; leaves the file as it was if that fails.
   *
   * @param file not followed if it is a link
   * @throws IOException if it cannot be done
   */
  static void shorten(Path file, LogBound bound) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    long size = Files.size(file);
    long head = bound.headBytes();
    long leftOut = size - head - bound.tailBytes();
    // Also so that one that was shortened is not shortened again.
    if (head >= size || leftOut <= LONGEST_NOTE) {
      return;
    }
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    Files.deleteIfExists(unfinished);
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      copy(from, 0, head, to);
      ByteBuffer note = ByteBuffer.wrap(note(leftOut));
      while (note.hasRemaining()) {
        to.write(note);
      }
      copy(from, head + leftOut, size - head - leftOut, to);
      to.force(false);
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void copy(FileChannel from, long position, long count, FileChannel to)
      throws IOException {
    for (long copied = 0; copied < count; ) {
      long more = from.transferTo(position + copied, count - copied, to);
      if (more <= 0) {
        throw new IOException("the log ends before its end");
      }
      copied += more;
    }
  }
}
