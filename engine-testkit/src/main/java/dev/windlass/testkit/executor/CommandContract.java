package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What of the contract's part "Command, environment, output" holds of every executor. */
abstract class CommandContract extends ReportContract {

  private static final String ARGUMENTS = "arguments";
  private static final String ENVIRONMENT = "environment";

  /** Each has its own way to be changed by a shell, a split, a trim or a wrong encoding. */
  private static final List<String> ODD_TEXTS =
      List.of(
          "",
          " ",
          " a  b ",
          "\t",
          "a\nb\n",
          "\r\n",
          "'",
          "\"",
          "''\"\"",
          "\\",
          "\\n",
          "$HOME",
          "${IFS}",
          "$(exit 9)",
          "`exit 9`",
          "*",
          "?[a-z]",
          "~",
          "{a,b}",
          "; exit 9",
          "&",
          "| cat",
          "> file",
          "#",
          "!",
          "%s%n",
          "-n",
          "--",
          "-c",
          "a=b",
          "=",
          "\u0001\u007f",
          "\u00e4\u00df\u20ac",
          "\u65e5\u672c\u8a9e",
          "\ud83d\ude00",
          "e\u0301");

  @Test
  void oddArgumentsReachTheProgramUnchanged() {
    assertArrive(ODD_TEXTS);
  }

  @Test
  void longAndManyArgumentsReachTheProgramUnchanged() {
    List<String> many = Collections.nCopies(2000, "ä argument");
    assertArrive(List.of("x".repeat(100_000), "\u20ac".repeat(30_000)));
    assertArrive(many);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void argumentsReachTheProgramUnchanged(@ForAll("argumentLists") List<String> arguments) {
    assertArrive(arguments);
  }

  @Provide
  Arbitrary<List<String>> argumentLists() {
    Arbitrary<String> any =
        Arbitraries.strings()
            .ofMaxLength(12)
            // A program's arguments end with NUL, and half a character has no UTF-8.
            .filter(text -> text.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c)));
    return Arbitraries.oneOf(Arbitraries.of(ODD_TEXTS), any).list().ofMaxSize(8);
  }

  private void assertArrive(List<String> arguments) {
    Script script = Script.of(Script.saveArguments(ARGUMENTS)).withArguments(arguments);
    Attempt attempt = rig().launch(script);
    assertExited(attempt, 0);
    assertThat(attempt.texts(ARGUMENTS)).isEqualTo(arguments);
  }

  @Test
  void theProgramGetsTheVariablesOfTheSpecification() {
    Map<String, String> given =
        Map.of(
            "EMPTY", "",
            "ODD", "a  'b' \"c\" $HOME `d` \\ *\nnext=line",
            "UNICODE", "\u00e4\u20ac\ud83d\ude00",
            "lower_case1", "=",
            "LONG", "x".repeat(50_000),
            "HOME", "/somewhere/else");
    Attempt attempt =
        rig().launch(rig().attempt(Script.of(Script.saveEnvironment(ENVIRONMENT)), given));
    assertExited(attempt, 0);
    assertThat(environment(attempt)).containsAllEntriesOf(attempt.spec().environment());
  }

  /** The variables that the program saw. */
  static Map<String, String> environment(Attempt attempt) {
    return attempt.texts(ENVIRONMENT).stream()
        .map(variable -> variable.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  @Test
  void theHostsVariablesAreNotInherited() {
    Attempt attempt = rig().launch(Script.of(Script.saveEnvironment(ENVIRONMENT)));
    assertExited(attempt, 0);
    Map<String, String> host = new HashMap<>(System.getenv());
    host.keySet().removeAll(attempt.spec().environment().keySet());
    // An executor may give a home and the like of its own, but not by passing on everything.
    host.keySet().removeAll(List.of("HOME", "USER", "LOGNAME", "SHELL", "LANG", "TMPDIR", "PWD"));
    assertThat(host).as("a host without any variable proves nothing").isNotEmpty();
    assertThat(environment(attempt)).doesNotContainKeys(host.keySet().toArray(String[]::new));
  }

  @Test
  void standardOutputAndErrorAreAppendedWholeAndApart() {
    Attempt attempt =
        rig()
            .launch(
                Script.of(
                    Script.print("out \u00e4\n", 3),
                    Script.printError("err \u20ac\n", 2),
                    Script.print("last, without a line's end", 1),
                    Script.exit(3)));
    assertExited(attempt, 3);
    assertThat(attempt.stdout()).isEqualTo("out \u00e4\n".repeat(3) + "last, without a line's end");
    assertThat(attempt.stderr()).isEqualTo("err \u20ac\n".repeat(2));
  }

  @Test
  void muchOutputDoesNotBlockTheProgram() {
    String line = "x".repeat(1023) + "\n";
    Attempt attempt =
        rig().launch(Script.of(Script.print(line, 2048), Script.printError(line, 512)));
    assertExited(attempt, 0);
    assertThat(attempt.stdout()).hasSize(2048 * 1024);
    assertThat(attempt.stderr()).hasSize(512 * 1024);
  }
}
