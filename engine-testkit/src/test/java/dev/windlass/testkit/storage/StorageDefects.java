package dev.windlass.testkit.storage;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectPage;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Storages with one defect each, over a sound one. */
final class StorageDefects {

  private StorageDefects() {}

  private static StoreUri renamed(StoreUri uri, String key) {
    return new StoreUri(uri.scheme(), uri.bucket(), key);
  }

  /** Makes the object as soon as somebody begins to write it. */
  static Storage publishesBeforeComplete(Storage sound) {
    return new DefectiveStorage(sound) {
      @Override
      public ObjectUpload write(StoreUri object) {
        StorageTrial.put(sound, object, new byte[0]);
        return super.write(object);
      }
    };
  }

  /** Writes beside the object, and lists what it writes. */
  static Storage listsAHalfWrittenObject(Storage sound) {
    return new DefectiveStorage(sound) {
      @Override
      public ObjectUpload write(StoreUri object) {
        StoreUri half = renamed(object, object.key() + ".part");
        StorageTrial.put(sound, half, new byte[0]);
        return new DefectiveUpload(super.write(object)) {
          @Override
          public ObjectInfo commit() {
            ObjectInfo info = super.commit();
            sound.delete(half);
            return info;
          }
        };
      }
    };
  }

  static Storage losesTheVersion(Storage sound) {
    return new DefectiveStorage(sound) {
      private ObjectInfo unversioned(ObjectInfo info) {
        return new ObjectInfo(info.uri(), info.size(), info.modified(), "1");
      }

      @Override
      public Optional<ObjectInfo> stat(StoreUri object) {
        return super.stat(object).map(this::unversioned);
      }

      @Override
      public ObjectUpload write(StoreUri object) {
        return new DefectiveUpload(super.write(object)) {
          @Override
          public ObjectInfo commit() {
            return unversioned(super.commit());
          }
        };
      }
    };
  }

  /** The marker names the last object of the page, and the next page begins with it. */
  static Storage repeatsAtAPageBorder(Storage sound) {
    return new DefectiveStorage(sound) {
      private ObjectPage last = new ObjectPage(List.of(), Optional.empty());

      @Override
      public ObjectPage list(StoreUri folder, Optional<String> after, int limit) {
        ObjectPage page = super.list(folder, after, limit);
        List<ObjectInfo> objects = new ArrayList<>(page.objects());
        if (after.isPresent() && after.equals(last.next()) && objects.size() < limit) {
          objects.add(0, last.objects().get(last.objects().size() - 1));
        }
        last = page;
        return new ObjectPage(objects, page.next());
      }
    };
  }

  /** Takes one object more than it gives. */
  static Storage skipsAtAPageBorder(Storage sound) {
    return new DefectiveStorage(sound) {
      @Override
      public ObjectPage list(StoreUri folder, Optional<String> after, int limit) {
        ObjectPage page = super.list(folder, after, Math.min(10_000, limit + 1));
        List<ObjectInfo> objects = page.objects();
        return new ObjectPage(objects.subList(0, Math.min(limit, objects.size())), page.next());
      }
    };
  }

  static Storage readsFromOneByteLate(Storage sound) {
    return new DefectiveStorage(sound) {
      @Override
      public InputStream read(StoreUri object, long offset) {
        long size = stat(object).map(ObjectInfo::size).orElse(0L);
        return super.read(object, offset > 0 && offset < size ? offset + 1 : offset);
      }
    };
  }

  static Storage foldsCase(Storage sound) {
    return new DefectiveStorage(sound) {
      private StoreUri folded(StoreUri uri) {
        return renamed(uri, uri.key().toLowerCase(Locale.ROOT));
      }

      @Override
      public Optional<ObjectInfo> stat(StoreUri object) {
        return super.stat(folded(object));
      }

      @Override
      public InputStream read(StoreUri object, long offset) {
        return super.read(folded(object), offset);
      }

      @Override
      public ObjectUpload write(StoreUri object) {
        return super.write(folded(object));
      }

      @Override
      public void delete(StoreUri object) {
        super.delete(folded(object));
      }
    };
  }

  static Storage deletesByPrefix(Storage sound) {
    return new DefectiveStorage(sound) {
      @Override
      public void delete(StoreUri object) {
        int parent = object.key().lastIndexOf('/') + 1;
        StorageTrial.listAll(sound, renamed(object, object.key().substring(0, parent)), 100)
            .stream()
            .map(ObjectInfo::uri)
            .filter(uri -> uri.key().startsWith(object.key()))
            .forEach(sound::delete);
      }
    };
  }

