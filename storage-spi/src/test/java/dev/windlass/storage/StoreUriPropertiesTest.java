package dev.windlass.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for all store URIs. */
class StoreUriPropertiesTest {

  @Property
  void whatIsPrintedIsReadBack(@ForAll("keys") String key) {
    StoreUri uri = new StoreUri("oss", "bucket", key);
    assertThat(StoreUri.parse(uri.toString())).isEqualTo(uri);
  }

  @Property
  void anyTextIsAUriOrRefused(@ForAll String text) {
    try {
      StoreUri uri = StoreUri.parse("oss://bucket/" + text);
      assertThat(uri.key()).isEqualTo(text);
      assertThat(text).doesNotContain("//").doesNotContain("\u0000");
      assertThat(text.split("/", -1)).doesNotContain(".", "..");
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  @Property
  void resolvingIsUndoneByRelativizing(
      @ForAll("keys") String folder, @ForAll("keys") String relative) {
    StoreUri start = new StoreUri("oss", "bucket", folder + "/");
    StoreUri end = start.resolve(relative);
    assertThat(start.contains(end)).isTrue();
    assertThat(start.relativize(end)).isEqualTo(relative);
  }

  @Property
  void keysAreInTheOrderOfTheirUtf8Bytes(
      @ForAll("keys") String left, @ForAll("keys") String right) {
    int byBytes =
        Arrays.compareUnsigned(
            left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    assertThat(Integer.signum(StoreUri.keyOrder().compare(left, right)))
        .isEqualTo(Integer.signum(byBytes));
    assertThat(
            Integer.signum(
                new StoreUri("oss", "b", left).compareTo(new StoreUri("oss", "b", right))))
        .isEqualTo(Integer.signum(byBytes));
  }

  @Provide
  Arbitrary<String> keys() {
    // Few characters, so that keys share beginnings; from each length of UTF-8.
    Arbitrary<String> names =
        Arbitraries.of("a", "-", "0", "\u00e9", "\uff41", "\ud7ff", "\ue000", "\ud83d\ude00")
            .list()
            .ofMinSize(1)
            .ofMaxSize(4)
            .map(parts -> String.join("", parts));
    return names
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(n -> n.stream().collect(Collectors.joining("/")));
  }
}
