package dev.windlass.core.engine;

import dev.windlass.LogKind;
import dev.windlass.core.staging.Mask;
import dev.windlass.core.staging.MaskedStream;
import dev.windlass.core.staging.Publisher;
import dev.windlass.core.staging.RunFiles;
import dev.windlass.core.staging.Secrets;
import dev.windlass.core.staging.StagingException;
import dev.windlass.core.staging.Storages;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.AttemptId;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens the outputs of attempts: the file while there is one, afterwards the object it was
 * published to.
 */
final class Logs {
  private final RunFiles files;
  private final Storages storages;
  private final Secrets secrets;

  Logs(RunFiles files, Storages storages, Secrets secrets) {
    this.files = files;
    this.storages = storages;
    this.secrets = secrets;
  }

  /**
   * Opens an output. What is secret in it was masked when the attempt ended; until then that is
   * done here.
   *
   * @param over says whether the attempt is over and its record durable
   */
  InputStream open(
      AttemptId id, TaskDescription task, LogKind kind, boolean follow, BooleanSupplier over) {
    String name = kind.name().toLowerCase(Locale.ROOT);
    Path file = files.directory(id).resolve(name);
    Optional<String> folder = kind == LogKind.STDOUT ? task.stdoutFolder() : task.stderrFolder();
    Mask mask = task.secrets().isEmpty() || over.getAsBoolean() ? Mask.NONE : mask(id, task);
    InputStream log = new Following(file, follow, over, () -> published(id, name, folder));
    return mask.isEmpty() ? log : new MaskedStream(log, mask);
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

  /** The published object; empty content if the program wrote nothing that was kept. */
  private InputStream published(AttemptId id, String name, Optional<String> folder) {
    if (folder.isEmpty()) {
      return InputStream.nullInputStream();
    }
    StoreUri object = Publisher.logObject(folder.get(), name, id);
    try {
      return storages.of(object).read(object, 0);
    } catch (StorageException e) {
      if (e.code() == StorageException.Code.NOT_FOUND) {
        return InputStream.nullInputStream();
      }
      throw new EngineException(
          ErrorCode.STORAGE_FAILED,
          object.toString(),
          "the log cannot be read: " + e.getMessage(),
          e);
    }
  }

  @FunctionalInterface
  private interface Published {
    InputStream open();
  }

  /**
   * Reads a file that may still grow, may not be there yet, and may be replaced by its published
   * object when the attempt is over. The object begins as the file did, so reading goes on at the
   * same position.
   */
  private static final class Following extends InputStream {
    /** How often a file is looked at while its end is waited for. */
    private static final long LOOK_MILLIS = 100;

    private final Path file;
    private final boolean follow;
    private final BooleanSupplier over;
    private final Published published;
    private @Nullable FileChannel channel;
    private @Nullable InputStream object;
    private long position;
    private volatile boolean closed;

    Following(Path file, boolean follow, BooleanSupplier over, Published published) {
      this.file = file;
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
          position += count;
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
      if (channel == null && Files.exists(file)) {
        channel = FileChannel.open(file);
      }
      if (channel != null) {
        return channel.read(ByteBuffer.wrap(target, offset, length), position);
      }
      if (!finished) {
        return -1;
      }
      InputStream opened = published.open();
      opened.skipNBytes(position);
      object = opened;
      return opened.read(target, offset, length);
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
