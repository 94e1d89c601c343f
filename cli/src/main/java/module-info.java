/** The windlass command: an example of a host. Nothing depends on it. */
module dev.windlass.cli {
  requires com.fasterxml.jackson.databind;
  requires dev.windlass.api;
  requires dev.windlass.control;
  requires dev.windlass.core;
  requires dev.windlass.executor.docker;
  requires dev.windlass.executor.local;
  requires dev.windlass.report;
  requires dev.windlass.storage;
  requires dev.windlass.storage.directory;
  requires dev.windlass.webhook;
  requires info.picocli;
  requires jdk.unsupported; // signals, see Interrupts
  requires me.tongfei.progressbar;
  requires static org.jspecify;

  opens dev.windlass.cli to
      info.picocli;
}
