package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** What the guide for authors of executors shows is true, and its executor keeps the contract. */
@Tag("slow")
@Timeout(180)
class GuideTest {

  private static final Document GUIDE = Document.at("docs/writing-an-executor.md");

  /** The last line of the guide's promise: less than this. */
  private static final int LINES = 80;

  private static final String TRIES = "windlass.contract.tries";

  private static final String KILLED_HOST =
      """
      import dev.windlass.*;
      import dev.windlass.core.EngineBuilder;
      import dev.windlass.executor.*;
      import dev.windlass.job.*;
      import java.nio.file.Path;
      import java.util.Set;

      class KilledHost {
        public static void main(String[] args) throws Exception {
          Executor polite =
              new BlockingExecutor(
                  new ExecutorInfo("polite", Set.of(Capability.PROGRAMS), Resources.cpus(2)),
                  new WrappedExecutor("nice -n 19"));
          String endless = "sh -c 'while :; do sleep 1; done' " + args[1];
          TaskDescription work =
              TaskDescription.builder(
                      Command.shell("setsid " + endless + " & echo >" + args[2] + "; " + endless))
                  .executor("polite")
                  .build();
          Engine engine = EngineBuilder.at(Path.of(args[0])).executor(polite).open();
          engine.await(engine.submit(JobDescription.builder("endless").task("work", work).build()));
        }
      }
      """;

  @TempDir private Path directory;

  @BeforeEach
  void compileTheGuide() throws IOException {
    for (Document.Block block : GUIDE.blocks("java")) {
      Document.compile(block, directory);
    }
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    assertThat(GUIDE.brokenLinks()).isEmpty();
  }

  @Test
  void itsExecutorIsShort() throws IOException {
    assertThat(GUIDE.blocks("java"))
        .filteredOn(block -> block.type().equals("WrappedExecutor"))
        .singleElement()
        .satisfies(block -> assertThat(block.text().lines().count()).isLessThan(LINES));
  }

  @Test
  void itsHostsRun() throws Exception {
    for (Document.Block block : GUIDE.blocks("java")) {
      if (block.isRun()) {
        Document.run(block, directory);
      }
    }
  }

  @Test
  void itsExecutorKeepsTheContract() throws Exception {
    URL[] compiled = {directory.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(compiled, getClass().getClassLoader())) {
      TestExecutionSummary summary = test(loader.loadClass("WrappedExecutorContractTest"));

      assertThat(summary.getFailures())
          .extracting(TestExecutionSummary.Failure::getException)
          .isEmpty();
      assertThat(summary.getTestsSucceededCount()).isGreaterThan(60);
    }
  }

  /** Properties are tried less often than elsewhere: that is a matter of time, not of the guide. */
  private static TestExecutionSummary test(Class<?> suite) {
    System.setProperty(TRIES, System.getProperty(TRIES, "5"));
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(suite))
            .configurationParameter("jqwik.reporting.usejunitplatform", "true")
            .configurationParameter("jqwik.database", "target/jqwik-database-of-guide")
            .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    return listener.getSummary();
  }

  @Test
  void whenItsHostIsKilledNothingIsLeft() throws Exception {
    Document.compile(new Document.Block("", "java", KILLED_HOST), directory);
    String mark = "guide-" + UUID.randomUUID();
    Path began = directory.resolve("began");
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Document.classPath(directory),
                "KilledHost",
                directory.resolve("engine").toString(),
                mark,
                began.toString())
            .inheritIO()
            .start();
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(began));
      assertThat(running(mark)).isPositive();
    } finally {
      host.destroyForcibly().waitFor();
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> running(mark) == 0);
  }

  private static long running(String mark) {
    return ProcessHandle.allProcesses()
        .filter(
            process -> process.info().arguments().stream().anyMatch(words -> isMarked(words, mark)))
        .count();
  }

  private static boolean isMarked(String[] words, String mark) {
    return words.length > 0 && words[words.length - 1].equals(mark);
  }
}
