package dev.windlass.core.engine;

import dev.windlass.AttemptStatus;
import dev.windlass.core.execution.Attempts;
import dev.windlass.core.store.StateStore;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.Outcome;
import dev.windlass.job.TaskDescription;
import java.util.Optional;

/** What a store knows of attempts and their tasks. */
record StoredRecords(StateStore store) implements Attempts.Records {
  @Override
  public Optional<TaskDescription> task(InstanceId instance) {
    return store.description(instance.job()).map(job -> job.tasks().get(instance.task()));
  }

  @Override
  public Optional<Outcome> outcome(AttemptId attempt) {
    return status(attempt).flatMap(AttemptStatus::outcome);
  }

  /** Says whether nothing of an attempt is to come any more; also of one that is not there. */
  boolean isOver(AttemptId attempt) {
    return status(attempt).map(status -> status.outcome().isPresent()).orElse(true);
  }

  private Optional<AttemptStatus> status(AttemptId attempt) {
    return store.attempts(attempt.instance()).stream()
        .filter(status -> status.id().equals(attempt))
        .findFirst();
  }
}
