package dev.windlass.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a store holds, as a map: the judge of random histories. */
final class StorageModel {

  private final NavigableMap<String, Stored> objects = new TreeMap<>(StoreUri.keyOrder());

  /** All versions a key has ever had: none may come back. */
  private final Map<String, Set<String>> versions = new HashMap<>();

  void put(String key, String content, ObjectInfo info) {
    assertThat(versions.computeIfAbsent(key, k -> new HashSet<>()).add(info.version()))
        .as("a new version of '%s'", key)
        .isTrue();
    objects.put(key, new Stored(content, info));
  }

  void remove(String key) {
    objects.remove(key);
  }

  Optional<ObjectInfo> info(String key) {
    return Optional.ofNullable(objects.get(key)).map(Stored::info);
  }

  String content(String key) {
    return Optional.ofNullable(objects.get(key)).map(Stored::content).orElse("");
  }

  List<ObjectInfo> all() {
    return objects.values().stream().map(Stored::info).toList();
  }

  void compare(StorageTrial trial) {
    assertThat(StorageTrial.listAll(trial.storage, trial.folder, 1_000)).isEqualTo(all());
    objects.forEach((key, stored) -> assertThat(trial.content(key)).isEqualTo(stored.content()));
  }

  /**
   * A store may refuse the name of a folder for an object, the reverse, and what it cannot keep
   * apart.
   */
  boolean mayRefuse(String key) {
    return objects.keySet().stream()
        .filter(other -> !other.equals(key))
        .anyMatch(other -> collide(fold(key), fold(other)));
  }

  private static boolean collide(String key, String other) {
    // Folders that differ in case only collide, too: below 'A/' there is no place beside 'a/'.
    String start = key.substring(0, (key + "/").indexOf('/'));
    String otherStart = other.substring(0, (other + "/").indexOf('/'));
    return start.equals(otherStart);
  }

  private static String fold(String key) {
    String upper = Normalizer.normalize(key, Normalizer.Form.NFD).toUpperCase(Locale.ROOT);
    return upper.toLowerCase(Locale.ROOT);
  }

  /** A store that refused a name need not answer questions about it either. */
  void assertMayNotBeAsked(String key, StorageException refusal) {
    assertThat(refusal.code()).isEqualTo(Code.INVALID_NAME);
    assertThat(objects.containsKey(key)).as("'%s' was written", key).isFalse();
  }

  private record Stored(String content, ObjectInfo info) {}
}
