package dev.windlass.storage.directory;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A file in the upload area that is renamed to its place when it is whole and on disk. */
final class DirectoryUpload implements ObjectUpload {

  /** How often a folder is made again that others remove as empty at the same moment. */
  private static final int TRIES = 1_000;

  private final StoreUri object;
  private final List<String> names;
  private final Tree tree;
  private final UploadArea area;
  private final String temporary;
  private final FileChannel channel;
  private final Body body = new Body();

  /** What the file was like before it went to its place. */
  private Optional<FileState> own = Optional.empty();

  private boolean open = true;
  private boolean broken;
  private boolean published;

  DirectoryUpload(StoreUri object, List<String> names, Tree tree, UploadArea area)
      throws IOException {
    this.object = object;
    this.names = names;
    this.tree = tree;
    this.area = area;
    this.temporary = area.newName();
    this.channel =
        area.folder()
            .openFile(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  @Override
  public OutputStream body() {
    return body;
  }

  @Override
  public ObjectInfo commit() {
    if (!open) {
      throw new IllegalStateException(object + ": the upload was committed or closed");
    }
    open = false;
    if (broken) {
      throw new StorageException(Code.FAILED, object, "its content could not be written", null);
    }
    try {
      finish();
      return publish();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void finish() throws IOException {
    area.folder().setModified(temporary, Stamp.next());
    own = area.folder().state(temporary);
    channel.force(true);
    channel.close();
  }

  private ObjectInfo publish() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      try (Folder folder = tree.make(names.subList(0, names.size() - 1), area)) {
        return publish(folder, names.get(names.size() - 1));
      } catch (NoSuchFileException | FileAlreadyExistsException e) {
        // Somebody deleted the last object of the folder, and then the folder, under our hands; or
        // put something in our way, which the next round tells from what may be replaced.
        if (published) {
          return describe(own);
        }
        if (area.folder().attributes(temporary).isEmpty()) {
          throw new RefusalException(Code.FAILED, "somebody removed the upload before its commit");
        }
      }
    }
    throw new RefusalException(Code.UNAVAILABLE, "its folder is being removed all the time");
  }

  private ObjectInfo publish(Folder folder, String name) throws IOException {
    Tree.makeRoom(folder, name);
    area.folder().move(temporary, folder, name);
    published = true;
    folder.sync();
    Optional<FileState> state = folder.state(name);
    // Deleted again already: then what was published is the best answer.
    return describe(state.or(() -> own));
  }

  private ObjectInfo describe(Optional<FileState> state) throws IOException {
    return state
        .orElseThrow(() -> new RefusalException(Code.FAILED, "somebody removed the upload"))
        .describe(object);
  }

  @Override
  public void close() {
    open = false;
    try {
      channel.close();
      if (!published && area.folder().attributes(temporary).isPresent()) {
        area.folder().deleteFile(temporary);
      }
    } catch (IOException | IllegalStateException e) {
      // The storage is closed and its area gone, or the next storage here sweeps what is left.
    }
  }

  private StorageException failure(IOException e) {
    return Failures.ofWrite(object, e, tree.isFull());
  }

  /** Says what went wrong as a {@link StorageException}, after which the upload is broken. */
  private final class Body extends OutputStream {

    private boolean closed;

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (closed || !open) {
        throw new IllegalStateException(object + ": the content is closed");
      }
      ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
      try {
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
      } catch (IOException e) {
        broken = true;
        throw failure(e);
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
