/** Runs attempts as containers of a Docker engine. */
module dev.windlass.executor.docker {
  requires transitive dev.windlass.api;
  requires com.fasterxml.jackson.databind;
  requires com.github.dockerjava.api;
  requires com.github.dockerjava.core;
  requires com.github.dockerjava.transport;
  requires com.github.dockerjava.transport.zerodep;
  requires org.apache.commons.compress;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.windlass.executor.docker;
}
