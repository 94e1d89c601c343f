package dev.windlass.report.page;

import dev.windlass.report.JobReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneId;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;

/**
 * A report as one HTML file that needs nothing else: no network, no other file, and no script for
 * all but the timeline. Its content security policy names the one style and the one script that it
 * holds by their hashes, so that nothing that might have got into it otherwise would be run, and
 * nothing is fetched.
 */
public final class ReportPage {

  private static final String STYLE = resource("report.css");
  private static final String SCRIPT = resource("report.js");

  private ReportPage() {}

  /**
   * Writes a report.
   *
   * @param report what to write
   * @param zone the zone of the times on the page, which says so
   * @param out gets UTF-8; flushed, and not closed
   * @throws IOException if it cannot be written to
   */
  public static void write(JobReport report, ZoneId zone, OutputStream out) throws IOException {
    out.write(html(report, zone).getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String html(JobReport report, ZoneId zone) {
    Markup out = new Markup();
    out.verbatim("<!doctype html>\n").open("html", "lang", "en").open("head");
    out.open("meta", "charset", "utf-8");
    out.open("meta", "http-equiv", "Content-Security-Policy", "content", policy());
    out.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    out.element("title", report.job().name() + ": " + report.job().state().serviceName());
    out.open("style").verbatim(STYLE).close("style").close("head").newline();
    out.open("body");
    HeadSection head = new HeadSection(out, report, zone);
    AttemptSection attempts = new AttemptSection(out, report, zone);
    head.write();
    contents(out);
    out.open("main");
    new GraphSection(out, report).write();
    new TimelineSection(out, report, zone).write();
    new TaskSection(out, report).write();
    attempts.failures();
    attempts.slowest();
    attempts.nodes();
    head.history();
    out.close("main").newline();
    out.open("script").verbatim(SCRIPT).close("script");
    return out.close("body").close("html").newline().toString();
  }

  private static void contents(Markup out) {
    out.open("nav", "aria-label", "Contents");
    for (String section :
        new String[] {
          "Graph", "Timeline", "Tasks", "Resources", "Failures", "Slowest", "Nodes", "History"
        }) {
      out.element("a", section, "href", "#" + section.toLowerCase(Locale.ROOT)).text(" ");
    }
    out.close("nav").newline();
  }

  private static String policy() {
    return "default-src 'none'; style-src '"
        + hash(STYLE)
        + "'; script-src '"
        + hash(SCRIPT)
        + "'; base-uri 'none'; form-action 'none'";
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(ReportPage.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
