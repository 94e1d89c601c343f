/** For the tests of those who write plug-ins or embed the engine. */
module dev.windlass.testkit {
  requires static transitive org.jspecify;
  requires transitive dev.windlass.api;
  requires transitive dev.windlass.storage;
  requires transitive net.jqwik.api;
  requires transitive org.junit.jupiter.api;
  requires transitive org.assertj.core;
  requires awaitility;
  requires com.fasterxml.jackson.core;
  requires com.google.common;
  requires com.google.common.jimfs;
  requires dev.windlass.core;
  requires info.picocli;
  requires roaringbitmap;
  requires org.opentest4j;

  exports dev.windlass.testkit.crash;
  exports dev.windlass.testkit.assertion;
  exports dev.windlass.testkit.engine;
  exports dev.windlass.testkit.recording;
  exports dev.windlass.testkit.script;
  exports dev.windlass.testkit.storage;
  exports dev.windlass.testkit.executor;
  exports dev.windlass.testkit.simulation;

  // The sentences are package-private, and the engines of JUnit and jqwik call them all the same.
  opens dev.windlass.testkit.crash;
  opens dev.windlass.testkit.contract;
  opens dev.windlass.testkit.executor;
  opens dev.windlass.testkit.storage;

  // Picocli sets the options of the command.
  opens dev.windlass.testkit.simulation to
      info.picocli;
}
