package dev.windlass.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.windlass.AttemptStatus;
import dev.windlass.Counts;
import dev.windlass.JobOperation;
import dev.windlass.JobStatus;
import dev.windlass.UsageTotals;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.event.Event;
import dev.windlass.job.Outcome;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.Usage;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A report as one JSON object. Its field names are an interface: they may grow, and none is
 * renamed. States have the service's names, times are ISO 8601 in UTC, durations are seconds; what
 * is not known or not said is absent.
 */
public final class ReportJson {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private final JsonGenerator json;

  private ReportJson(JsonGenerator json) {
    this.json = json;
  }

  /**
   * Writes a report, on one line without its end, in UTF-8.
   *
   * @param report what to write
   * @param out flushed, and not closed
   * @throws IOException if it cannot be written to
   */
  public static void write(JobReport report, OutputStream out) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      new ReportJson(json).report(report);
    }
  }

  private void report(JobReport report) throws IOException {
    json.writeStartObject();
    time("at", Optional.of(report.at()));
    job(report);
    usage(report.usage());
    json.writeArrayFieldStart("history");
    for (Event.JobEvent event : report.history()) {
      event(event);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("tasks");
    for (TaskReport task : report.tasks()) {
      task(task, report.description().finalTask().filter(task.name()::equals).isPresent());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("dependencies");
    for (Dependency dependency : report.dependencies()) {
      dependency(dependency);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("nodes");
    for (NodeReport node : report.nodes()) {
      node(node);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("attempts");
    for (AttemptReport attempt : report.attempts()) {
      attempt(attempt);
    }
    json.writeEndArray();
    json.writeNumberField("attemptsLeftOut", report.attemptsLeftOut());
    json.writeEndObject();
  }

  private void job(JobReport report) throws IOException {
    JobStatus job = report.job();
    json.writeStringField("jobId", job.id().value());
    json.writeStringField("name", job.name());
    json.writeStringField("description", report.description().description());
    json.writeStringField("state", job.state().serviceName());
    json.writeStringField("message", job.message());
    text("paused", job.paused());
    text("owner", job.owner());
    json.writeObjectFieldStart("labels");
    for (Map.Entry<String, String> label : job.labels().entrySet()) {
      json.writeStringField(label.getKey(), label.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("priority", job.priority());
    if (job.maxRunning().isPresent()) {
      json.writeNumberField("maxRunning", job.maxRunning().getAsInt());
    }
    time("created", Optional.of(job.created()));
    time("started", job.started());
    time("ended", job.ended());
    json.writeObjectFieldStart("instances");
    counts(job.instances());
    json.writeEndObject();
  }

  private void event(Event.JobEvent event) throws IOException {
    json.writeStartObject();
    time("at", Optional.of(event.at()));
    if (event instanceof Event.JobChanged changed) {
      json.writeStringField("state", changed.state().serviceName());
      json.writeStringField("message", changed.message());
    } else if (event instanceof Event.JobOperated operated) {
      json.writeStringField("operation", operated.operation().kind().name());
      if (operated.operation() instanceof JobOperation.SetPriority to) {
        json.writeNumberField("priority", to.priority());
      } else if (operated.operation() instanceof JobOperation.RestartFrom from) {
        json.writeStringField("task", from.task().value());
      }
      json.writeStringField("reason", operated.reason());
    }
    json.writeEndObject();
  }

  private void task(TaskReport task, boolean isFinal) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", task.name().value());
    json.writeStringField("state", task.status().state().serviceName());
    json.writeBooleanField("final", isFinal);
    counts(task.status().instances());
    time("started", task.status().started());
    time("ended", task.status().ended());
    asked(task);
    usage(task.usage());
    if (task.cpus().isPresent()) {
      json.writeNumberField("meanCpus", task.cpus().getAsDouble());
    }
    if (task.peakMemoryBytes().isPresent()) {
      json.writeNumberField("peakMemoryBytes", task.peakMemoryBytes().getAsLong());
    }
    json.writeNumberField("bookedMemoryBytes", task.bookedMemoryBytes());
    json.writeObjectFieldStart("phases");
    for (Map.Entry<Phase, PhaseSummary> phase : task.phases().entrySet()) {
      json.writeObjectFieldStart(phase.getKey().name());
      json.writeNumberField("attempts", phase.getValue().attempts());
      seconds("totalSeconds", phase.getValue().total());
      seconds("medianSeconds", phase.getValue().median());
      seconds("longestSeconds", phase.getValue().longest());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void asked(TaskReport task) throws IOException {
    Placement placement = task.description().placement();
    json.writeObjectFieldStart("asked");
    if (placement instanceof Placement.OnCluster on) {
      json.writeStringField("cluster", on.cluster().value());
    } else if (placement instanceof Placement.AutoCluster auto) {
      json.writeStringField("instanceType", auto.instanceType());
    }
    if (task.description().resources().isPresent()) {
      resources(task.description().resources().get());
    }
    json.writeEndObject();
  }

  private void resources(Resources resources) throws IOException {
    json.writeNumberField("cpus", BigDecimal.valueOf(resources.cpuMillis(), 3));
    json.writeNumberField("memoryBytes", resources.memoryBytes());
    json.writeNumberField("diskBytes", resources.diskBytes());
    json.writeNumberField("gpus", resources.gpus());
    json.writeObjectFieldStart("named");
    for (Map.Entry<String, Integer> named : resources.named().entrySet()) {
      json.writeNumberField(named.getKey(), named.getValue());
    }
    json.writeEndObject();
  }

  private void usage(UsageTotals usage) throws IOException {
    json.writeObjectFieldStart("usage");
    json.writeNumberField("attempts", usage.attempts());
    seconds("instanceSeconds", usage.instanceTime());
    seconds("cpuSeconds", usage.cpuTime());
    json.writeNumberField("memoryKibSeconds", usage.memoryKibSeconds());
    json.writeNumberField("bytesStaged", usage.bytesStaged());
    json.writeNumberField("bytesPublished", usage.bytesPublished());
    json.writeEndObject();
  }

  private void dependency(Dependency dependency) throws IOException {
    json.writeStartObject();
    json.writeStringField("before", dependency.before().value());
    json.writeStringField("after", dependency.after().value());
    text("condition", dependency.condition().map(Enum::name));
    json.writeBooleanField("perInstance", dependency.perInstance());
    json.writeEndObject();
  }

  private void node(NodeReport node) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", node.name());
    if (node.status().isPresent()) {
      NodeStatus status = node.status().get();
      json.writeStringField("cluster", status.cluster().value());
      json.writeStringField("group", status.group());
      json.writeStringField("executor", status.executor());
      json.writeStringField("state", status.state().serviceName());
      json.writeObjectFieldStart("capacity");
      resources(status.capacity());
      json.writeEndObject();
    }
    json.writeNumberField("attempts", node.attempts());
    json.writeNumberField("failed", node.failed());
    seconds("runningSeconds", node.runningTime());
    time("inUseFrom", node.inUse().map(Span::from));
    time("inUseTo", node.inUse().map(Span::to));
    json.writeEndObject();
  }

  private void attempt(AttemptReport attempt) throws IOException {
    AttemptStatus status = attempt.status();
    Usage usage = status.usage();
    json.writeStartObject();
    json.writeStringField("task", attempt.task().value());
    json.writeNumberField("index", attempt.instanceId().index());
    json.writeNumberField("attempt", status.id().number());
    json.writeStringField("node", status.node());
    json.writeStringField("instanceState", attempt.instance().serviceName());
    time("waitingSince", status.waitingSince());
    time("begun", status.begun());
    time("started", status.started());
    time("ended", status.ended());
    time("published", status.published());
    json.writeObjectFieldStart("phaseSeconds");
    for (Phase phase : Phase.values()) {
      Optional<Span> span = attempt.phases().get(phase);
      if (span.isPresent()) {
        seconds(phase.name(), span.get().length());
      }
    }
    json.writeEndObject();
    if (status.outcome().isPresent()) {
      Outcome outcome = status.outcome().get();
      json.writeStringField("outcome", outcome.kind().name());
      json.writeBooleanField("success", outcome.isSuccess());
      json.writeStringField("outcomeText", outcome.describe());
    }
    json.writeNumberField("memoryBytes", status.memoryBytes());
    if (usage.cpu().isPresent()) {
      seconds("cpuSeconds", usage.cpu().get());
    }
    if (usage.peakMemoryBytes().isPresent()) {
      json.writeNumberField("peakMemoryBytes", usage.peakMemoryBytes().getAsLong());
    }
    json.writeNumberField("bytesStaged", status.bytesStaged());
    json.writeNumberField("bytesPublished", status.bytesPublished());
    json.writeEndObject();
  }

  private void counts(Counts counts) throws IOException {
    json.writeNumberField("waiting", counts.waiting());
    json.writeNumberField("running", counts.running());
    json.writeNumberField("finished", counts.finished());
    json.writeNumberField("failed", counts.failed());
    json.writeNumberField("stopped", counts.stopped());
  }

  private void text(String field, Optional<String> text) throws IOException {
    if (text.isPresent()) {
      json.writeStringField(field, text.get());
    }
  }

  private void time(String field, Optional<Instant> time) throws IOException {
    text(field, time.map(Instant::toString));
  }

  /** To the millisecond, and without an exponent. */
  private void seconds(String field, Duration duration) throws IOException {
    json.writeNumberField(field, BigDecimal.valueOf(duration.toMillis(), 3));
  }
}
