package dev.windlass.cli;

import dev.windlass.job.JobId;
import dev.windlass.report.JobReport;
import dev.windlass.report.ReportJson;
import dev.windlass.report.page.ReportPage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "report",
    description = {
      "Writes what became of a job as one HTML file to be opened in a browser: the graph, a timeline",
      "by task and by node, resources asked and used, the slowest attempts and the failures.",
      "Looks only, and may do so while another process runs the jobs."
    })
final class ReportCommand implements Callable<Integer> {

  private static final String STANDARD_OUTPUT = "-";

  @Parameters(index = "0", paramLabel = "ID", description = "The job, or how its id begins.")
  private String id = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "Where to write it; - is standard output (default: the job's id and .html, or standard"
              + " output with --json).")
  private @Nullable String file;

  @Mixin private Home home = new Home();
  @Mixin private Output output = new Output();

  @FunctionalInterface
  private interface Writer {
    void write(OutputStream out) throws IOException;
  }

  @Override
  public Integer call() {
    JobReport report;
    try (Session session = home.openToRead()) {
      JobId job = JobFinder.find(session.engine(), id);
      report = JobReport.of(session.engine(), job, Instant.now());
    }
    Writer writer =
        output.isJson()
            ? out -> {
              ReportJson.write(report, out);
              out.write('\n');
            }
            : out -> ReportPage.write(report, ZoneId.systemDefault(), out);
    write(writer, file != null ? file : byDefault(report.job().id()));
    return ExitCode.OK;
  }

  private String byDefault(JobId job) {
    return output.isJson() ? STANDARD_OUTPUT : job + ".html";
  }

  private static void write(Writer writer, String where) {
    try {
      if (where.equals(STANDARD_OUTPUT)) {
        writer.write(System.out);
        System.out.flush();
      } else {
        Path path = Path.of(where);
        replace(path, writer);
        System.err.println("wrote " + path);
      }
    } catch (IOException e) {
      throw new UsageException("cannot write " + where + ": " + e);
    }
  }

  /** An earlier report stays whole until there is a whole one in its place. */
  private static void replace(Path path, Writer writer) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    Path part = Files.createTempFile(directory, ".report", ".part");
    try {
      try (OutputStream out = Files.newOutputStream(part)) {
        writer.write(out);
      }
      Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
