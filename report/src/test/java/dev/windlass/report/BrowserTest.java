package dev.windlass.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.report.page.ReportPage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a browser shows it. */
class BrowserTest {

  private static final int LARGE = 10_000;
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @TempDir private Path directory;

  private Chromium chromium;

  @BeforeEach
  void findTheBrowser() throws IOException {
    chromium = new Chromium(directory);
  }

  private Path write(JobReport report) throws IOException {
    Path page = directory.resolve("report.html");
    try (OutputStream out = Files.newOutputStream(page)) {
      ReportPage.write(report, BERLIN, out);
    }
    return page;
  }

  @Test
  void theTimelineOfTenThousandInstancesIsDrawnWithoutComplaint() throws IOException {
    Path page = write(SampleReport.ofInstances(LARGE));

    Chromium.Page shown = chromium.open(page);

    assertThat(shown.console()).isEmpty();
    assertThat(shown.dom())
        .contains("data-drawn=\"task\"", "<bdi>align</bdi>", " waiting</small>")
        .doesNotContain("id=\"timeline-tools\" class=\"tools\" hidden");
    assertThat(Files.size(page)).isLessThan(2_000_000);
  }

  @Test
  void whatOthersWroteStaysTextInTheBrowserToo() throws Exception {
    Chromium.Page shown = chromium.open(write(HostileReport.make()));

    assertThat(shown.console()).isEmpty();
    assertThat(shown.dom())
        .contains("data-drawn=\"task\"", "<title>constructor: Finished</title>")
        .doesNotContain("<img", "<script>alert");
  }

  /** So that the tests above mean something. */
  @Test
  void aScriptThatIsNotThePagesOwnIsRefusedAndThatIsSeen() throws IOException {
    Path page = write(SampleReport.ofInstances(10));
    String html = Files.readString(page);
    Files.writeString(
        page, html.replace("</main>", "<script>document.title = 'taken'</script></main>"));

    Chromium.Page shown = chromium.open(page);

    assertThat(shown.console()).anyMatch(line -> line.contains("Content Security Policy"));
    assertThat(shown.dom()).doesNotContain("<title>taken</title>");
  }
}
