package dev.windlass.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.report.page.ReportPage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page as a browser shows it. */
@Tag("slow")
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
  void aGraphOfTwoThousandTasksIsDrawnWithoutComplaint() throws IOException {
    Chromium.Page shown = chromium.open(write(SampleReport.ofTasks(2_000)));

    assertThat(shown.console()).isEmpty();
    assertThat(shown.dom()).contains("data-drawn=\"task\"", "<title>step-1999: Finished</title>");
  }

  /** Uses the page as its reader would; what it then tells stands in the title, line by line. */
  private String title(JobReport report, String script, String... options) throws IOException {
    Path page = write(report);
    String html = Files.readString(page).replaceFirst("<meta http-equiv=[^>]*>", "");
    Files.writeString(page, html.replace("</body>", "<script>" + script + "</script></body>"));
    Chromium.Page shown = chromium.open(page, options);
    assertThat(shown.console()).isEmpty();
    Matcher title = Pattern.compile("<title>(.*?)</title>", Pattern.DOTALL).matcher(shown.dom());
    assertThat(title.find()).isTrue();
    return title.group(1);
  }

  @ParameterizedTest
  @CsvSource({"1, #ffffff", "0, #14171b"}) // the browser's numbers for light and dark
  void everyPhaseIsDrawnInTheColourOfTheLegendInLightAndDark(int scheme, String page)
      throws IOException {
    String script =
        """
        const canvas = document.querySelector('.scroller canvas');
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        const found = {};
        for (let i = 0; i < pixels.length; i += 4) {
          const colour = 'rgb(' + pixels[i] + ', ' + pixels[i + 1] + ', ' + pixels[i + 2] + ')';
          found[colour] = (found[colour] || 0) + (pixels[i + 3] === 255);
        }
        const told = ['waiting', 'staging', 'running', 'publishing'].map(phase =>
          phase + ' ' + (found[getComputedStyle(document.querySelector('.p-' + phase)).fill] > 20));
        const style = getComputedStyle(document.documentElement);
        document.title = told.concat(style.getPropertyValue('--page')).join(', ');
        """;

    String told =
        title(
            SampleReport.ofInstances(1_000),
            script,
            "--blink-settings=preferredColorScheme=" + scheme);

    assertThat(told.replace("#fff", "#ffffff"))
        .isEqualTo("waiting true, staging true, running true, publishing true, " + page);
  }

  @Test
  void theTimelineIsUsedWithTheKeyboardAlone() throws IOException {
    String script =
        """
        const told = [];
        const said = document.getElementById('timeline-said');
        const press = (target, key) => target.dispatchEvent(
          new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        const find = document.getElementById('timeline-find');
        find.value = 'align/41';
        press(find, 'Enter');
        told.push(said.textContent);
        const scroller = document.querySelector('.scroller');
        press(scroller, '.');
        told.push(said.textContent);
        find.value = 'align/999999';
        press(find, 'Enter');
        told.push(said.textContent);
        told.push(document.querySelectorAll('.labels button[aria-expanded=true]').length);
        document.querySelector('input[value=node]').click();
        told.push(document.querySelector('.labels bdi').textContent);
        const closed = document.querySelector('.labels').parentElement.scrollHeight;
        document.querySelector('.labels button').click();
        told.push(scroller.scrollHeight > closed);
        document.title = told.join('\\n');
        """;

    List<String> told = title(SampleReport.ofInstances(1_000), script).lines().toList();

    // It was tried twice; what is found is the last attempt.
    assertThat(told.get(0))
        .startsWith("align/41 attempt 2 on pool-workers-")
        .contains(": waiting ");
    assertThat(told.get(1)).startsWith("align/42 attempt 1 on pool-workers-");
    assertThat(told.get(2)).startsWith("No attempt of an instance");
    assertThat(told.get(3)).isEqualTo("1");
    assertThat(told.get(4)).isEqualTo("pool-workers-0");
    assertThat(told.get(5)).isEqualTo("true");
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
