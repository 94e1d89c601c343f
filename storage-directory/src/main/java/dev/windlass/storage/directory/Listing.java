package dev.windlass.storage.directory;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectPage;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Makes one page of a listing: a walk in the order of whole keys that begins behind the marker.
 *
 * <p>The order of keys is not the order of names. Below {@code a} lie keys that begin with {@code
 * a/}, so as a folder {@code a} comes after {@code a-b} ({@code -} is less than {@code /}) and
 * before {@code a0}; as an object it comes first of all. Which of the two it is takes a look at the
 * file, and to look at all of a large folder for each page would be slow. So names are taken in
 * their own order, and one that turned out to be a folder waits until the next name is beyond it.
 */
final class Listing {

  /** How often a folder is read that changes each time; what was seen in any reading counts. */
  private static final int READINGS = 5;

  private static final Comparator<String> ORDER = StoreUri.keyOrder();

  private final StoreUri folder;
  private final Optional<String> after;
  private final int limit;
  private final List<ObjectInfo> found = new ArrayList<>();

  Listing(StoreUri folder, Optional<String> after, int limit) {
    this.folder = folder;
    this.after = after;
    this.limit = limit;
  }

  /** Walks the folder, which is the one that was asked for. */
  ObjectPage page(Folder start) throws IOException {
    walk(start, folder.key());
    if (found.size() <= limit) {
      return new ObjectPage(found, Optional.empty());
    }
    List<ObjectInfo> page = found.subList(0, limit);
    return new ObjectPage(page, Optional.of(Marker.after(page.get(limit - 1).uri())));
  }

  /** One more than asked for tells whether another page follows. */
  private boolean isFull() {
    return found.size() > limit;
  }

  private void walk(Folder here, String prefix) throws IOException {
    PriorityQueue<Entry> waiting = new PriorityQueue<>(Comparator.comparing(Entry::key, ORDER));
    for (String name : sortedNames(here, prefix)) {
      visitBefore(Optional.of(prefix + name), waiting, here);
      if (isFull()) {
        return;
      }
      look(here, prefix, name).ifPresent(waiting::add);
    }
    visitBefore(Optional.empty(), waiting, here);
  }

  private void visitBefore(Optional<String> bound, PriorityQueue<Entry> waiting, Folder here)
      throws IOException {
    while (!isFull() && !waiting.isEmpty() && waiting.peek().isBefore(bound)) {
      visit(waiting.remove(), here);
    }
  }

  private void visit(Entry entry, Folder here) throws IOException {
    if (entry.state().isPresent()) {
      if (after.isEmpty() || ORDER.compare(entry.key(), after.get()) > 0) {
        found.add(entry.state().get().describe(uriOf(entry.key())));
      }
      return;
    }
    try (Folder child = here.openFolder(entry.name())) {
      walk(child, entry.key());
    } catch (NoSuchFileException e) {
      // Removed since we read its name; then nothing in it existed throughout.
    }
  }

  private static Optional<Entry> look(Folder here, String prefix, String name) throws IOException {
    // The interrupt flag alone would not end a walk that finds nothing to read.
    if (Thread.currentThread().isInterrupted()) {
      throw new ClosedByInterruptException();
    }
    Optional<FileState> state = here.state(name);
    if (state.isPresent()) {
      return Optional.of(new Entry(name, prefix + name, state));
    }
    return here.attributes(name)
        .filter(BasicFileAttributes::isDirectory)
        .map(isFolder -> new Entry(name, prefix + name + "/", Optional.empty()));
  }

  /** The names that can lead beyond the marker, in the order of their bytes. */
  private List<String> sortedNames(Folder here, String prefix) throws IOException {
    List<String> names = new ArrayList<>(readNames(here));
    if (after.isPresent() && after.get().startsWith(prefix)) {
      String behind = after.get().substring(prefix.length());
      // '0' comes right after '/': all keys at or below a name are less than the name and a '0'.
      names.removeIf(
          name -> ORDER.compare(name, behind) < 0 && ORDER.compare(name + "0", behind) <= 0);
    }
    names.sort(ORDER);
    return names;
  }

  /**
   * Reads a folder until it stands still. Some file systems (btrfs, tmpfs) move an entry to the end
   * when its file is replaced, where a reading under way can miss it although it was there all the
   * time.
   */
  private static Set<String> readNames(Folder here) throws IOException {
    Set<String> names = new HashSet<>();
    FileTime before = here.id().changed();
    for (int i = 0; i < READINGS; i++) {
      names.addAll(here.names());
      FileTime now = here.id().changed();
      if (now.equals(before)) {
        break;
      }
      before = now;
    }
    return names;
  }

  private StoreUri uriOf(String key) throws RefusalException {
    try {
      return new StoreUri(folder.scheme(), folder.bucket(), key);
    } catch (IllegalArgumentException e) {
      // To leave it out would make a listing that lacks something look complete.
      throw new RefusalException(
          Code.INVALID_NAME,
          "the folder holds a file that no key can name, '"
              + key.replaceAll("\\p{Cntrl}", "?")
              + "': "
              + e.getMessage());
    }
  }

  /**
   * An entry of a folder, as an object or a folder.
   *
   * @param key ends with {@code /} for a folder
   * @param state empty for a folder
   */
  private record Entry(String name, String key, Optional<FileState> state) {

    boolean isBefore(Optional<String> bound) {
      return bound.isEmpty() || ORDER.compare(key, bound.get()) < 0;
    }
  }
}
