package dev.windlass.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.JobOperation;
import dev.windlass.JobQuery;
import dev.windlass.Managed;
import dev.windlass.Page;
import dev.windlass.error.EngineException;
import dev.windlass.job.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Does something to jobs that are named, or to all that match. */
final class Management {

  @Parameters(
      arity = "0..*",
      paramLabel = "ID",
      description = "The jobs, or how their ids begin; without any, all that match the options.")
  private List<String> ids = new ArrayList<>();

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the job.")
  private String reason = "";

  @Mixin private Filter filter = new Filter();

  /** Says whether no job is meant. */
  boolean isEmpty() {
    return ids.isEmpty() && filter.isEmpty();
  }

  /** Refuses what does not say which jobs are meant. */
  void check() {
    if (isEmpty()) {
      throw new UsageException("say which jobs are meant: their ids, or options that they match");
    }
    if (!ids.isEmpty() && !filter.isEmpty()) {
      throw new UsageException("give ids or options that jobs match, not both");
    }
    try {
      JobOperation.checkReason(reason);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--reason: " + e.getMessage());
    }
  }

  /**
   * Does it, and tells what came of it. To be checked before.
   *
   * @return the exit code
   */
  int apply(Session session, JobOperation operation, Output output) {
    List<Managed> managed = ids.isEmpty() ? all(session, operation) : each(session, operation);
    output.print(() -> json(managed), () -> managed.forEach(Management::print));
    return managed.stream().allMatch(Managed::isDone) ? ExitCode.OK : ExitCode.REFUSED;
  }

  private List<Managed> each(Session session, JobOperation operation) {
    List<JobId> jobs =
        ids.stream().map(id -> JobFinder.find(session.engine(), id)).distinct().toList();
    List<Managed> managed = new ArrayList<>();
    for (JobId job : jobs) {
      try {
        session.control().manage(job, operation, reason);
        managed.add(new Managed(job, Optional.empty()));
      } catch (EngineException e) {
        managed.add(new Managed(job, Optional.of(e)));
      }
    }
    return managed;
  }

  private List<Managed> all(Session session, JobOperation operation) {
    JobQuery query = filter.query().limit(100);
    List<Managed> managed = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      Page<Managed> page =
          session.control().manage(next.map(query::after).orElse(query), operation, reason);
      managed.addAll(page.items());
      next = page.next();
    } while (next.isPresent());
    return managed;
  }

  private static ObjectNode json(List<Managed> managed) {
    ObjectNode object = Json.object();
    ArrayNode jobs = object.putArray("jobs");
    for (Managed each : managed) {
      ObjectNode job = jobs.addObject().put("id", each.job().value()).put("done", each.isDone());
      each.refusal()
          .ifPresent(
              e -> job.put("code", e.code().name()).put("message", String.valueOf(e.getMessage())));
    }
    return object;
  }

  private static void print(Managed managed) {
    managed
        .refusal()
        .ifPresentOrElse(
            e -> System.err.println("windlass: " + e.getMessage()),
            () -> System.out.println(managed.job() + " done"));
  }
}
