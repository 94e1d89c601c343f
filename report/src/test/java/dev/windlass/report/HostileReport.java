package dev.windlass.report;

import dev.windlass.AttemptStatus;
import dev.windlass.JobOperation;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.TaskDescription;
import dev.windlass.testkit.engine.TestEngine;
import java.util.List;
import java.util.Optional;

/** A report whose every text that others may choose tries to become part of the page. */
public final class HostileReport {

  /** What they write. */
  public static final String ATTACK =
      "</script></style></title>\"'><img src=https://evil.example/x onerror=alert(1)>"
          + "<script>alert(2)</script><!--]]>&lt;\u202e\u2028\0\ud800";

  private HostileReport() {}

  /** Runs the job, and names its nodes badly too. */
  public static JobReport make() throws InterruptedException {
    try (TestEngine test = TestEngine.create()) {
      String text = ATTACK.replace("\0", "").replace("\ud800", "");
      test.script().task("__proto__").ends(new Outcome.Refused(ATTACK, false));
      TaskDescription task = TaskDescription.builder(Command.shell("a")).instances(3).build();
      JobId job =
          test.engine()
              .submit(
                  JobDescription.builder("constructor")
                      .description(text)
                      .owner(text.substring(0, Math.min(text.length(), 128)))
                      .label("label", text)
                      .failOnInstanceFail(false)
                      .task("__proto__", task)
                      .build());
      test.engine().manage(job, new JobOperation.SetPriority(1), text);
      test.engine().await(job);
      JobReport report = JobReport.of(test.engine(), job, test.clock().instant());
      return withNodes(report);
    }
  }

  private static JobReport withNodes(JobReport report) {
    List<AttemptReport> attempts = report.attempts().stream().map(HostileReport::onNode).toList();
    return new JobReport(
        report.at(),
        report.job(),
        report.description(),
        report.usage(),
        report.history(),
        report.tasks(),
        report.dependencies(),
        List.of(Gathering.node(ATTACK, Optional.empty(), attempts)),
        attempts,
        0);
  }

  private static AttemptReport onNode(AttemptReport attempt) {
    AttemptStatus status = attempt.status();
    return new AttemptReport(
        new AttemptStatus(
            status.id(),
            ATTACK,
            status.memoryBytes(),
            status.waitingSince(),
            status.begun(),
            status.started(),
            status.ended(),
            status.published(),
            status.outcome(),
            status.usage(),
            status.bytesStaged(),
            status.bytesPublished()),
        attempt.instance(),
        attempt.phases());
  }
}
