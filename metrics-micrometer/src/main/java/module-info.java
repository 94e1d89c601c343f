/** Meters of an engine for Micrometer. */
module dev.windlass.metrics {
  requires transitive dev.windlass.api;
  requires transitive micrometer.core;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.windlass.metrics;
}
