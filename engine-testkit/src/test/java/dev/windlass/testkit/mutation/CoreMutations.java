package dev.windlass.testkit.mutation;

import static dev.windlass.testkit.mutation.Promises.ACCEPTED_IS_DURABLE;
import static dev.windlass.testkit.mutation.Promises.ACCEPTED_OUTPUTS;
import static dev.windlass.testkit.mutation.Promises.AFTER_RUNS_AGAIN;
import static dev.windlass.testkit.mutation.Promises.COMES_TO_AN_END;
import static dev.windlass.testkit.mutation.Promises.COUNTS;
import static dev.windlass.testkit.mutation.Promises.EVENTS_COMPLETE;
import static dev.windlass.testkit.mutation.Promises.EVENTS_IN_ORDER;
import static dev.windlass.testkit.mutation.Promises.EVIDENCE;
import static dev.windlass.testkit.mutation.Promises.FAILS_ITS_JOB;
import static dev.windlass.testkit.mutation.Promises.FINAL;
import static dev.windlass.testkit.mutation.Promises.HELD;
import static dev.windlass.testkit.mutation.Promises.NOTHING_LEFT;
import static dev.windlass.testkit.mutation.Promises.NOTHING_UNEXPECTED;
import static dev.windlass.testkit.mutation.Promises.ONE_RUN;
import static dev.windlass.testkit.mutation.Promises.ONLY_USERS_STOP;
import static dev.windlass.testkit.mutation.Promises.PARENTS_FIRST;
import static dev.windlass.testkit.mutation.Promises.PAUSE;
import static dev.windlass.testkit.mutation.Promises.RETRIES;
import static dev.windlass.testkit.mutation.Promises.STOPPED_MEANS_ENDED;
import static dev.windlass.testkit.mutation.Promises.TIMEOUT;
import static dev.windlass.testkit.mutation.World.killed;
import static dev.windlass.testkit.mutation.World.seed;
import static dev.windlass.testkit.mutation.World.written;

