package dev.windlass.testkit.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Javadoc of an SPI as its reader sees it, taken from the sources beside this module. */
final class ContractText {

  private static final Path SOURCES = Path.of("..");
  private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
  private static final Pattern CODE = Pattern.compile("\\{@(?:code|value) ([^}]*)}");
  private static final Pattern LINK =
      Pattern.compile("\\{@link (?:[a-z]+\\.)*([^ }]+)(?: ([^}]+))?}");
  private static final Pattern SAMPLE = Pattern.compile("<pre>.*?</pre>", Pattern.DOTALL);

  /** Where one sentence cannot go on: a tag of HTML that begins a block, or a tag of Javadoc. */
  private static final Pattern BLOCK =
      Pattern.compile("<h2>.*?</h2>|<(?:p|/?ul|li)>|@(?:param|throws) \\S+|@return");

  private static final Pattern END = Pattern.compile("(?<=[.!?])\\s+(?=[A-Z])");

  private final List<String> comments;

  private ContractText(List<String> comments) {
    this.comments = comments;
  }

  /** The Javadoc of one source file, or of all in a folder. */
  static ContractText of(String sources) throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES.resolve(sources))) {
      StringBuilder comments = new StringBuilder();
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
        comments.append(Files.readString(file)).append('\n');
      }
      return new ContractText(
          COMMENT.matcher(comments).results().map(found -> plain(found.group(1))).toList());
    }
  }

  private static String plain(String comment) {
    String joined =
        comment
            .lines()
            .map(line -> line.replaceFirst("^\\s*\\*", ""))
            .collect(Collectors.joining(" "))
            .replaceAll("\\s+", " ");
    String text = CODE.matcher(SAMPLE.matcher(joined).replaceAll(" ")).replaceAll("$1");
    return LINK.matcher(text)
        .replaceAll(link -> Matcher.quoteReplacement(rendered(link.group(1), link.group(2))));
  }

  private static String rendered(String target, String label) {
    return label != null ? label : target.replaceFirst("^#", "").replace('#', '.');
  }

  boolean holds(String quote) {
    return comments.stream().anyMatch(comment -> tidy(comment).contains(tidy(quote)));
  }

  /** What the comments say, sentence by sentence. */
  List<String> sentences() {
    return comments.stream()
        .flatMap(comment -> Arrays.stream(BLOCK.split(comment)))
        .map(ContractText::tidy)
        .flatMap(END::splitAsStream)
        .filter(sentence -> !sentence.isBlank())
        .toList();
  }

  private static String tidy(String text) {
    return text.replaceAll("<[^>]*>", "").replaceAll("\\s+", " ").strip();
  }
}
