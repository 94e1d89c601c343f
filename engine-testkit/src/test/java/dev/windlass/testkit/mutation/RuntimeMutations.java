package dev.windlass.testkit.mutation;

import static dev.windlass.testkit.mutation.Promises.ACCEPTED_OUTPUTS;
import static dev.windlass.testkit.mutation.Promises.CAPACITY;
import static dev.windlass.testkit.mutation.Promises.COMES_TO_AN_END;
import static dev.windlass.testkit.mutation.Promises.EVENTS_COMPLETE;
import static dev.windlass.testkit.mutation.Promises.EVIDENCE;
import static dev.windlass.testkit.mutation.Promises.GOES_ON;
import static dev.windlass.testkit.mutation.Promises.LOGS_READABLE;
import static dev.windlass.testkit.mutation.Promises.NOTHING_LEFT;
import static dev.windlass.testkit.mutation.Promises.ONE_RUN;
import static dev.windlass.testkit.mutation.Promises.SECRET;
import static dev.windlass.testkit.mutation.Promises.STARTED_ONCE;
import static dev.windlass.testkit.mutation.Promises.TIMEOUT;
import static dev.windlass.testkit.mutation.World.killed;
import static dev.windlass.testkit.mutation.World.powerCut;
import static dev.windlass.testkit.mutation.World.seed;
import static dev.windlass.testkit.mutation.World.written;

/**
 * The loop, the committer, and what drives the executors: planted in {@code core.runtime} and
 * {@code core.execution}.
 */
enum RuntimeMutations implements Mutation {
  GROUP_LOSES_THE_LAST_CHANGE(
      "runtime/Group",
      "return new Group(latestOnly(UsageSums.merged(changes)), effects);",
      "return new Group(latestOnly(changes.subList(0, Math.max(0, changes.size() - "
          + "(groups.size() > 1 ? 1 : 0)))), effects);",
      EVENTS_COMPLETE,
      seed(42)),
  GROUP_LOSES_EFFECTS(
      "runtime/Group",
      "effects.addAll(group.effects);",
      "effects.clear(); effects.addAll(group.effects);",
      NOTHING_LEFT,
      seed(5)),
  WRITES_CHANGES_BACKWARDS("runtime/Group", "Collections.reverse(kept);", "", GOES_ON, seed(1)),
  TELLS_A_COMMIT_BEFORE_THE_SYNC(
      "runtime/Committer",
      "Group group = Group.of(groups); try { if (!group.changes().isEmpty()) { "
          + "store.commit(group.changes()); } } catch (EngineException e) { failed(e); "
          + "return; } owner.committed(group);",
      "Group group = Group.of(groups); owner.committed(group); try { if "
          + "(!group.changes().isEmpty()) { store.commit(group.changes()); } } catch "
          + "(EngineException e) { failed(e); }",
      EVENTS_COMPLETE,
      seed(1)),
  IGNORES_A_FAILED_COMMIT(
      "runtime/Committer",
      "} catch (EngineException e) { failed(e); return; }",
      "} catch (EngineException e) { LOG.warn(\"ignored\", e); }",
      ONE_RUN,
      seed(2)),
  COMMITS_WHAT_A_DROPPED_CORE_DECIDED(
      "runtime/Committer",
      "if (commit.epoch() == epoch) {",
      "if (commit.epoch() <= epoch) {",
      STARTED_ONCE,
      written("store that fails under a job that is released by itself")),
  FORGETS_TO_TELL_THE_NEW_CORE(
      "runtime/EngineLoop", "attempts().tellAgain();", "", NOTHING_LEFT, seed(3)),
  NEW_CORE_KNOWS_NOTHING_OF_WHAT_RUNS(
      "runtime/EngineLoop",
      ".map(executor -> new Input.ExecutorReady(executor, attempts().alive(executor)))",
      ".map(executor -> new Input.ExecutorReady(executor, List.of()))",
      NOTHING_LEFT,
      seed(26)),
  NEW_CORE_TAKES_EVERY_EXECUTOR_FOR_READY(
      "runtime/EngineLoop",
      ".filter(attempts()::hasRecovered)",
      "",
      EVIDENCE,
      powerCut("store that fails before an executor tells what runs")),
  DOES_NOT_ASK_FOR_WHAT_IT_EXPECTS(
      "runtime/EngineLoop",
      "started.recover(executor, expected.getOrDefault(executor, Set.of()));",
      "started.recover(executor, Set.of());",
      COMES_TO_AN_END,
      killed("diamond")),
  SLEEPS_THROUGH_ITS_TIMERS(
      "runtime/EngineLoop", "wake = null; signal();", "wake = null;", TIMEOUT, seed(3)),
  FORGETS_TO_RELEASE(
      "execution/Attempts",
      "guarded(drive, \"release\", () -> executors.get(drive.executor).release(drive.id));",
      "",
      NOTHING_LEFT,
      seed(1)),
  LEAVES_FILES_OF_ATTEMPTS(
      "execution/KeptFiles", "files.clear(drive.id, keepsLogs(drive));", "", NOTHING_LEFT, seed(1)),
  KEEPS_NO_LOG_OF_A_FAILURE(
      "execution/KeptFiles", "|| isOnRecordAsFailed(id)", "", LOGS_READABLE, seed(2)),
  MASKS_NOTHING(
      "execution/EndedLogs",
      "publisher.maskLogs(plan, files.directory(drive.id), mask);",
      "",
      SECRET,
      seed(2)),
  KEEPS_FILES_OF_JOBS_THAT_ARE_GONE(
      "execution/KeptFiles",
      "if (gone.contains(job) && !isUnderWay.test(job)) {",
      "if (gone.contains(job) && isUnderWay.test(job)) {",
      NOTHING_LEFT,
      written("store that fails under a job that is released by itself")),
  KEEPS_A_CANCEL_TO_ITSELF(
      "execution/Drive", "return handedOver && end == null;", "return false;", TIMEOUT, seed(1)),
  PUBLISHES_WHAT_WAS_NOT_ACCEPTED(
      "execution/Attempts",
      "if (conclude.accepted()) { drive.published(publisher.publishOutputs(",
      "if (!conclude.accepted() || conclude.accepted()) { drive.published(publisher.publishOutputs(",
      ACCEPTED_OUTPUTS,
      seed(2)),
  TAKES_A_FAILED_PUBLISHING_FOR_DONE(
      "execution/Attempts",
      "staging.later(pause, () -> publish(drive, end, conclude, begunNanos, "
          + "longer(pause))); return; } LOG.warn(\"publishing of {} failed\", drive.id, e); "
          + "if (conclude.accepted()) {",
      "} if (conclude.accepted() && !e.isRetryable()) {",
      ACCEPTED_OUTPUTS,
      seed(4)),
  GUESSES_AFTER_AN_EXCEPTION(
      "execution/Attempts",
      "LOG.error(\"executor {} failed to launch {}\", launch.executor(), launch.id(), " + "e);",
      "end(drive, new Outcome.Refused(message(new RuntimeException(e)), true));",
      CAPACITY,
      seed(31)),
  FORGETS_WHAT_ENDED_MEANWHILE(
      "execution/Attempts",
      "reports.stream().map(AttemptReport::id).forEach(this::tellEnd);",
      "",
      NOTHING_LEFT,
      seed(4));

  @SuppressWarnings("ImmutableEnumChecker") // a record of records of texts
  private final Defect defect;

  RuntimeMutations(String file, String old, String replacement, String promise, World world) {
    this.defect = new Defect(new Change(file, old, replacement), promise, world);
  }

  @Override
  public Defect defect() {
    return defect;
  }
}
