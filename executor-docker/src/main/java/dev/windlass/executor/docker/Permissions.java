package dev.windlass.executor.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The rights of files that a node uses. */
final class Permissions {

  private Permissions() {}

  /**
   * Lets every user write, since a node's may be another than that of this JVM. Only for what lies
   * in a directory that others of this host cannot enter.
   */
  static void openToAll(Path path) throws IOException {
    String all = Files.isDirectory(path) ? "rwxrwxrwx" : "rw-rw-rw-";
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(all));
  }

  /** Lets every user read a file, and only this JVM's write it. */
  static void showToAll(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }
}
