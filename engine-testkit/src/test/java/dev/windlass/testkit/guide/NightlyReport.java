package dev.windlass.testkit.guide;

import dev.windlass.Engine;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import java.time.Duration;

final class NightlyReport {
  private final Engine engine;

  NightlyReport(Engine engine) {
    this.engine = engine;
  }

  JobId submit(int samples) {
    TaskDescription align =
        TaskDescription.builder(Command.shell("align.sh"))
            .instances(samples)
            .retry(RetryPolicy.retries(2))
            .timeout(Duration.ofHours(2))
            .input("oss://samples/", "samples/")
            .build();
    TaskDescription report =
        TaskDescription.builder(Command.shell("report.sh"))
            .output("report.txt", "oss://reports/tonight.txt")
            .build();
    return engine.submit(
        JobDescription.builder("nightly")
            .task("align", align)
            .task("report", report)
            .dependency("align", "report")
            .build());
  }
}
