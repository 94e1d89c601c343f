package dev.windlass.testkit.contract;

import java.util.List;

/** The sentences, by their beginnings, to which no suite can hold a plug-in, and why. */
final class Untested {

  static final List<String> OF_EXECUTORS =
      List.of(
          // They explain.
          "A plug-in that runs attempts somewhere.",
          "An executor that simply blocks while it works need not implement this",
          "An AttemptId stands for one run of a program.",
          "What this executor is.",
          "Finds out, after a restart of the host or of the engine's store, what became",
          "Says why instances of a task could never run here",
          "The default has no objection.",
          // They bind the engine.
          "The engine calls from several threads, but for one attempt one call at a time.",
          "Exceptions other than those named are a defect of the executor",
          "a task that asks for nothing that is not declared",
          "Begins work for an engine.",
          "Called once, before all that follow.",
          "what the engine offers",
          "what to run",
          "attempts that the engine believes are launched and not released",
          "an attempt that was reported as ended",
          // They say again, for all methods, what a test checks of one.
          "Calls SHOULD return soon; waiting belongs on threads of the executor.",
          "one sentence for the user, or empty if there is no objection",
          // They bind the engine, or say what a test of another sentence checks.
          "Makes a node, or finds it again",
          "Called only if Capability.NODES is declared",
          "what it is to be",
          "Removes a node on which no attempt runs, and forgets it",
          "its name",
          // They need a backend that fails, and every backend fails in its own way.
          "While the backend does not answer, nothing is reported.",
          "if the backend does not answer; the engine then asks again later",
          "if it cannot work; the engine then does not open",
          "Where there is doubt, nothing is thrown and the outcome is reported later");

  static final List<String> OF_STORAGES =
      List.of(
          // They explain.
          "A plug-in that serves the URIs of a store.",
          "The engine brings inputs from a storage before an attempt",
          "It needs little:",
          "Looks at one object.",
          "Begins to write an object.",
          "Offers the path of an object or folder on this host",
          "The default offers none.",
          "An object that is being written and that nobody sees before ObjectUpload.commit.",
          "An object that is being written and that nobody sees before commit.",
          "The two steps let the engine bring all outputs of an attempt to the store first",
          "Where the content goes.",
          "not a folder",
          "a folder",
          "an object or a folder",
          "the page",
          "the content; the caller closes it.",
          "Lets go of connections and threads.",
          // Wherever a test expects a refusal, it asks for a StorageException with its code.
          "Every failure is a StorageException with the code that fits.",
          // They allow.
          "A storage MAY try again by itself, within a bound of a minute",
          // They bind the engine.
          "Whoever gets the path MUST NOT write below it",
          "An upload belongs to one thread at a time.",
          // They need a store that fails in a way of its own.
          "if the store could not answer",
          "if the store could not do it, or it is not known whether it did",
          "if the content could not be made visible");

  private Untested() {}
}
