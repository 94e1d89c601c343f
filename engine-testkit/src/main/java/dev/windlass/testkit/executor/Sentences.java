package dev.windlass.testkit.executor;

import dev.windlass.testkit.contract.Sentence;

/** Sentences of the executor contract that more than one check is about; see {@link Sentence}. */
final class Sentences {

  static final String STARTED_ONCE =
      "The program of one id MUST NOT be started twice, whatever is called how often, also after a"
          + " crash of the host.";

  static final String NOT_MIXED_UP = "Their reports MUST NOT be mixed up.";

  static final String EVIDENCE =
      "From then until release there MUST be evidence of the attempt: that it runs, or how it"
          + " ended.";

  static final String FENCED =
      "An attempt whose program has not begun and that is not known to be on its way in this very"
          + " JVM is fenced first and then reported as ended and Refused.";

  static final String ONE_END =
      "Every launched attempt MUST end in exactly one AttemptReport.Ended, in this life of the host"
          + " or by recover in a later one.";

  static final String STARTED_FIRST =
      "A AttemptReport.Started MUST precede it if the program began, and none may follow it.";

  static final String ALL_GONE =
      "Ended MUST NOT be reported while anything that the attempt started still runs (within its"
          + " Isolation), nor while its output is still being written.";

  static final String OWN_CODE = "Exited carries the program's own code";

  static final String REPORTED_ALIKE =
      "Where it answers with 128 + n for an end by signal n and an exit with that code alike, the"
          + " two MUST be reported alike.";

  static final String ARGUMENTS =
      "Arguments reach the program unchanged, byte for byte in UTF-8; no shell sees them.";

  static final String VARIABLES =
      "The program gets the variables of the specification and MUST NOT inherit the host's.";

  static final String SECRETS =
      "A secret variable reaches the program like any other, and once that has begun no file of the"
          + " executor MUST hold its value.";

  static final String OUTPUT =
      "Standard output and error are appended to the given files, whole and in order each";

  static final String CANCEL =
      "cancel asks the program to end and, after the grace period, ends it with everything it"
          + " started.";

  static final String CANCELLED_BEFORE =
      "An attempt cancelled before its program began MUST NOT begin.";

  static final String CANCEL_AGAIN = "May be called again, with a shorter grace period too.";

  static final String CANCEL_OF_NOTHING =
      "Does nothing for an attempt that has ended or is not known.";

  static final String DECLARED = "What is declared MUST work.";

  static final String REFUSED =
      "an attempt that needs more all the same MUST be refused for good, by launch with UNSUPPORTED"
          + " or as Refused, and MUST NOT start.";

  static final String NEVER_STARTS =
      "it never started and never will under this id (Outcome.Refused)";

  static final String SECOND_LAUNCH =
      "A second call with the same id changes nothing, also after a restart of the host.";

  static final String CANNOT_START =
      "if the attempt certainly did not start and never will under this id; nothing is then"
          + " reported and no evidence is left.";

  static final String COVERED =
      "The answer covers every expected attempt and every other one of this engine of which there"
          + " is evidence: Started for what runs, Ended for what is over.";

  static final String ONE_REPORT = "one report for each attempt, in no order";

  static final String RELEASED = "Leaves nothing of it behind.";

  static final String AFTER_CLOSE =
      "Attempts of an executor that declares Capability.SURVIVES_HOST go on; those of others are"
          + " over when it returns.";

  static final String SILENT_AFTER_CLOSE = "Nothing is reported after it has returned.";

  private Sentences() {}
}
