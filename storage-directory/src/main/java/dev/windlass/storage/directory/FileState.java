package dev.windlass.storage.directory;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What tells one content of a file from another.
 *
 * <p>No single number does. The <em>inode</em> is new with each replacement by rename, but the
 * number returns after the file is deleted. The time of <em>modification</em> is unique for what we
 * publish (see {@link Stamp}), but others copy it along with the content. The time of
 * <em>change</em> cannot be set by anybody, but moves in steps of some milliseconds on older
 * kernels. Together they miss a replacement only if another program, within one such step, deletes
 * the file, gets the same inode, restores the time of modification and writes as many bytes.
 *
 * <p>The price: changing permissions or making a hard link gives an unchanged content a new
 * version. A cache then fetches once more than needed, which is better than once less.
 */
record FileState(Object file, long inode, long size, FileTime modified, FileTime changed) {

  private static final boolean UNIX =
      Path.of("").getFileSystem().supportedFileAttributeViews().contains("unix");

  /** Reads it by path, in one call, without following a link in the last place. */
  static FileState read(Path path) throws IOException {
    return UNIX ? readUnix(path) : readBasic(path);
  }

  private static FileState readUnix(Path path) throws IOException {
    Map<String, Object> read =
        Files.readAttributes(
            path, "unix:fileKey,ino,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
    return new FileState(
        get(read, "fileKey", Object.class),
        get(read, "ino", Long.class),
        get(read, "size", Long.class),
        get(read, "lastModifiedTime", FileTime.class),
        get(read, "ctime", FileTime.class));
  }

  private static <T> T get(Map<String, Object> read, String name, Class<T> type) {
    return type.cast(Objects.requireNonNull(read.get(name), name));
  }

  private static FileState readBasic(Path path) throws IOException {
    BasicFileAttributes read =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Object key = read.fileKey();
    return new FileState(
        key == null ? path : key, 0, read.size(), read.lastModifiedTime(), read.creationTime());
  }

  ObjectInfo describe(StoreUri uri) {
    return new ObjectInfo(uri, size, modified.toInstant(), version());
  }

  private String version() {
    return Long.toHexString(inode)
        + "-"
        + Long.toHexString(size)
        + "-"
        + Long.toHexString(modified.to(TimeUnit.NANOSECONDS))
        + "-"
        + Long.toHexString(changed.to(TimeUnit.NANOSECONDS));
  }
}
