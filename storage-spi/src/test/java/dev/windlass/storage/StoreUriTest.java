package dev.windlass.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store URI is, sentence by sentence. */
class StoreUriTest {

  private static StoreUri key(String key) {
    return new StoreUri("oss", "bucket", key);
  }

  @Test
  void aUriHasASchemeABucketAndAKey() {
    assertThat(StoreUri.parse("oss://bucket/frames/0001.png"))
        .isEqualTo(new StoreUri("oss", "bucket", "frames/0001.png"));
  }

  @Test
  void aBucketAloneIsAFolder() {
    assertThat(StoreUri.parse("oss://bucket")).isEqualTo(StoreUri.parse("oss://bucket/"));
    assertThat(StoreUri.parse("oss://bucket").isFolder()).isTrue();
  }

  @Test
  void aKeyThatEndsWithASlashNamesAFolderAndAnyOtherAnObject() {
    assertThat(key("a/").isFolder()).isTrue();
    assertThat(key("a").isFolder()).isFalse();
    assertThat(key("a/b").isFolder()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%2Fb", "a?b", "a#b", "a b", "a:b", "a@b:c", "..a", "...", "a."})
  void keysAreLiteral(String text) {
    assertThat(StoreUri.parse("oss://bucket/" + text).key()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bucket/key",
        "oss:/bucket/key",
        "://bucket/key",
        "oss://",
        "oss:///key",
        "OSS://b/k",
        "oss://-bucket/k",
        "oss://.b/k",
        "oss://b\u00fccket/k",
        "1oss://b/k",
        "oss://b c/k"
      })
  void textOfAnotherFormIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> StoreUri.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a",
        "a//b",
        "a//",
        ".",
        "..",
        "./a",
        "../a",
        "a/./b",
        "a/../b",
        "a/.",
        "a/..",
        "a/../",
        "a\u0000b",
        "a\nb",
        "a\u007fb",
        "a\u0085b",
        "\ud83d",
        "\ude00a",
        "a\ud83d/b"
      })
  void aKeyThatADirectoryCouldMisreadIsRefused(String key) {
    assertThatIllegalArgumentException().isThrownBy(() -> key(key));
  }

  @Test
  void aKeyIsMeasuredInBytes() {
    assertThat(key("a".repeat(StoreUri.MAX_KEY_BYTES)).isFolder()).isFalse();
    assertThat(key("\u00e9".repeat(511)).isFolder()).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> key("a".repeat(StoreUri.MAX_KEY_BYTES + 1)));
    assertThatIllegalArgumentException().isThrownBy(() -> key("\u00e9".repeat(512)));
  }

  @Test
  void aUserOrPasswordIsRefusedAndNotRepeated() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreUri.parse("s3://user:secret@bucket/key"))
        .withMessageNotContaining("secret");
  }

  @Test
  void theNameIsTheLastSegment() {
    assertThat(key("a/b").name()).isEqualTo("b");
    assertThat(key("a/b/").name()).isEqualTo("b");
    assertThat(key("a").name()).isEqualTo("a");
    assertThat(key("").name()).isEmpty();
  }

  @Test
  void aFolderResolvesAndRelativizes() {
    assertThat(key("a/").resolve("b/c")).isEqualTo(key("a/b/c"));
    assertThat(key("a/").relativize(key("a/b/c"))).isEqualTo("b/c");
    assertThat(key("").resolve("a")).isEqualTo(key("a"));
  }

  @Test
  void whatIsNotBelowAFolderIsNotRelativized() {
    assertThatIllegalStateException().isThrownBy(() -> key("a").resolve("b"));
    assertThatIllegalArgumentException().isThrownBy(() -> key("a/").resolve(""));
    assertThatIllegalArgumentException().isThrownBy(() -> key("a/").resolve("../b"));
    assertThatIllegalArgumentException().isThrownBy(() -> key("a/").resolve("/b"));
    assertThatIllegalArgumentException().isThrownBy(() -> key("a/").relativize(key("ab")));
  }

  @Test
  void aFolderContainsWhatLiesStrictlyBelowIt() {
    assertThat(key("a/").contains(key("a/b"))).isTrue();
    assertThat(key("a/").contains(key("a/b/"))).isTrue();
    assertThat(key("a/").contains(key("a/"))).isFalse();
    assertThat(key("a/").contains(key("ab"))).isFalse();
    assertThat(key("a").contains(key("a/b"))).as("an object contains nothing").isFalse();
    assertThat(key("").contains(new StoreUri("oss", "other", "a"))).isFalse();
    assertThat(key("").contains(new StoreUri("s3", "bucket", "a"))).isFalse();
  }

  @Test
  void theOrderIsBySchemeThenBucketThenKey() {
    assertThat(
            List.of(
                new StoreUri("oss", "a", "z"),
                new StoreUri("oss", "b", "a-b"),
                new StoreUri("oss", "b", "a/b"),
                new StoreUri("oss", "b", "a0"),
                new StoreUri("s3", "a", "a")))
        .isSorted();
  }
}
