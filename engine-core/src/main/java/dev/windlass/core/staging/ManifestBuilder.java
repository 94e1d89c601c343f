package dev.windlass.core.staging;

import dev.windlass.Manifest;
import dev.windlass.PublishedObject;
import dev.windlass.storage.ObjectInfo;
import java.util.ArrayList;
import java.util.List;

/** Collects what is published, of very many objects only how many and how large. */
final class ManifestBuilder {
  private final List<PublishedObject> objects = new ArrayList<>();
  private long count;
  private long bytes;

  void add(ObjectInfo object) {
    count++;
    bytes += object.size();
    if (objects.size() < Manifest.MOST_KEPT) {
      objects.add(new PublishedObject(object.uri().toString(), object.size(), object.version()));
    }
  }

  Manifest build() {
    return new Manifest(objects, count, bytes);
  }
}