/** How attempts, instances, tasks and jobs go on: planted in {@code core.job}. */
enum CoreMutations implements Mutation {
  OPENS_A_TASK_AT_ITS_FIRST_PARENT(
      "job/TaskRun",
      "unfinishedPredecessors--;",
      "unfinishedPredecessors = 0;",
      PARENTS_FIRST,
      seed(3)),
  IGNORES_FAIL_ON_INSTANCE_FAIL(
      "job/Completion",
      "case STOP_AT_ONCE -> fail(task.job, reason(instance), now);",
      "case STOP_AT_ONCE -> { if (task.allEnded()) { endTask(task, now); } }",
      FAILS_ITS_JOB,
      seed(2)),
  LETS_SIBLINGS_RUN_ON(
      "job/Completion",
      "if (instance.phase() != Phase.CONCLUDING) { cancel(instance); }",
      "instance.cancelled = true;",
      STOPPED_MEANS_ENDED,
      seed(8)),
  COUNTS_A_LOSS_AS_A_RETRY(
      "schedule/Retries",
      "case LOST, CANCELLED, REFUSED, STAGE_IN_FAILED, STAGE_OUT_FAILED -> Budget.LOSSES;",
      "case LOST, CANCELLED, REFUSED, STAGE_IN_FAILED, STAGE_OUT_FAILED -> Budget.PROGRAM;",
      RETRIES,
      seed(94)),
  COUNTS_A_FAILURE_AS_A_LOSS(
      "schedule/Retries",
      "case EXITED, SIGNALLED, TIMED_OUT -> Budget.PROGRAM;",
      "case EXITED, SIGNALLED, TIMED_OUT -> Budget.LOSSES;",
      PAUSE,
      seed(39)),
  ONE_RETRY_TOO_FEW(
      "schedule/Retries",
      "spent.of(budget) < limit(policy, budget)",
      "spent.of(budget) + 1 < limit(policy, budget)",
      RETRIES,
      seed(2)),
  ONE_RETRY_TOO_MANY(
      "schedule/Retries",
      "spent.of(budget) < limit(policy, budget)",
      "spent.of(budget) <= limit(policy, budget)",
      FINAL,
      seed(9)),
  IGNORES_FINAL_FAILURES(
      "schedule/Retries",
      "if (!outcome.isRetryable() || rule.map(found -> !found.again()).orElse(false)) {",
      "if (!outcome.isRetryable()) {",
      FINAL,
      seed(14)),
  LOSES_A_RETRY(
      "job/Progress",
      "output.effect(new Effect.Feed(new Input.RetryDurable(instance.attemptId())));",
      "",
      COMES_TO_AN_END,
      seed(1)),
  SHORTENS_THE_PAUSE(
      "job/Progress",
      "timers.set(now, pause, Timers.Kind.RETRY, failed);",
      "timers.set(now, pause.dividedBy(10), Timers.Kind.RETRY, failed);",
      PAUSE,
      seed(1)),
  ACCEPTS_WHAT_IT_CANCELLED(
      "job/Progress",
      "return outcome.isSuccess() && !instance.cancelled && instance.state() == "
          + "State.RUNNING;",
      "return outcome.isSuccess();",
      ACCEPTED_OUTPUTS,
      seed(1)),
  PUBLISHES_FAILURES(
      "job/Progress",
      "return outcome.isSuccess() && !instance.cancelled",
      "return !instance.cancelled",
      ACCEPTED_OUTPUTS,
      seed(2)),
  TAKES_A_STOP_FOR_A_TIMEOUT(
      "job/Progress",
      "instance.timedOut ? new Outcome.TimedOut(",
      "instance.cancelled ? new Outcome.TimedOut(",
      EVIDENCE,
      seed(2)),
  NEVER_TIMES_OUT(
      "job/Progress", "running.ifPresent(ran -> limit(instance, ran, now));", "", TIMEOUT, seed(3)),
  REUSES_ATTEMPT_NUMBERS("job/TaskRun", "attemptBase = lastAttempt;", "", ONE_RUN, seed(14)),
  RESTARTS_A_FINISHED_JOB(
      "job/OperationRules",
      "state == State.FAILED || state == State.STOPPED,",
      "state.isEnded(),",
      EVENTS_IN_ORDER,
      seed(15)),
  BEGINS_WHILE_PAUSED(
      "job/TaskRun",
      "return mayBeginOnceResumed() && !job.isHeld();",
      "return mayBeginOnceResumed();",
      HELD,
      written("pause of a job that works")),
  FORGETS_A_PAUSE(
      "job/JobRun", "paused = record.paused();", "", HELD, killed("pause of a job that works")),
  NEVER_RESUMES(
      "job/Operations",
      "job.resuming = false;",
      "",
      COMES_TO_AN_END,
      written("pause of a job that works")),
  RESTARTS_A_TASK_WITHOUT_THOSE_AFTER_IT(
      "job/Restarts",
      "Arrays.stream(job.graph.successors(task.number)).mapToObj(job.tasks::get).forEach(whole::add);",
      "Arrays.stream(job.graph.successors(task.number)).mapToObj(job.tasks::get).forEach(any -> {});",
      AFTER_RUNS_AGAIN,
      written("restart of a finished job from a task on")),
  RESTART_KEEPS_OLD_RECORDS(
      "job/Restarts",
      "output.change(new Change.InstancesReset(job.sequence));",
      "",
      FINAL,
      written("restart of a failed job")),
  LOSES_AN_OPERATION_THAT_WAITS(
      "job/Completion",
      "output.effect(new Effect.Feed(operation));",
      "jobs.has(job.id);",
      NOTHING_UNEXPECTED,
      written("restart of a job that is being stopped")),
  CALLS_A_JOB_OVER_WHILE_IT_RUNS(
      "job/JobRun",
      "return state.isEnded() && activeAttempts == 0;",
      "return state.isEnded();",
      NOTHING_LEFT,
      seed(8)),
  DELETE_LEAVES_FILES(
      "job/Completion", "output.effect(new Effect.ForgetFiles(job));", "", NOTHING_LEFT, seed(4)),
  DELETES_JOBS_UNASKED(
      "job/Completion",
      "job.description.autoRelease() && job.state() == State.FINISHED;",
      "job.state() == State.FINISHED;",
      ACCEPTED_IS_DURABLE,
      seed(1)),
  MISCOUNTS_STOPPED_INSTANCES("job/Completion", "task.stopped++;", "", COUNTS, seed(2)),
  WITHDRAWS_A_JOB_BY_HALVES(
      "job/Operations",
      "job.deleting = true; output.changed(job); if (!job.state().isEnded()) {",
      "if (!job.state().isEnded()) {",
      ONLY_USERS_STOP,
      killed("slow store that fails at a submission")),
  DROPS_THE_EVENT_OF_A_START(
      "job/Progress",
      "output.emit( new Event.InstanceChanged(instance.id, now.wall(), State.RUNNING, "
          + "Optional.empty()));",
      "",
      EVENTS_IN_ORDER,
      seed(1)),
  DROPS_THE_EVENT_OF_AN_END(
      "job/Completion",
      "emitJob(job, now); if (job.isOver()) {",
      "if (job.isOver()) {",
      EVENTS_COMPLETE,
      seed(5)),
  TELLS_EVENTS_BACKWARDS(
      "job/Output",
      "events.add(new Change.EventRecorded(event));",
      "events.add(0, new Change.EventRecorded(event));",
      EVENTS_IN_ORDER,
      written("restart of a failed job"));

  @SuppressWarnings("ImmutableEnumChecker") // a record of records of texts
  private final Defect defect;

  CoreMutations(String file, String old, String replacement, String promise, World world) {
    this.defect = new Defect(new Change(file, old, replacement), promise, world);
  }

  @Override
  public Defect defect() {
    return defect;
  }
}
