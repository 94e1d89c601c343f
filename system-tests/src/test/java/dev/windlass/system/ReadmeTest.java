package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is true: its links lead somewhere, its code compiles and runs. */
@Timeout(180)
class ReadmeTest {

  private static final Document README = Document.at("README.md");

  @TempDir private Path directory;

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    assertThat(README.brokenLinks()).isEmpty();
  }

  @Test
  void theFirstScreenShowsBothCommands() throws IOException {
    assertThat(README.lines().subList(0, 30))
        .contains("bin/windlass run examples/log-count/job.json")
        .anyMatch(line -> line.startsWith("bin/verify"));
  }

  @TestFactory
  Stream<DynamicTest> javaCompilesAndRuns() throws IOException {
    return README.blocks("java").stream()
        .map(block -> DynamicTest.dynamicTest(block.title(), () -> checkJava(block)));
  }

  private void checkJava(Document.Block block) throws Exception {
    Path folder = Files.createTempDirectory(directory, "java");
    Document.compile(block, folder);
    if (block.isRun()) {
      Document.run(block, folder);
    }
  }

  @TestFactory
  Stream<DynamicTest> markedCommandsRun() throws IOException {
    return README.blocks("sh").stream()
        .filter(Document.Block::isRun)
        .map(block -> DynamicTest.dynamicTest(block.title(), () -> runCommands(block)));
  }

  /** In a folder that looks like a checkout, so that nothing is written into ours. */
  private void runCommands(Document.Block block) throws Exception {
    assumeTrue(
        Files.exists(Checkout.root().resolve("cli/target/windlass/stamp")),
        "the command is not packaged; 'mvn verify' does that");
    Path folder = Files.createTempDirectory(directory, "sh");
    Checkout.copy("examples", folder.resolve("examples"));
    Files.createSymbolicLink(folder.resolve("bin"), Checkout.root().resolve("bin"));

    String out = Document.call(folder, "/bin/sh", "-e", "-c", block.text());

    assertThat(out).contains(block.expected());
  }
}
