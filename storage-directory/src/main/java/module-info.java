/** Serves a directory of this host as an object store. */
module dev.windlass.storage.directory {
  requires static org.jspecify;
  requires transitive dev.windlass.storage;

  exports dev.windlass.storage.directory;
}
