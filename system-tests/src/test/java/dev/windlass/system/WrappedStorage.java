package dev.windlass.system;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectPage;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * A storage before another one, to be broken in one place. It offers no local paths, so that
 * everything is read and written through it.
 */
class WrappedStorage implements Storage {
  private final Storage inner;

  WrappedStorage(Storage inner) {
    this.inner = inner;
  }

  @Override
  public Optional<ObjectInfo> stat(StoreUri object) {
    return inner.stat(object);
  }

  @Override
  public ObjectPage list(StoreUri folder, Optional<String> after, int limit) {
    return inner.list(folder, after, limit);
  }

  @Override
  public InputStream read(StoreUri object, long offset) {
    return inner.read(object, offset);
  }

  @Override
  public ObjectUpload write(StoreUri object) {
    return inner.write(object);
  }

  @Override
  public void delete(StoreUri object) {
    inner.delete(object);
  }

  @Override
  public void close() {
    inner.close();
  }

  /** An upload whose body is another one. */
  static ObjectUpload withBody(ObjectUpload upload, OutputStream body) {
    return new ObjectUpload() {
      @Override
      public OutputStream body() {
        return body;
      }

      @Override
      public ObjectInfo commit() {
        return upload.commit();
      }

      @Override
      public void close() {
        upload.close();
      }
    };
  }

  /** Is asked before each byte; throws to cut the connection, which then stays cut. */
  interface Cut {
    void before(long byteNumber) throws IOException;
  }

  static InputStream cutting(InputStream in, Cut cut) {
    Line line = new Line(cut);
    return new InputStream() {
      @Override
      public int read() throws IOException {
        line.carry();
        return in.read();
      }

      /** One byte at a time, each asked for. */
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int next = length == 0 ? -1 : read();
        if (next < 0) {
          return length == 0 ? 0 : -1;
        }
        bytes[offset] = (byte) next;
        return 1;
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }

  static OutputStream cutting(OutputStream out, Cut cut) {
    Line line = new Line(cut);
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        line.carry();
        out.write(b);
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }

  /** What the bytes travel on. */
  private static final class Line {
    private final Cut cut;
    private long carried;
    private boolean isCut;

    Line(Cut cut) {
      this.cut = cut;
    }

    void carry() throws IOException {
      if (isCut) {
        throw new IOException("the connection is cut");
      }
      try {
        cut.before(carried++);
      } catch (IOException e) {
        isCut = true;
        throw e;
      }
    }
  }
}
