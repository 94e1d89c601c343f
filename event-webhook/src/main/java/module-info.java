/** Sends the events of an engine to a URL. */
module dev.windlass.webhook {
  requires transitive dev.windlass.api;
  requires java.net.http;
  requires com.fasterxml.jackson.core;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.windlass.webhook;
}
