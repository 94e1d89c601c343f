package dev.windlass.storage.directory;

import dev.windlass.storage.StoreUri;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * How a page of a listing says where the next one begins: the last key of the page. So pages need
 * no memory between them, survive a restart, and see neither an object twice nor skip one.
 */
final class Marker {

  /** Tells our markers from others', and a later form from this one. */
  private static final String PREFIX = "d1.";

  private Marker() {}

  static String after(StoreUri object) {
    byte[] key = object.key().getBytes(StandardCharsets.UTF_8);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(key);
  }

  /**
   * The key that a marker stands for.
   *
   * @throws IllegalArgumentException if it is not one of ours, or another folder's
   */
  static String read(StoreUri folder, String marker) {
    if (marker.startsWith(PREFIX)) {
      byte[] key = Base64.getUrlDecoder().decode(marker.substring(PREFIX.length()));
      StoreUri object =
          new StoreUri(folder.scheme(), folder.bucket(), new String(key, StandardCharsets.UTF_8));
      if (folder.contains(object) && !object.isFolder()) {
        return object.key();
      }
    }
    throw new IllegalArgumentException("not a marker of a listing of " + folder);
  }
}
