package dev.windlass.testkit.store;

import dev.windlass.core.job.Change;
import dev.windlass.core.job.JobRecord;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Groups of changes that can be told apart. */
final class Groups {
  private static final JobDescription DESCRIPTION =
      JobDescription.builder("one")
          .task("only", TaskDescription.builder(Command.of("program")).build())
          .build();

  private Groups() {}

  /** A job is accepted; the higher its sequence, the larger the group, up to a point. */
  static List<Change> accepting(long sequence) {
    JobRecord record =
        new JobRecord(
            new JobId(String.format("job-%032x", sequence)),
            sequence,
            State.WAITING,
            0,
            OptionalInt.empty(),
            Optional.empty(),
            "",
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty(),
            0,
            false,
            Optional.empty());
    List<Change> group = new ArrayList<>();
    group.add(new Change.JobAccepted(record, DESCRIPTION, Optional.empty()));
    for (int i = 0; i < sequence % 13; i++) {
      group.add(new Change.JobChanged(record));
    }
    return group;
  }
}
