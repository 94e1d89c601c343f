package dev.windlass.storage.directory;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * The identity of a directory.
 *
 * @param key device and inode, or the path where the file system has no such numbers
 * @param changed when an entry came or went last; not part of the identity
 */
record FolderId(Object key, FileTime changed) {

  static FolderId of(BasicFileAttributes attributes, Object otherwise) {
    Object key = attributes.fileKey();
    return new FolderId(key == null ? otherwise : key, attributes.lastModifiedTime());
  }
}
