package dev.windlass.core.graph;

import dev.windlass.error.ErrorCode;
import dev.windlass.job.Mapping;
import dev.windlass.job.Mapping.Direction;
import dev.windlass.storage.StoreUri;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What must hold of the mappings of one task: each by itself, and all beside each other. */
final class MappingCheck {

  /** A mapping whose local path is in order. */
  private record Place(FieldPath path, Mapping mapping, LocalPath local) {
    boolean publishes() {
      return mapping.direction() == Direction.OUTPUT || isLog();
    }

    boolean isLog() {
      return mapping.direction() == Direction.LOG;
    }

    boolean contains(Place other) {
      return other.local.key().startsWith(local.key());
    }

    /** A log may be published by itself and with the folder it lies in; all else is ambiguous. */
    boolean clashesWith(Place other) {
      return !(publishes() && other.publishes() && (isLog() || other.isLog()));
    }
  }

  private final FieldPath task;
  private final MappingFields fields;
  private final Faults faults;
  private final List<Place> places = new ArrayList<>();

  MappingCheck(FieldPath task, List<Mapping> mappings, Faults faults) {
    this.task = task;
    this.fields = MappingFields.of(mappings);
    this.faults = faults;
  }

  void run() {
    fields.forEach(task, this::checkOne);
    checkWritableStores();
    checkOverlaps();
  }

  private void checkOne(FieldPath path, Mapping mapping) {
    Optional<StoreUri> store =
        faults.accept(ErrorCode.URI, path, mapping.store(), () -> StoreUri.parse(mapping.store()));
    Optional<LocalPath> local =
        faults.accept(ErrorCode.PATH, path, mapping.local(), () -> new LocalPath(mapping.local()));
    local.ifPresent(place -> places.add(new Place(path, mapping, place)));
    if (store.isPresent() && local.isPresent()) {
      checkPairing(path, mapping, store.get().isFolder(), local.get().isFolder());
    }
  }

  private void checkPairing(FieldPath path, Mapping mapping, boolean storeFolder, boolean folder) {
    boolean fits = folder == storeFolder || (mapping.direction() == Direction.LOG && storeFolder);
    if (!fits) {
      faults.add(
          ErrorCode.CONFLICT,
          path,
          mapping.store() + " and " + mapping.local(),
          "a folder pairs with a folder (both end with '/'), a file with a file; only a log may go"
              + " into a folder");
    }
  }

  /** The format holds the writable inputs in a map by store URI. */
  private void checkWritableStores() {
    Set<String> stores = new HashSet<>();
    for (Mapping mapping : fields.inputs()) {
      if (!stores.add(mapping.store())) {
        faults.add(
            ErrorCode.CONFLICT,
            task.field("InputMapping").field(mapping.store()),
            mapping.local(),
            "an object or folder is mapped writable at one local path only");
      }
    }
  }

  /**
   * Sorted by key, what lies in a folder follows it directly, so that a stack of the folders around
   * sees each clash: one for each mapping, with the innermost folder.
   */
  private void checkOverlaps() {
    places.sort(Comparator.comparing(place -> place.local().key()));
    Deque<Place> around = new ArrayDeque<>();
    for (Place place : places) {
      while (!around.isEmpty() && !around.getFirst().contains(place)) {
        around.pop();
      }
      around.stream()
          .filter(place::clashesWith)
          .findFirst()
          .ifPresent(outer -> addClash(outer, place));
      around.push(place);
    }
  }

  private void addClash(Place outer, Place inner) {
    Mapping one = outer.mapping();
    Mapping other = inner.mapping();
    boolean samePair = one.store().equals(other.store()) && one.local().equals(other.local());
    faults.add(
        ErrorCode.CONFLICT,
        inner.path(),
        other.local(),
        samePair
            ? "the same pair is not mapped twice, nor both read and published"
            : "no mapping lies at or in the local path of another, here " + outer.path());
  }
}
