package dev.windlass.testkit.mutation;

/** The promises that the checkers of the simulator name, and that mutations break. */
final class Promises {
  static final String FAILS_ITS_JOB = "a failed task fails its job";
  static final String FINAL = "a final failure is final";
  static final String FINAL_TASK_LAST = "the final task comes last";
  static final String FINAL_TASK_RUNS = "the final task runs";
  static final String FINISHED_IS_FINAL = "finished is final";
  static final String CAPS = "caps are never exceeded";
  static final String CONDITIONS = "a finished job left out only what its conditions leave out";
  static final String TOLERATED = "what is tolerated fails no task";
  static final String MORE_MEMORY = "want of memory is met with more";
  static final String TIMEOUT = "a timeout is kept";
  static final String ACCEPTED_FIRST = "accepted before run";
  static final String ACCEPTED_IS_DURABLE = "accepted is durable";
  static final String DEVICES = "a device has one holder";
  static final String NAMED = "named resources are never exceeded";
  static final String CAPACITY = "capacity is never exceeded";
  static final String EVIDENCE = "causes are evidence";
  static final String COUNTS = "counts are right";
  static final String CONSUMERS_MISS_NOTHING = "a consumer is told everything";
  static final String STARTED_ONCE = "an attempt starts once";
  static final String EVENTS_COMPLETE = "events are complete";
  static final String EVENTS_IN_ORDER = "events in order";
  static final String COMES_TO_AN_END = "every job comes to its end";
  static final String RETRIES = "every retry is used";
  static final String NO_ATTEMPT_LOST = "no attempt is lost";
  static final String NOTHING_LEFT = "nothing is left behind";
  static final String NOTHING_UNEXPECTED = "nothing unexpected";
  static final String ONE_RUN = "one id, one run";
  static final String ONE_TOKEN = "one token, one job";
  static final String ONLY_USERS_STOP = "only users stop a job";
  static final String WHOLE_OUTPUTS = "outputs appear whole or not at all";
  static final String ACCEPTED_OUTPUTS = "outputs are those of the accepted attempt";
  static final String PARENTS_FIRST = "parents before children";
  static final String STOPPED_MEANS_ENDED = "stopped means ended";
  static final String GOES_ON = "the engine goes on";
  static final String PAUSE = "the pause before a retry is kept";
  static final String ACKNOWLEDGED = "what is acknowledged stays";
  static final String HELD = "nothing begins while a job is paused";
  static final String AFTER_RUNS_AGAIN = "what comes after what runs again runs again";
  static final String LOGS_READABLE = "logs stay readable";
  static final String SECRET = "what is secret is shown to nobody";
  static final String KEEPS_FILES = "what runs keeps its files";

  static final String OPENS = "the engine opens";
  static final String TOLD_WHEN_DURABLE = "told when durable";
  static final String KEPT_FILES = "what is kept keeps its files";

  private Promises() {}
}
