/**
 * The engine: validation, scheduling, state, staging. Hosts use its builder and its description
 * format.
 */
module dev.windlass.core {
  requires com.fasterxml.jackson.core;
  requires com.google.common;
  requires java.sql;
  requires org.apache.commons.compress;
  requires org.jgrapht.core;
  requires static transitive org.jspecify;
  requires org.slf4j;
  requires org.xerial.sqlitejdbc;
  requires roaringbitmap;
  requires transitive dev.windlass.api;
  requires transitive dev.windlass.storage;

  exports dev.windlass.core;
  exports dev.windlass.core.description;
}
