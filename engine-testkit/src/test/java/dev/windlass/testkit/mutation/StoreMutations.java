package dev.windlass.testkit.mutation;

import static dev.windlass.testkit.mutation.Promises.ACCEPTED_IS_DURABLE;
import static dev.windlass.testkit.mutation.Promises.ACCEPTED_OUTPUTS;
import static dev.windlass.testkit.mutation.Promises.ACKNOWLEDGED;
import static dev.windlass.testkit.mutation.Promises.COMES_TO_AN_END;
import static dev.windlass.testkit.mutation.Promises.COUNTS;
import static dev.windlass.testkit.mutation.Promises.KEEPS_FILES;
import static dev.windlass.testkit.mutation.Promises.KEPT_FILES;
import static dev.windlass.testkit.mutation.Promises.NOTHING_LEFT;
import static dev.windlass.testkit.mutation.Promises.NO_ATTEMPT_LOST;
import static dev.windlass.testkit.mutation.Promises.ONE_RUN;
import static dev.windlass.testkit.mutation.Promises.ONE_TOKEN;
import static dev.windlass.testkit.mutation.Promises.TOLD_WHEN_DURABLE;
import static dev.windlass.testkit.mutation.Promises.WHOLE_OUTPUTS;
import static dev.windlass.testkit.mutation.World.killed;
import static dev.windlass.testkit.mutation.World.realStore;
import static dev.windlass.testkit.mutation.World.seed;

/** Files, outputs and records: planted in {@code core.staging} and {@code core.store}. */
enum StoreMutations implements Mutation {
  DOES_NOT_COMMIT_AN_UPLOAD(
      "staging/Publisher",
      "return upload.commit();",
      "return new ObjectInfo(object, 0, java.time.Instant.EPOCH, \"1\");",
      ACCEPTED_OUTPUTS,
      seed(1)),
  LEAVES_UPLOADS_OPEN(
      "staging/Publisher",
      "try (ObjectUpload upload = storages.upload(file, object)) { return upload.commit(); }",
      "return storages.upload(file, object).commit();",
      NOTHING_LEFT,
      seed(24)),
  PUBLISHES_HALF_A_FILE(
      "staging/Storages",
      "in.transferTo(out);",
      "out.write(in.readNBytes(20));",
      WHOLE_OUTPUTS,
      seed(1)),
  SWEEPS_WHAT_RUNS(
      "staging/RunFiles",
      "if (!alive.test(id)) {",
      "if (!alive.test(id) || alive.test(id)) {",
      KEEPS_FILES,
      seed(1)),
  SWEEPS_WHAT_IS_KEPT(
      "execution/KeptFiles",
      "alive.test(attempt) || reserved.test(attempt)",
      "alive.test(attempt)",
      KEPT_FILES,
      killed("failures that keep their capacity")),
  SWEEPS_NOTHING(
      "staging/RunFiles", "clear(id, keepsLogs.test(id)); }", "}", NOTHING_LEFT, killed("chain")),
  SHARES_A_DIRECTORY_AMONG_INSTANCES(
      "staging/RunFiles",
      "id.instance().index() + \".\" + id.number()",
      "\"0.\" + id.number()",
      KEEPS_FILES,
      seed(1)),
  LOSES_THE_TOKEN(
      "store/SqliteWriter",
      "Columns.setText(job, 8, token);",
      "Columns.setText(job, 8, Optional.empty());",
      ONE_TOKEN,
      realStore(7)),
  DELETE_LEAVES_THE_JOB(
      "store/SqliteWriter",
      "update(\"DELETE FROM job WHERE seq = ?\", removed.sequence());",
      "",
      ACKNOWLEDGED,
      realStore(10)),
  RESETS_WHAT_HAS_FINISHED(
      "store/SqliteWriter",
      "WHERE job = ?1 AND state IN ('Failed', 'Stopped') AND",
      "WHERE job = ?1 AND state IN ('Failed', 'Stopped', 'Finished') OR",
      COUNTS,
      realStore(96)),
  LOSES_HISTORY(
      "store/SqliteWriter",
      "FROM instance WHERE job = ? AND task = ? AND idx = ?",
      "FROM instance WHERE job = ? AND task = ? AND idx < ?",
      NO_ATTEMPT_LOST,
      realStore(1)),
  REUSES_JOB_IDS(
      "store/SqliteWriter", "last.executeUpdate();", "", ACCEPTED_IS_DURABLE, realStore(1)),
  FORGETS_TO_COMMIT(
      "store/SqliteStore",
      "target.write(changes); connection.commit();",
      "target.write(changes);",
      ACKNOWLEDGED,
      realStore(2)),
  FORGETS_RETRIES_THAT_WAIT(
      "store/JobLoader",
      "AND NOT active AND attempt <= \" + task",
      "AND NOT active AND attempt <= 9 + \" + task",
      ONE_RUN,
      realStore(1)),
  FORGETS_JOBS_THAT_STILL_STOP(
      "store/JobLoader",
      "OR active_attempts > 0",
      "OR active_attempts > 99",
      COMES_TO_AN_END,
      realStore(186)),
  MISREADS_OUTCOMES(
      "store/Columns",
      "case SIGNALLED -> new Outcome.Signalled(Integer.parseInt(detail));",
      "case SIGNALLED -> new Outcome.Exited(128 + Integer.parseInt(detail));",
      TOLD_WHEN_DURABLE,
      realStore(1));

  @SuppressWarnings("ImmutableEnumChecker") // a record of records of texts
  private final Defect defect;

  StoreMutations(String file, String old, String replacement, String promise, World world) {
    this.defect = new Defect(new Change(file, old, replacement), promise, world);
  }

  @Override
  public Defect defect() {
    return defect;
  }
}
