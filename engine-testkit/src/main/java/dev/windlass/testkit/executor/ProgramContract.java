package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.error.ErrorCode;
import dev.windlass.job.Outcome;
import dev.windlass.testkit.contract.Sentence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of the contract's part "Command, environment, output" holds of programs only. */
abstract class ProgramContract extends ExecutorContract {

  private static final int SIGSEGV = 11;
  private static final int SIGKILL = 9;

  @Test
  @Sentence("It starts in the working directory, its standard input is empty.")
  void itStartsInTheWorkingDirectory() {
    Attempt attempt = rig().attempt(Script.of(Script.shell("cat here && echo made >there")));
    attempt.write("here", "found");
    rig().launch(attempt);
    assertExited(attempt, 0);
    assertThat(attempt.stdout()).isEqualTo("found");
    assertThat(attempt.text("there")).isEqualTo("made\n");
  }

  @Test
  @Sentence("It starts in the working directory, its standard input is empty.")
  void itsStandardInputIsEmpty() {
    Attempt attempt = rig().launch(Script.of(Script.shell("cat >input && echo end >>input")));
    assertExited(attempt, 0);
    assertThat(attempt.text("input")).isEqualTo("end\n");
  }

  @Test
  @Sentence(Sentences.OUTPUT)
  void outputIsAppendedToWhatIsThere() throws IOException {
    Attempt attempt = rig().attempt(Script.of(Script.print("new", 1), Script.printError("new", 1)));
    Files.writeString(attempt.spec().stdout(), "old ");
    Files.writeString(attempt.spec().stderr(), "older ");
    rig().launch(attempt);
    assertExited(attempt, 0);
    assertThat(attempt.stdout()).isEqualTo("old new");
    assertThat(attempt.stderr()).isEqualTo("older new");
  }

  @Test
  @Sentence("nor while its output is still being written.")
  void outputOfDescendantsIsWholeWhenTheEndIsReported() {
    String child = "(i=0; while [ $i -lt 500 ]; do echo line; i=$((i+1)); done) & ";
    Attempt attempt = rig().launch(Script.of(Script.shell(child.repeat(3) + "wait")));
    assertExited(attempt, 0);
    assertThat(attempt.stdout()).isEqualTo("line\n".repeat(1500));
  }

  @Test
  @Sentence(Sentences.VARIABLES)
  void aVariableWithAnOddNameReachesTheProgram() {
    Map<String, String> given = Map.of("odd.name-1", "a", "%", "b");
    Attempt attempt = rig().launch(rig().attempt(Script.of(Script.saveEnvironment("seen")), given));
    assertExited(attempt, 0);
    assertThat(
            attempt.texts("seen").stream()
                .filter(variable -> variable.startsWith("odd.name") || variable.startsWith("%")))
        .containsExactlyInAnyOrder("odd.name-1=a", "%=b");
  }

  @Test
  @Sentence(Sentences.CANNOT_START)
  void aProgramThatCannotBeFoundIsRefused() {
    for (String program : List.of("windlass-no-such-program", "/no/such/program", "./none")) {
      Attempt attempt = rig().launch(rig().attempt(List.of(program, "argument")));
      assertRefused(attempt, program, ErrorCode.CANNOT_START);
    }
  }

  @Test
  @Sentence(Sentences.CANNOT_START)
  void aProgramThatIsNotExecutableIsRefused() {
    Attempt attempt = rig().attempt(List.of("./data"));
    attempt.write("data", "no program");
    rig().launch(attempt);
    assertRefused(attempt, "a file without permission to execute", ErrorCode.CANNOT_START);
  }

  @Test
  @Sentence(Sentences.OWN_CODE)
  void aProgramMayExitLikeAShellThatFoundNone() {
    assertExited(rig().launch(Script.of(Script.exit(127))), 127);
    assertExited(rig().launch(Script.of(Script.exit(126))), 126);
  }

  @Test
  @Sentence(Sentences.REPORTED_ALIKE)
  void aProgramEndedByASignalIsReportedSo() {
    assertSignalled("SEGV", SIGSEGV);
    assertSignalled("KILL", SIGKILL);
  }

  @Test
  @Sentence("An outcome MUST be proven.")
  void aProgramThatWasKilledIsNotTakenForOneOutOfMemory() {
    Attempt attempt = rig().launch(Script.of(Script.shell("kill -s KILL $$")));
    assertThat(rig().outcome(attempt)).isNotInstanceOf(Outcome.OutOfMemory.class);
  }

  private void assertSignalled(String name, int signal) {
    Outcome killed =
        rig().outcome(rig().launch(Script.of(Script.shell("kill -s " + name + " $$"))));
    if (knowsSignals()) {
      assertThat(killed).isEqualTo(new Outcome.Signalled(signal));
    } else {
      Outcome exited = rig().outcome(rig().launch(Script.of(Script.exit(128 + signal))));
      assertThat(killed)
          .isIn(new Outcome.Signalled(signal), new Outcome.Exited(128 + signal))
          .as("what cannot be told apart is reported alike; else override knowsSignals()")
          .isEqualTo(exited);
    }
  }

  @Test
  @Sentence("an executor keeps nothing of its own here")
  void anExecutorKeepsNothingOfItsOwnInTheAttemptsDirectory() {
    Attempt running = rig().launch(waiting(0));
    running.awaitStart();
    assertOwnFilesOnly(running);
    running.openGate();
    assertExited(running, 0);
    assertOwnFilesOnly(running);
  }

  private static void assertOwnFilesOnly(Attempt attempt) {
    Path directory = attempt.spec().directory();
    assertThat(directory.toFile().list()).isSubsetOf("work", "stdout", "stderr");
    assertThat(attempt.spec().workDirectory().toFile().list())
        .isSubsetOf(Attempt.LEDGER, Attempt.GATE);
  }
}
