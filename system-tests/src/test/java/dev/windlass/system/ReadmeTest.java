package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README shows is true: its links lead somewhere, its Java compiles, and what is marked
 * with a comment {@code <!-- test: run -->} runs. {@code prints WORD} in it says what comes out.
 */
@Timeout(180)
class ReadmeTest {

  private static final Path README = Checkout.root().resolve("README.md");
  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- test: ([^\n]*) -->\n)?```(\\w+)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");
  private static final Pattern CLASS = Pattern.compile("\\bclass (\\w+)");
  private static final String IMPORTS =
      """
      import dev.windlass.*;
      import dev.windlass.core.*;
      import dev.windlass.executor.*;
      import dev.windlass.executor.local.*;
      import dev.windlass.job.*;
      import dev.windlass.storage.*;
      import dev.windlass.storage.directory.*;
      import java.nio.file.*;
      import java.time.*;
      import java.util.*;
      """;

  @TempDir private Path directory;

  private record Block(String instruction, String language, String text) {
    boolean isRun() {
      return instruction.startsWith("run");
    }

    String expected() {
      int prints = instruction.indexOf("prints ");
      return prints < 0 ? "" : instruction.substring(prints + "prints ".length());
    }

    String title() {
      return language + ": " + text.lines().findFirst().orElse("");
    }
  }

  private static List<Block> blocks() throws IOException {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(Files.readString(README));
    while (matcher.find()) {
      String instruction = matcher.group(1) == null ? "" : matcher.group(1);
      blocks.add(new Block(instruction, matcher.group(2), matcher.group(3)));
    }
    return blocks;
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    List<String> broken =
        LINK.matcher(Files.readString(README))
            .results()
            .map(link -> link.group(1))
            .filter(target -> !target.contains("://"))
            .filter(target -> !Files.exists(README.resolveSibling(target)))
            .toList();

    assertThat(broken).isEmpty();
  }

  @Test
  void theFirstScreenShowsBothCommands() throws IOException {
    List<String> firstScreen = Files.readAllLines(README).subList(0, 30);

    assertThat(firstScreen)
        .contains("bin/windlass run examples/log-count/job.json")
        .anyMatch(line -> line.startsWith("bin/verify"));
  }

  @TestFactory
  Stream<DynamicTest> javaCompilesAndRuns() throws IOException {
    return blocks().stream()
        .filter(block -> block.language().equals("java"))
        .map(block -> DynamicTest.dynamicTest(block.title(), () -> checkJava(block)));
  }

  private void checkJava(Block block) throws Exception {
    Path folder = Files.createTempDirectory(directory, "java");
    Matcher type = CLASS.matcher(block.text());
    boolean isWhole = type.find();
    String name = isWhole ? type.group(1) : "Snippet";
    String source =
        isWhole
            ? block.text()
            : IMPORTS + "class Snippet { void snippet() throws Exception {\n" + block.text() + "}}";
    Path file = Files.writeString(folder.resolve(name + ".java"), source);

    StringWriter complaints = new StringWriter();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
      boolean compiles =
          compiler
              .getTask(complaints, files, null, options, null, files.getJavaFileObjects(file))
              .call();
      assertThat(compiles).as(complaints.toString()).isTrue();
    }
    if (block.isRun()) {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      String classPath = folder + ":" + System.getProperty("java.class.path");
      String out = call(folder, java, "-cp", classPath, name);
      assertThat(out).contains(block.expected());
    }
  }

  @TestFactory
  Stream<DynamicTest> markedCommandsRun() throws IOException {
    return blocks().stream()
        .filter(block -> block.language().equals("sh") && block.isRun())
        .map(block -> DynamicTest.dynamicTest(block.title(), () -> runCommands(block)));
  }

  /** In a folder that looks like a checkout, so that nothing is written into ours. */
  private void runCommands(Block block) throws Exception {
    assumeTrue(
        Files.exists(Checkout.root().resolve("cli/target/windlass/stamp")),
        "the command is not packaged; 'mvn verify' does that");
    Path folder = Files.createTempDirectory(directory, "sh");
    Checkout.copy("examples", folder.resolve("examples"));
    Files.createSymbolicLink(folder.resolve("bin"), Checkout.root().resolve("bin"));

    String out = call(folder, "/bin/sh", "-e", "-c", block.text());

    assertThat(out).contains(block.expected());
  }

  private static String call(Path folder, String... words) throws Exception {
    Path out = Files.createTempFile(folder, "call", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    String text = Files.readString(out);
    assertThat(ended).as(text).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }
}
