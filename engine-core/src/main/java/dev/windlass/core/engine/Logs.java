package dev.windlass.core.engine;

import dev.windlass.InstanceStatus;
import dev.windlass.LogBound;
import dev.windlass.LogKind;
import dev.windlass.core.staging.Mask;
import dev.windlass.core.staging.MaskedStream;
import dev.windlass.core.staging.Publisher;
import dev.windlass.core.staging.RunFiles;
import dev.windlass.core.staging.Secrets;
import dev.windlass.core.staging.ShortLog;
import dev.windlass.core.staging.StagingException;
import dev.windlass.core.staging.Storages;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StoreUri;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens the outputs of attempts: the file while there is one, afterwards the object it was
 * published to.
 */
final class Logs {
  private final StateStore store;
  private final StoredRecords records;
  private final RunFiles files;
  private final Storages storages;
  private final Secrets secrets;
  private final LogBound bound;

  Logs(StateStore store, RunFiles files, Storages storages, Secrets secrets, LogBound bound) {
    this.store = store;
    this.records = new StoredRecords(store);
    this.files = files;
    this.storages = storages;
    this.secrets = secrets;
    this.bound = bound;
  }

  /**
   * Opens an output of an attempt that is on record. What is secret in it was masked when the
   * attempt ended; until then that is done here.
   *
   * @param position where to begin, in bytes of what the program wrote
   */
  InputStream open(AttemptId id, LogKind kind, long position, boolean follow) {
    TaskDescription task = records.task(id.instance()).orElseThrow(() -> noMore(id));
    String name = kind.name().toLowerCase(Locale.ROOT);
    Path file = files.directory(id).resolve(name);
    Optional<StoreUri> object =
        (kind == LogKind.STDOUT ? task.stdoutFolder() : task.stderrFolder())
            .map(folder -> Publisher.logObject(folder, name, id));
    BooleanSupplier over = () -> records.isOver(id);
    Mask mask = task.secrets().isEmpty() || over.getAsBoolean() ? Mask.NONE : mask(id, task);
    // Something secret may begin before the position.
    long begin = Math.max(0, position - mask.longest());
    InputStream log = new Following(file, begin, follow, over, from -> published(id, object, from));
    return mask.isEmpty() ? log : new MaskedStream(log, mask, position - begin);
  }

  private static EngineException noMore(AttemptId id) {
    return new EngineException(
        ErrorCode.NOT_FOUND, id.toString(), "there is no attempt " + id + " any more");
  }

  private Mask mask(AttemptId id, TaskDescription task) {
    try {
      return Mask.of(secrets.fetch(task).values());
    } catch (StagingException e) {
      throw new EngineException(
          ErrorCode.SECRET_UNAVAILABLE,
          id.toString(),
          "the log of an attempt that runs is masked as it is read: " + e.getMessage(),
          e);
    }
  }

  /** The published object from a position on; empty if the program wrote nothing that was kept. */
  private InputStream published(AttemptId id, Optional<StoreUri> object, long position) {
    if (object.isEmpty()) {
      return InputStream.nullInputStream();
    }
    int last = store.instance(id.instance()).map(InstanceStatus::attempts).orElse(0);
    if (id.number() == last) {
      return published(object.get(), position);
    }
    if (records.outcome(id).map(Outcome::isSuccess).orElse(false)) {
      throw new EngineException(
          ErrorCode.NOT_FOUND,
          id.toString(),
          "the log of attempt "
              + id.number()
              + " was published, and gives way to that of attempt "
              + last
              + ", which has the same name: "
              + object.get());
    }
    return InputStream.nullInputStream(); // a file of it would have been kept
  }

