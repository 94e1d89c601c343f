package dev.windlass.core.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskTest {

  @ParameterizedTest
  @CsvSource({
    "sesame, open sesame!, open ******!",
    "sesame, sesamesesame, ************",
    "sesame, sesam, sesam",
    "abab, ababab, ******",
    "käse, ein käse, ein *****",
    "abc, too short abc, too short abc",
  })
  void writesOverEachByteOfWhatIsSecret(String secret, String text, String masked) {
    assertThat(Mask.of(List.of(secret)).text(text)).isEqualTo(masked);
  }

  @Test
  void ofTwoThatBeginAlikeTheLongerIsMaskedWhole() {
    Mask mask = Mask.of(List.of("sesame", "sesame street"));
    assertThat(mask.text("to sesame street, sesame")).isEqualTo("to *************, ******");
  }

  @Test
  void linesOfAKeyAreMaskedEach() {
    Mask mask = Mask.of(List.of("BEGIN KEY\nMIIEvQ\nEND KEY\n"));
    assertThat(mask.text("> MIIEvQ\n> END KEY")).isEqualTo("> ******\n> *******");
  }

  @Test
  void masksNothingIfThereIsNothing() {
    assertThat(Mask.NONE.text("sesame")).isEqualTo("sesame");
    assertThat(Mask.of(List.of("", "abc", "a\nb")).isEmpty()).isTrue();
  }

  /** Of two letters, so that values overlap each other, themselves and the ends of what is read. */
  @Provide
  Arbitrary<String> values() {
    return Arbitraries.strings().withChars("ab").ofMinLength(4).ofMaxLength(7);
  }

  @Provide
  Arbitrary<String> logs() {
    return Arbitraries.strings().withChars("ab").ofMaxLength(200);
  }

  @Property
  void aStreamIsMaskedHoweverItIsRead(
      @ForAll("logs") String log,
      @ForAll("values") String one,
      @ForAll("values") String other,
      @ForAll Random random)
      throws IOException {
    Mask mask = Mask.of(List.of(one, other));
    try (InputStream masked = new MaskedStream(new Torn(log, random), mask)) {
      assertThat(new String(masked.readAllBytes(), StandardCharsets.US_ASCII))
          .isEqualTo(expected(log, one, other));
    }
  }

  @Property
  void fromAPositionOnItIsMaskedAsFromTheBeginning(
      @ForAll("logs") String log,
      @ForAll("values") String one,
      @ForAll("values") String other,
      @ForAll Random random)
      throws IOException {
    Mask mask = Mask.of(List.of(one, other));
    int position = random.nextInt(log.length() + 1);
    int begin = Math.max(0, position - mask.longest());
    try (InputStream masked =
        new MaskedStream(new Torn(log.substring(begin), random), mask, position - begin)) {
      assertThat(new String(masked.readAllBytes(), StandardCharsets.US_ASCII))
          .isEqualTo(expected(log, one, other).substring(position));
    }
  }

  private static String expected(String log, String... secrets) {
    byte[] masked = log.getBytes(StandardCharsets.US_ASCII);
    for (String secret : secrets) {
      for (int at = log.indexOf(secret); at >= 0; at = log.indexOf(secret, at + 1)) {
        Arrays.fill(masked, at, at + secret.length(), (byte) '*');
      }
    }
    return new String(masked, StandardCharsets.US_ASCII);
  }

  /** Gives some bytes at a time. */
  private static final class Torn extends ByteArrayInputStream {
    private final Random random;

    Torn(String text, Random random) {
      super(text.getBytes(StandardCharsets.US_ASCII));
      this.random = random;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
      return super.read(target, offset, Math.min(length, 1 + random.nextInt(9)));
    }
  }

  @Test
  void whatCannotBecomeASecretIsShownAtOnce() throws IOException {
    try (InputStream masked =
        new MaskedStream(new Endless("waiting for ses"), Mask.of(List.of("sesame")))) {
      byte[] shown = new byte[100];
      assertThat(new String(shown, 0, masked.read(shown), StandardCharsets.US_ASCII))
          .isEqualTo("waiting for ");
    }
  }

  /** Gives a text, and would then wait. */
  private static final class Endless extends InputStream {
    private final byte[] text;
    private boolean given;

    Endless(String text) {
      this.text = text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int read() {
      throw new AssertionError("read by the byte");
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (given) {
        throw new AssertionError("waits for more than is needed");
      }
      given = true;
      System.arraycopy(text, 0, target, offset, text.length);
      return text.length;
    }
  }

  @Test
  void aFileIsMaskedInItsPlaceWhereverItIsCut(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("stdout");
    String secret = "open sesame";
    StringBuilder log = new StringBuilder();
    for (int line = 0; line < 20_000; line++) {
      log.append(line).append(line % 3 == 0 ? secret : "-").append('\n');
    }
    Files.writeString(file, log);
    Mask.of(List.of(secret)).file(file);
    assertThat(file).hasContent(log.toString().replace(secret, "***********"));
  }

  @Test
  void aLinkIsNotFollowed(@TempDir Path directory) throws IOException {
    Path target = Files.writeString(directory.resolve("target"), "sesame");
    Path link = Files.createSymbolicLink(directory.resolve("stdout"), target);
    assertThat(catchThrowable(() -> Mask.of(List.of("sesame")).file(link)))
        .isInstanceOf(IOException.class);
    assertThat(target).hasContent("sesame");
  }
}
