/** What a host calls and what the author of an executor implements; no dependency on the engine. */
module dev.windlass.api {
  requires static transitive org.jspecify;

  exports dev.windlass;
  exports dev.windlass.cluster;
  exports dev.windlass.error;
  exports dev.windlass.event;
  exports dev.windlass.executor;
  exports dev.windlass.job;
  exports dev.windlass.why;
}
