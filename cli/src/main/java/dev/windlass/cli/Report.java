package dev.windlass.cli;

import dev.windlass.Counts;
import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobStatus;
import dev.windlass.TaskStatus;
import dev.windlass.job.JobDescription;
import dev.windlass.job.Mapping;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tables about jobs, for people. */
final class Report {

  /** Of many outputs or failed instances the first tell the story. */
  private static final int MOST_SHOWN = 10;

  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  void jobs(List<JobStatus> jobs) {
    Table table = new Table("ID", "NAME", "STATE", ">TASKS", ">INSTANCES", "CREATED", "ENDED");
    for (JobStatus job : jobs) {
      table.row(
          job.id(),
          job.name(),
          job.state().serviceName(),
          job.tasks().total(),
          job.instances().total(),
          Words.time(Optional.of(job.created())),
          Words.time(job.ended()));
    }
    table.lines().forEach(out::println);
  }

  void job(Snapshot snapshot) {
    JobStatus job = snapshot.job();
    String time = job.ended().isPresent() ? " in " + Words.between(job.started(), job.ended()) : "";
    out.println(job.id() + "  " + job.name() + "  " + job.state().serviceName() + time);
    job.paused().ifPresent(reason -> out.println(Words.paused(reason)));
    if (!job.message().isEmpty()) {
      out.println(job.message());
    }
    out.println();
    Table table =
        new Table(
            "TASK", "STATE", ">WAITING", ">RUNNING", ">FINISHED", ">FAILED", ">STOPPED", ">TIME");
    for (TaskStatus task : snapshot.tasks()) {
      Counts counts = task.instances();
      table.row(
          task.name(),
          task.state().serviceName(),
          counts.waiting(),
          counts.running(),
          counts.finished(),
          counts.failed(),
          counts.stopped(),
          Words.between(task.started(), task.ended()));
    }
    table.lines().forEach(out::println);
  }

  void instances(List<InstanceStatus> instances) {
    Table table = new Table(">INDEX", "STATE", ">ATTEMPTS", "NODE", "STARTED", ">TIME", "OUTCOME");
    for (InstanceStatus instance : instances) {
      table.row(
          instance.id().index(),
          instance.state().serviceName(),
          instance.attempts(),
          instance.node().isEmpty() ? "-" : instance.node(),
          Words.time(instance.started()),
          Words.between(instance.started(), instance.ended()),
          instance.outcome().map(Outcome::describe).orElse("-"));
    }
    table.lines().forEach(out::println);
  }

  /** Where finished tasks have put what they made. */
  void outputs(Snapshot snapshot, JobDescription description, Stores stores) {
    Set<String> uris = new LinkedHashSet<>();
    for (TaskStatus task : snapshot.tasks()) {
      TaskDescription described = description.tasks().get(task.name());
      if (described != null && task.instances().finished() > 0) {
        described.mappings().stream()
            .filter(mapping -> mapping.direction() == Mapping.Direction.OUTPUT)
            .forEach(mapping -> uris.add(mapping.store()));
      }
    }
    if (uris.isEmpty()) {
      return;
    }
    Table table = new Table("OUTPUT", "ON THIS HOST");
    uris.stream()
        .limit(MOST_SHOWN)
        .forEach(uri -> table.row(uri, stores.locate(uri).map(Report::fromHere).orElse("-")));
    out.println();
    table.lines().forEach(out::println);
    sayRest(uris.size());
  }

  /** As short as it can be typed from the current directory. */
  private static String fromHere(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return (path.startsWith(here) ? here.relativize(path) : path).toString();
  }

  /** Which instances failed, how, and where to read on. */
  void failures(Snapshot snapshot, Engine engine) {
    Table table = new Table("FAILED", "OUTCOME", "READ ON WITH");
    long failed = 0;
    for (TaskStatus task : snapshot.tasks()) {
      long room = MOST_SHOWN - Math.min(failed, MOST_SHOWN);
      failed += task.instances().failed();
      if (task.instances().failed() > 0 && room > 0) {
        InstanceQuery query = InstanceQuery.all().inState(State.FAILED).limit((int) room);
        engine
            .instances(task.job(), task.name(), query)
            .items()
            .forEach(instance -> failure(table, instance));
      }
    }
    if (failed > 0) {
      out.println();
      table.lines().forEach(out::println);
      sayRest(failed);
    }
  }

  private static void failure(Table table, InstanceStatus instance) {
    String task = instance.id().task().value();
    int index = instance.id().index();
    table.row(
        task + "/" + index,
        instance.outcome().map(Outcome::describe).orElse("-"),
        "windlass log " + instance.id().job() + " " + task + " " + index + " --stderr");
  }

  private void sayRest(long all) {
    if (all > MOST_SHOWN) {
      out.println("and " + (all - MOST_SHOWN) + " more");
    }
  }
}
