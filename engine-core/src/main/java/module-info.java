/**
 * The engine: validation, scheduling, state, staging. Hosts use its builder and its description
 * format.
 */
// The test kit, to which more is open, is built after this module.
@SuppressWarnings("module")
module dev.windlass.core {
  requires com.fasterxml.jackson.core;
  requires com.google.common;
  requires java.sql;
  requires jdk.jfr;
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

  // The test kit runs the engine unchanged on a platform and a store of its own.
  exports dev.windlass.core.cluster to
      dev.windlass.testkit;
  exports dev.windlass.core.engine to
      dev.windlass.testkit;
  exports dev.windlass.core.job to
      dev.windlass.testkit;
  exports dev.windlass.core.platform to
      dev.windlass.testkit;
  exports dev.windlass.core.schedule to
      dev.windlass.testkit;
  exports dev.windlass.core.store to
      dev.windlass.testkit;
}
