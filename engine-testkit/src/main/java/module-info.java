/** For the tests of those who write plug-ins or embed the engine. */
module dev.windlass.testkit {
  requires static transitive org.jspecify;
  requires transitive dev.windlass.api;
  requires transitive dev.windlass.storage;
  requires transitive net.jqwik.api;
  requires transitive org.junit.jupiter.api;
  requires awaitility;
  requires org.assertj.core;

  exports dev.windlass.testkit.storage;
  exports dev.windlass.testkit.executor;

  // The sentences are package-private, and the engines of JUnit and jqwik call them all the same.
  opens dev.windlass.testkit.executor;
  opens dev.windlass.testkit.storage;
}