  /** Decodes a name after its segments were checked. */
  static Storage escapesByDots(Storage sound) {
    return new DefectiveStorage(sound) {
      @Override
      public ObjectUpload write(StoreUri object) {
        String decoded = object.key().replace("%2e", ".").replace("%2f", "/");
        String key = Path.of("/", decoded).normalize().toString().substring(1);
        return super.write(renamed(object, key));
      }
    };
  }

  /** Whoever writes an object that another one writes gets the other's stream. */
  static Storage mixesConcurrentWriters(Storage sound) {
    return new DefectiveStorage(sound) {
      private final Map<StoreUri, OutputStream> bodies = new ConcurrentHashMap<>();

      @Override
      public ObjectUpload write(StoreUri object) {
        ObjectUpload upload = super.write(object);
        OutputStream body = bodies.computeIfAbsent(object, first -> upload.body());
        return new DefectiveUpload(upload) {
          @Override
          public OutputStream body() {
            return body;
          }

          @Override
          public void close() {
            super.close();
            bodies.remove(object, body);
          }
        };
      }
    };
  }

  /** Publishes what has arrived when the rest does not. */
  static Storage leavesAPartOfAFailedUpload(Storage sound) {
    return new DefectiveStorage(sound) {
      @Override
      public ObjectUpload write(StoreUri object) {
        ObjectUpload upload = super.write(object);
        OutputStream body =
            new FilterOutputStream(upload.body()) {
              @Override
              public void write(byte[] bytes, int offset, int length) throws IOException {
                try {
                  out.write(bytes, offset, length);
                } catch (IOException e) {
                  StorageTrial.put(sound, object, Arrays.copyOfRange(bytes, offset, offset + 10));
                  throw e;
                }
              }
            };
        return new DefectiveUpload(upload) {
          @Override
          public OutputStream body() {
            return body;
          }
        };
      }
    };
  }

  /** Takes the end of a connection for the end of the object. */
  static Storage endsABrokenReadEarly(Storage sound) {
    return new DefectiveStorage(sound) {
      @Override
      public InputStream read(StoreUri object, long offset) {
        return new FilterInputStream(super.read(object, offset)) {
          @Override
          public int read(byte[] buffer, int from, int length) {
            try {
              return super.read(buffer, from, length);
            } catch (IOException e) {
              return -1;
            }
          }
        };
      }
    };
  }

  static Storage takesNoAnswerForNo(Storage sound) {
    return new DefectiveStorage(sound) {
      @Override
      public Optional<ObjectInfo> stat(StoreUri object) {
        try {
          return super.stat(object);
        } catch (StorageException e) {
          if (e.code() == Code.UNAVAILABLE) {
            return Optional.empty();
          }
          throw e;
        }
      }
    };
  }

  /** Sorts as Java compares strings. */
  static Storage sortsByChars(Storage sound) {
    return new DefectiveStorage(sound) {
      @Override
      public ObjectPage list(StoreUri folder, Optional<String> after, int limit) {
        ObjectPage page = super.list(folder, after, limit);
        List<ObjectInfo> objects = new ArrayList<>(page.objects());
        objects.sort((one, other) -> one.uri().key().compareTo(other.uri().key()));
        return new ObjectPage(objects, page.next());
      }
    };
  }

  /** For a store that is a directory: opens what the system finds there. */
  static Storage followsLinks(Storage sound) {
    return new DefectiveStorage(sound) {
      @Override
      public InputStream read(StoreUri object, long offset) {
        StoreUri folder =
            renamed(object, object.key().substring(0, object.key().indexOf("/f/") + 3));
        try {
          Path path = sound.localPath(folder).orElseThrow();
          return Files.newInputStream(path.resolve(folder.relativize(object)));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /** For a store that is a directory: offers what it once copied. */
  static Storage offersAnOldCopy(Storage sound) {
    return new DefectiveStorage(sound) {
      private final Path copies = Path.of("target", "copies-" + UUID.randomUUID()).toAbsolutePath();

      @Override
      public Optional<Path> localPath(StoreUri uri) {
        Path copy = copies.resolve(uri.key());
        if (!uri.isFolder() && !Files.exists(copy)) {
          try (InputStream in = sound.read(uri, 0)) {
            Files.createDirectories(copy.getParent());
            Files.copy(in, copy);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
        return Optional.of(copy);
      }
    };
  }
}
