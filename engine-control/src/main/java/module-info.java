/** Operates an engine from other processes of the same user. */
module dev.windlass.control {
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires dev.windlass.core;
  requires org.slf4j;
  requires static org.jspecify;
  requires transitive dev.windlass.api;

  exports dev.windlass.control;
}