  private InputStream published(StoreUri object, long position) {
    try {
      Storage storage = storages.of(object);
      Optional<ObjectInfo> info = storage.stat(object);
      if (info.isEmpty()) {
        return InputStream.nullInputStream();
      }
      long size = info.get().size();
      long begin = kept(position, size, behind -> storage.read(object, behind));
      return begin > size ? InputStream.nullInputStream() : storage.read(object, begin);
    } catch (StorageException e) {
      if (e.code() == StorageException.Code.NOT_FOUND) {
        return InputStream.nullInputStream();
      }
      throw unreadable(object.toString(), e);
    } catch (IOException e) {
      throw unreadable(object.toString(), e);
    }
  }

  private static EngineException unreadable(String object, Exception cause) {
    return new EngineException(
        ErrorCode.STORAGE_FAILED, object, "the log cannot be read: " + cause.getMessage(), cause);
  }

  /** Opens what is kept at a position. */
  @FunctionalInterface
  private interface Kept {
    InputStream from(long position) throws IOException;
  }

  /**
   * Where to go on in what is kept, which may have been shortened.
   *
   * @param position in bytes of what the program wrote
   * @param size of what is kept
   */
  private long kept(long position, long size, Kept kept) throws IOException {
    long head = bound.headBytes();
    if (position <= head || size <= head) {
      return position;
    }
    try (InputStream behindHead = kept.from(head)) {
      OptionalLong leftOut = ShortLog.leftOut(behindHead.readNBytes(ShortLog.LONGEST_NOTE));
      return leftOut.isPresent()
          ? new ShortLog(head, leftOut.getAsLong()).kept(position)
          : position;
    }
  }

  @FunctionalInterface
  private interface Published {
    InputStream open(long position);
  }

  /**
   * Reads a file that may still grow, may not be there yet, and may have given way to its published
   * object when the attempt is over. Whichever is found first is read to its end: a file that is
   * open can be removed, and is replaced when it is shortened.
   */
  private final class Following extends InputStream {
    /** How often a file is looked at while its end is waited for. */
    private static final long LOOK_MILLIS = 100;

    private final Path file;
    private final boolean follow;
    private final BooleanSupplier over;
    private final Published published;

    /** In bytes of what the program wrote. */
    private final long begin;

    private @Nullable FileChannel channel;
    private @Nullable InputStream object;

    /** Where to go on in the file. */
    private long position;

    private volatile boolean closed;

    Following(Path file, long begin, boolean follow, BooleanSupplier over, Published published) {
      this.file = file;
      this.begin = begin;
      this.follow = follow;
      this.over = over;
      this.published = published;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      int count = read(one, 0, 1);
      return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (true) {
        if (closed) {
          throw new IOException("the log is closed");
        }
        // Asked before reading: what is written before the end is then seen by the read.
        boolean finished = object != null || over.getAsBoolean();
        int count = readNow(target, offset, length, finished);
        if (count > 0) {
          return count;
        }
        if (finished || !follow) {
          return -1;
        }
        pause();
      }
    }

    private int readNow(byte[] target, int offset, int length, boolean finished)
        throws IOException {
      if (object != null) {
        return object.read(target, offset, length);
      }
      if (channel == null) {
        open();
      }
      if (channel != null) {
        int count = channel.read(ByteBuffer.wrap(target, offset, length), position);
        position += Math.max(0, count);
        return count;
      }
      if (!finished) {
        return -1;
      }
      object = published.open(begin);
      return object.read(target, offset, length);
    }

    /** Opens the file, if it is there. */
    private void open() throws IOException {
      FileChannel opened;
      try {
        opened = FileChannel.open(file);
      } catch (NoSuchFileException e) {
        return;
      }
      channel = opened;
      position =
          kept(
              begin,
              opened.size(),
              from -> {
                ByteBuffer behind = ByteBuffer.allocate(ShortLog.LONGEST_NOTE);
                int count = opened.read(behind, from);
                return new ByteArrayInputStream(behind.array(), 0, Math.max(0, count));
              });
    }

    private static void pause() throws IOException {
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(e);
        throw interrupted;
      }
    }

    @Override
    public void close() throws IOException {
      closed = true;
      if (channel != null) {
        channel.close();
      }
      if (object != null) {
        object.close();
      }
    }
  }
}
