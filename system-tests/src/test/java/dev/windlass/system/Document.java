package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * A document of the checkout, of which what it shows can be tried: its Java compiles, and what is
 * marked with a comment {@code <!-- test: run -->} runs. {@code prints WORD} in it says what comes
 * out.
 */
final class Document {

  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- test: ([^\n]*) -->\n)?```(\\w+)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");
  private static final Pattern TYPE = Pattern.compile("(?m)^(?:final )?(?:class|record) (\\w+)");
  private static final String IMPORTS =
      """
      import dev.windlass.*;
      import dev.windlass.control.*;
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

  /**
   * A piece of code.
   *
   * @param instruction what the comment before it says, or nothing
   * @param language as the document names it
   * @param text the code
   */
  record Block(String instruction, String language, String text) {
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

    /** The first type that it declares; a mere snippet gets one. */
    String type() {
      Matcher type = TYPE.matcher(text);
      return type.find() ? type.group(1) : "Snippet";
    }

    private String source() {
      return TYPE.matcher(text).find()
          ? text
          : IMPORTS + "class Snippet { void snippet() throws Exception {\n" + text + "}}";
    }
  }

  private final Path file;

  private Document(Path file) {
    this.file = file;
  }

  /** A document by its path in the checkout. */
  static Document at(String path) {
    return new Document(Checkout.root().resolve(path));
  }

  List<String> lines() throws IOException {
    return Files.readAllLines(file);
  }

  /** Its pieces of code in one language, in order. */
  List<Block> blocks(String language) throws IOException {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(Files.readString(file));
    while (matcher.find()) {
      String instruction = matcher.group(1) == null ? "" : matcher.group(1);
      blocks.add(new Block(instruction, matcher.group(2), matcher.group(3)));
    }
    return blocks.stream().filter(block -> block.language().equals(language)).toList();
  }

  /** Its links into the checkout that lead nowhere. */
  List<String> brokenLinks() throws IOException {
    return LINK.matcher(Files.readString(file))
        .results()
        .map(link -> link.group(1))
        .filter(target -> !target.contains("://"))
        .filter(target -> !Files.exists(file.resolveSibling(target)))
        .toList();
  }

  /** Compiles Java into a folder, where it also finds what was compiled there before. */
  static void compile(Block block, Path folder) throws IOException {
    Path source = Files.writeString(folder.resolve(block.type() + ".java"), block.source());
    StringWriter complaints = new StringWriter();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-proc:none", "-d", folder.toString(), "-cp", classPath(folder));
      boolean compiles =
          compiler
              .getTask(complaints, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertThat(compiles).as(complaints.toString()).isTrue();
    }
  }

  static String classPath(Path folder) {
    return folder + ":" + System.getProperty("java.class.path");
  }

  /** Runs what was compiled into a folder, and looks whether it prints what it should. */
  static void run(Block block, Path folder) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String out = call(folder, java, "-cp", classPath(folder), block.type());
    assertThat(out).contains(block.expected());
  }

  /** Calls a command in a folder, to its end. */
  static String call(Path folder, String... words) throws Exception {
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
