/** What the author of a storage implements: a view of an object store, without any dependency. */
module dev.windlass.storage {
  requires static transitive org.jspecify;

  exports dev.windlass.storage;
}
