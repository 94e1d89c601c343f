package dev.windlass.testkit.mutation;

import static dev.windlass.testkit.mutation.Promises.CAPS;
import static dev.windlass.testkit.mutation.Promises.COMES_TO_AN_END;
import static dev.windlass.testkit.mutation.Promises.CONDITIONS;
import static dev.windlass.testkit.mutation.Promises.FAILS_ITS_JOB;
import static dev.windlass.testkit.mutation.Promises.FINAL;
import static dev.windlass.testkit.mutation.Promises.FINAL_TASK_LAST;
import static dev.windlass.testkit.mutation.Promises.FINAL_TASK_RUNS;
import static dev.windlass.testkit.mutation.Promises.FINISHED_IS_FINAL;
import static dev.windlass.testkit.mutation.Promises.MORE_MEMORY;
import static dev.windlass.testkit.mutation.Promises.NAMED;
import static dev.windlass.testkit.mutation.Promises.PARENTS_FIRST;
import static dev.windlass.testkit.mutation.Promises.RETRIES;
import static dev.windlass.testkit.mutation.Promises.TOLERATED;
import static dev.windlass.testkit.mutation.World.killed;
import static dev.windlass.testkit.mutation.World.seed;
import static dev.windlass.testkit.mutation.World.written;

/**
 * What may begin, and what follows from failures: planted in {@code core.schedule} and {@code
 * core.job}.
 */
enum SchedulingMutations implements Mutation {
  IGNORES_THE_CAP_OF_A_TASK(
      "job/TaskRun", "&& hasWaiting() && !isCapped();", "&& hasWaiting();", CAPS, seed(1)),
  EXCEEDS_THE_CAP_OF_A_JOB(
      "job/JobRun",
      "running >= maxRunning.getAsInt()",
      "running > maxRunning.getAsInt()",
      CAPS,
      seed(13)),
  FORGETS_A_JOB_THAT_CAME_TO_ITS_CAP(
      "job/Placer",
      "update(task); capChanged(task.job);",
      "update(task);",
      COMES_TO_AN_END,
      seed(6)),
  PARKS_A_SHARE_FOR_EVER("schedule/ShareQueue", "parked = false;", "", COMES_TO_AN_END, seed(1)),
  KEEPS_A_NAME_FOR_EVER(
      "schedule/NamedPool",
      "kept.removeIf(each -> each.holder() == holder);",
      "",
      COMES_TO_AN_END,
      seed(5)),
  IGNORES_WHAT_IS_BOOKED_OF_A_NAME(
      "schedule/NamedPool",
      "(long) counter.total - counter.booked",
      "(long) counter.total",
      NAMED,
      written("devices and licences")),
  FORGETS_THAT_A_NAME_CAME_BACK(
      "schedule/Booking",
      "named.giveBack();",
      "",
      COMES_TO_AN_END,
      written("devices and licences")),
  IGNORES_CONDITIONS(
      "job/Core",
      "if (task.unmetConditions == 0) {",
      "if (task.unmetConditions >= 0) {",
      PARENTS_FIRST,
      seed(7)),
  TAKES_A_FAILURE_FOR_A_SUCCESS(
      "job/TaskRun",
      "case SUCCESS -> before.state == State.FINISHED;",
      "case SUCCESS -> before.state != State.STOPPED;",
      PARENTS_FIRST,
      seed(51)),
  FORGETS_CONDITIONS_AT_A_RESTART(
      "job/JobsInMemory",
      "forEach(successor -> successor.predecessorEnded(task));",
      "forEach(successor -> successor.unfinishedPredecessors--);",
      PARENTS_FIRST,
      seed(137)),
  LEAVES_OUT_TOO_MUCH(
      "job/TaskRun", "case ALWAYS -> true;", "case ALWAYS -> false;", CONDITIONS, seed(2)),
  TOLERATES_ONE_LESS(
      "job/TaskRun",
      "return failed > plan.task().tolerance().of(instanceCount);",
      "return failed > Math.max(0, plan.task().tolerance().of(instanceCount) - 1);",
      TOLERATED,
      seed(6)),
  FORGETS_THAT_IT_IS_ABOUT_TO_FAIL(
      "job/Completion",
      "task.job.beginToEnd(Ending.failed(reason(instance)));",
      "",
      FAILS_ITS_JOB,
      seed(6)),
  FORGETS_AT_A_RESTART_THAT_IT_IS_ABOUT_TO_FAIL(
      "job/JobRun",
      "ending = record.ending().orElse(null);",
      "",
      FAILS_ITS_JOB,
      killed("failure of a job that lets finish what runs")),
  BEGINS_BEFORE_ALL_INSTANCES_BEFORE_HAVE_FINISHED(
      "job/InstanceGate",
      "boolean all = before.stream().allMatch(",
      "boolean all = before.stream().anyMatch(",
      PARENTS_FIRST,
      seed(29)),
  FORGETS_WHAT_IS_LEFT_OUT(
      "job/Completion",
      "leaveOutAfter(task, RoaringBitmap.bitmapOf(index), now);",
      "",
      COMES_TO_AN_END,
      written("pipeline of shards with failures and retries")),
  FORGETS_AT_A_RESTART_WHAT_IS_LEFT_OUT(
      "job/InstanceGate",
      "leftOut.or(task.neverToFinish(stored.failed().get(task.ordinal)));",
      "",
      COMES_TO_AN_END,
      killed("pipeline of shards with failures and retries")),
  FORGETS_AT_A_RESTART_WHAT_MAY_BEGIN(
      "job/InstanceGate",
      "ready.or(before.get(0).finishedDurably);",
      "",
      COMES_TO_AN_END,
      killed("pipeline of shards with failures and retries")),
  BEGINS_THE_FINAL_TASK_TOO_EARLY(
      "job/JobRun",
      "last.activeAttempts() == activeAttempts",
      "last.activeAttempts() >= 0",
      FINAL_TASK_LAST,
      written("stop of a job with a final task")),
  SKIPS_THE_FINAL_TASK_OF_A_JOB_THAT_FAILS(
      "job/Completion",
      "if (job.finalTask().isPresent()) { job.beginToEnd(ending);",
      "if (job.finalTask().isPresent() && ending.state() != State.FAILED) {"
          + " job.beginToEnd(ending);",
      FINAL_TASK_RUNS,
      written("failure of a job with a final task")),
  KEEPS_THE_OLD_END_OF_A_FINAL_TASK(
      "job/Restarts",
      "output.change(new Change.TaskReset(task.job.sequence, task.ordinal, whole));",
      "",
      FINISHED_IS_FINAL,
      written("restart of a job with a final task")),
  LEARNS_NO_MEMORY(
      "job/TaskRun",
      "return memoryBytes > request.memoryBytes()",
      "return memoryBytes < 0",
      MORE_MEMORY,
      seed(1)),
  TRIES_AGAIN_WITH_ALL_THE_MEMORY_THERE_IS(
      "job/Progress",
      "return task.learnedMemoryBytes() > had;",
      "return true;",
      FINAL,
      written("want of memory")),
  TAKES_A_RULES_TRIES_FROM_THE_PROGRAM(
      "schedule/Retries",
      "return Budget.ofRule(rule.getAsInt());",
      "return Budget.PROGRAM;",
      RETRIES,
      seed(8));

  @SuppressWarnings("ImmutableEnumChecker") // a record of records of texts
  private final Defect defect;

  SchedulingMutations(String file, String old, String replacement, String promise, World world) {
    this.defect = new Defect(new Change(file, old, replacement), promise, world);
  }

  @Override
  public Defect defect() {
    return defect;
  }
}
