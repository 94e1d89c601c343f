package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of faults names every fault, and for each of them a test that is there. */
final class FaultsPageTest {

  private static final Path PAGE = Checkout.root().resolve("docs/faults.md");

  /** All that we know to go wrong, but for what belongs to parts that are not here yet. */
  private static final List<String> CATALOGUE =
      List.of(
          "P01 P02 P03 P04 P06 P07 P08 P09 P12 P13 P15 P16 P17 P18 P19 P23 P24",
          "D01 D02 D03 D04 D05 D06 D07 D08 D10 D11 D13 D14 D15 D16 D18 D19 D22",
          "S01 S02 S03 S04 S05 S06 S08 S13",
          "O01 O02 O03 O04 O07 O08 O09 O11 O13 O15 O18 O19",
          "T01 T02 H01 H02 H03 H05 H06 H08 H10",
          "B01 B02 B03 B04 B05 B06 B07 B09 B10 B11 B13 B14 B16 B17 B18 B20 B21 B23 B24 B25",
          "B26 B27 B29 B30 B31 B33 B34 B37 B38 B40 B43 B44 B45 B47 B48 B49 B56 B57");

  private static final Pattern ROW = Pattern.compile("\\| ([A-Z]\\d\\d) \\|(.*)\\|");
  private static final Pattern TEST = Pattern.compile("\\[(\\w+)\\.(\\w+)]\\(([^)]+)\\)");
  private static final Pattern TEST_ANNOTATION =
      Pattern.compile("@(Test|ParameterizedTest|Property|Example)\\b");
  private static final String REASON = "Not here yet: ";

  private record Row(String id, String text) {}

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(new Row(row.group(1), row.group(2)));
      }
    }
    return rows;
  }

  @Test
  void everyFaultOfTheCatalogueHasOneRow() throws IOException {
    Set<String> expected =
        CATALOGUE.stream()
            .flatMap(line -> Stream.of(line.split(" ", -1)))
            .collect(Collectors.toSet());

    assertThat(rows()).extracting(Row::id).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void everyRowNamesATestOrSaysWhyThereIsNone() throws IOException {
    for (Row row : rows()) {
      boolean hasTest = TEST.matcher(row.text()).find();
      assertThat(hasTest).as(row.id()).isNotEqualTo(row.text().contains(REASON));
    }
  }

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    for (Row row : rows()) {
      Matcher test = TEST.matcher(row.text());
      while (test.find()) {
        Path file = PAGE.resolveSibling(test.group(3));
        assertThat(file).as(row.id()).isRegularFile();
        assertThat(file.getFileName()).as(row.id()).hasToString(test.group(1) + ".java");
        assertThat(isTest(Files.readString(file), test.group(2)))
            .as("%s: %s is a test of %s", row.id(), test.group(2), file)
            .isTrue();
      }
    }
  }

  /** The annotations of a method follow the last empty line before it. */
  private static boolean isTest(String source, String method) {
    int at = source.indexOf(" void " + method + "(");
    return at > 0
        && TEST_ANNOTATION.matcher(source.substring(source.lastIndexOf("\n\n", at), at)).find();
  }
}
