/** Runs attempts as processes of this host. */
module dev.windlass.executor.local {
  requires transitive dev.windlass.api;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.windlass.executor.local;
}
