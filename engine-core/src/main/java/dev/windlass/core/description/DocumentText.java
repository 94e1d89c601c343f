package dev.windlass.core.description;

import dev.windlass.core.graph.Faults;
import dev.windlass.core.graph.FieldPath;
import dev.windlass.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The text of a document before anything is known of it: its size and its characters. */
final class DocumentText {

  /** Largest document in bytes of UTF-8; of a string, in characters. */
  static final int MAX_SIZE = 16 << 20;

  private DocumentText() {}

  /** The text, unless it is too large. */
  static Optional<String> check(String text, Faults faults) {
    return text.length() > MAX_SIZE ? refuseSize(faults) : Optional.of(text);
  }

  /**
   * The text of a stream of UTF-8, read to its end unless it is too large. The stream is not
   * closed.
   */
  static Optional<String> read(InputStream in, Faults faults) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(in.readNBytes(MAX_SIZE + 1));
    if (bytes.remaining() > MAX_SIZE) {
      return refuseSize(faults);
    }
    CharBuffer text = CharBuffer.allocate(bytes.remaining());
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(bytes, text, true);
    if (result.isError()) {
      String rule = "a document is UTF-8, and this ends to be at byte " + (bytes.position() + 1);
      faults.add(ErrorCode.MALFORMED, FieldPath.ROOT, "", rule);
      return Optional.empty();
    }
    return Optional.of(text.flip().toString());
  }

  /** Says whether there is no NUL, and each surrogate stands in a pair. */
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\0' || Character.isLowSurrogate(c)) {
        return false;
      }
      if (Character.isHighSurrogate(c)) {
        i++;
        if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }

  private static Optional<String> refuseSize(Faults faults) {
    String rule = "a document has at most " + MAX_SIZE + " bytes";
    faults.add(ErrorCode.LIMIT, FieldPath.ROOT, "", rule);
    return Optional.empty();
  }
}
