package dev.windlass.testkit.executor;

import dev.windlass.executor.Executor;
import java.util.function.Supplier;

/** Executors with exactly one defect, and how the suite tells it: test, sentence, what was seen. */
enum ExecutorDefect {
  LOSES_THE_EXIT_CODE(
      ProgramDefects::losesTheExitCode,
      "theExitCodeIsTheProgramsOwn",
      Sentences.OWN_CODE,
      "Exited[code=1]"),
  GUESSES_OUT_OF_MEMORY(
      ProgramDefects::guessesOutOfMemory,
      "aProgramThatWasKilledIsNotTakenForOneOutOfMemory",
      "An outcome MUST be proven.",
      "OutOfMemory[evidence=exit code 137]"),
  FORGETS_A_GRANDCHILD(
      ProgramDefects::forgetsAGrandchild,
      "descendantsInSessionsOfTheirOwnAreGoneAfterAnExit",
      Sentences.ALL_GONE,
      "while :; do sleep 60; done"),
  REPORTS_TWICE(
      ReportDefects::reportsTwice,
      "anAttemptEndsInExactlyOneEnded",
      Sentences.ONE_END,
      "Expected size: 1 but was: 2"),
  REPORTS_BEFORE_THE_START(
      ReportDefects::reportsBeforeTheStart,
      "aProgramThatCannotBeFoundIsRefused",
      Sentences.CANNOT_START,
      "Started (reported in life 1)"),
  REPORTS_THE_END_BEFORE_THE_START(
      ReportDefects::reportsTheEndBeforeTheStart,
      "startedPrecedesEnded",
      Sentences.STARTED_FIRST,
      "[ENDED, STARTED]"),
  REPORTS_NO_START(
      ReportDefects::reportsNoStart, "startedPrecedesEnded", Sentences.STARTED_FIRST, "[ENDED]"),
  REPORTS_THE_END_WHEN_IT_IS_WISHED(
      ReportDefects::reportsTheEndWhenItIsWished,
      "cancelEndsTheAttempt",
      Sentences.ALL_GONE,
      "at the report of its end"),
  SWAPS_TWO_REPORTS(
      ReportDefects::swapsTwoReports,
      "launchesInAnyOrderDoNotMixUpReports",
      Sentences.NOT_MIXED_UP,
      "[0, 1]\nbut: "),
  REPORTS_AFTER_CLOSE(
      ReportDefects::reportsAfterClose,
      "nothingIsReportedAfterClose",
      Sentences.SILENT_AFTER_CLOSE,
      "reported was "),
  KEEPS_RELEASED_EVIDENCE(
      ReportDefects::keepsReleasedEvidence,
      "whateverIsCalledHowOftenAnAttemptRunsOnceAndEndsOnce",
      Sentences.RELEASED,
      "shortest scenario that breaks it: []\n"),
  FORGETS_EVIDENCE_TOO_EARLY(
      ReportDefects::forgetsEvidenceTooEarly,
      "thereIsEvidenceOfAnAttemptUntilItIsReleased",
      Sentences.EVIDENCE,
      "was not recovered as ended"),
  REUSES_AN_ID_AFTER_A_RESTART(
      ReportDefects::reusesAnIdAfterARestart,
      "anExpectedAttemptThatNeverBeganIsFencedAndNeverBegins",
      Sentences.FENCED,
      "starts after it was fenced"),
  RUNS_A_DUPLICATE_LAUNCH_TWICE(
      ReportDefects::runsADuplicateLaunchAgain,
      "whateverIsCalledHowOftenAnAttemptRunsOnceAndEndsOnce",
      Sentences.STARTED_ONCE,
      "shortest scenario that breaks it: [LAUNCH 0, LAUNCH 0]\n"),
  LEAKS_A_FILE_PER_ATTEMPT(
      ReportDefects::leaksAFilePerAttempt,
      "releaseLeavesNothingBehind",
      Sentences.RELEASED,
      "contract-0"),
  LEAKS_A_THREAD(
      ReportDefects::leaksAThread,
      "closeLetsGoOfThreads",
      "Ends work for the engine and lets go of threads.",
      "watcher"),
  ANSWERS_FOR_OTHER_ENGINES(
      ReportDefects::answersForOtherEngines,
      "recoverKnowsTheAttemptsOfItsEngineOnly",
      "every other one of this engine of which there is evidence",
      "Expecting empty but was"),
  DECLARES_MORE_THAN_IT_DOES(
      ReportDefects::declaresMoreThanItDoes,
      "whatRunsSurvivesTheHostOrIsEndedByClose",
      Sentences.AFTER_CLOSE,
      "AttemptReport.Started"),
  TRIMS_ARGUMENTS(
      ProgramDefects::trimsArguments,
      "argumentsReachTheProgramUnchanged",
      Sentences.ARGUMENTS,
      "shortest scenario that breaks it: [ ]\n"),
  DROPS_EMPTY_VARIABLES(
      ProgramDefects::dropsEmptyVariables,
      "variablesReachTheProgramUnchanged",
      Sentences.VARIABLES,
      "=}\nbut: "),
  PASSES_ON_THE_HOSTS_ENVIRONMENT(
      ProgramDefects::passesOnTheHostsEnvironment,
      "theHostsVariablesAreNotInherited",
      Sentences.VARIABLES,
      "HOME"),
  KEEPS_A_SECRET(
      ProgramDefects::keepsASecret,
      "secretsReachTheProgramAndStayInNoFileOfTheExecutor",
      Sentences.SECRETS,
      "[\"request\"]"),
  STARTS_ELSEWHERE(
      ProgramDefects::startsElsewhere,
      "itStartsInTheWorkingDirectory",
      "It starts in the working directory, its standard input is empty.",
      "expected: Exited[code=0]"),
  DROPS_THE_LAST_LINE(
      ProgramDefects::dropsTheLastLine,
      "outputOfAnySizeIsWholeAndInOrder",
      Sentences.OUTPUT,
      "Output[toError=false, text="),
  OVERWRITES_OUTPUT(
      ProgramDefects::overwritesOutput,
      "outputIsAppendedToWhatIsThere",
      Sentences.OUTPUT,
      "old new"),
  BLOCKS_ON_MUCH_OUTPUT(
      ProgramDefects::blocksOnMuchOutput,
      "muchOutputDoesNotBlockTheProgram",
      "output MUST NOT block the program",
      "has not ended within"),
  GIVES_NO_GRACE(
      ProgramDefects::givesNoGrace,
      "theProgramMayFinishDuringTheGracePeriod",
      "An attempt that ends by itself during the grace period MAY be reported with its own outcome"
          + " or as Cancelled.",
      "what the program does to finish"),
  ASKS_ONLY(
      ProgramDefects::asksOnly,
      "aProgramThatIgnoresCancelIsEndedAfterTheGracePeriod",
      Sentences.CANCEL,
      "has not ended within"),
  IGNORES_A_CANCEL_BEFORE_THE_START(
      ProgramDefects::ignoresACancelBeforeTheStart,
      "anAttemptCancelledBeforeItsProgramBeganDoesNotBegin",
      Sentences.CANCELLED_BEFORE,
      "has not ended within"),
  OVERLOOKS_THE_IMAGE(
      ProgramDefects::overlooksTheImage,
      "anAttemptThatNeedsMoreThanIsDeclaredIsRefused",
      Sentences.REFUSED,
      "shortest scenario that breaks it: [IMAGE]\n"),
  RUNS_ONE_AT_A_TIME(
      ProgramDefects::runsOneAtATime,
      "whatFitsIntoTheCapacityRunsAtTheSameTime",
      "Attempts whose resources together fit into ExecutorInfo.capacity MUST run at the same time;"
          + " none waits for another's end.",
      "shortest scenario that breaks it: 2\n"),
  LAUNCHES_AND_WAITS(
      ProgramDefects::launchesAndWaits,
      "launchReturnsWhileTheProgramRuns",
      "Starts an attempt; returns soon and reports to the context what becomes of it.",
      "timed out");

  @SuppressWarnings("ImmutableEnumChecker") // A reference to a static method.
  private final Supplier<Executor> maker;

  private final String test;
  private final String sentence;
  private final String seen;

  ExecutorDefect(Supplier<Executor> maker, String test, String sentence, String seen) {
    this.maker = maker;
    this.test = test;
    this.sentence = sentence;
    this.seen = seen;
  }

  Executor make() {
    return maker.get();
  }

  String test() {
    return test;
  }

  String sentence() {
    return sentence;
  }

  String seen() {
    return seen;
  }
}
