package dev.windlass.testkit.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What the guide shows stands, word by word, in {@link NightlyReport} and {@link
 * NightlyReportTest}, which compile and run. Indentation aside.
 */
class TestingYourJobsGuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "testing-your-jobs.md");
  private static final Path EXAMPLES = Path.of("src/test/java/dev/windlass/testkit/guide");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");

  private static List<String> blocks() throws IOException {
    return JAVA.matcher(Files.readString(GUIDE)).results().map(block -> block.group(1)).toList();
  }

  private static String source(String name) throws IOException {
    return withoutIndentation(Files.readString(EXAMPLES.resolve(name)));
  }

  private static String withoutIndentation(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  @TestFactory
  Stream<DynamicTest> theCodeIsThatOfTheExamples() throws IOException {
    String sources = source("NightlyReport.java") + "\n" + source("NightlyReportTest.java");
    return blocks().stream()
        .map(
            block ->
                DynamicTest.dynamicTest(
                    block.lines().findFirst().orElse(""),
                    () -> assertThat(sources).contains(withoutIndentation(block))));
  }

  @Test
  void theGuideHasCodeAndItsLinksLeadToFiles() throws IOException {
    List<Path> targets =
        LINK.matcher(Files.readString(GUIDE))
            .results()
            .map((MatchResult link) -> GUIDE.resolveSibling(link.group(1)))
            .toList();

    assertThat(blocks()).hasSizeGreaterThan(4);
    assertThat(targets).isNotEmpty().allSatisfy(target -> assertThat(target).exists());
  }
}
