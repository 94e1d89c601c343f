package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.testkit.contract.Sentence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What of the contract's part "Command, environment, output" holds of every executor. */
abstract class CommandContract extends ReportContract {

  private static final String ARGUMENTS = "arguments";
  private static final String ENVIRONMENT = "environment";
  private static final String SAVED = "saved";

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
  @Sentence(Sentences.ARGUMENTS)
  void oddArgumentsReachTheProgramUnchanged() {
    assertArrive(ODD_TEXTS);
  }

  @Test
  @Sentence(Sentences.ARGUMENTS)
  void longAndManyArgumentsReachTheProgramUnchanged() {
    List<String> many = Collections.nCopies(2000, "ä argument");
    assertArrive(List.of("x".repeat(100_000), "\u20ac".repeat(30_000)));
    assertArrive(many);
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  @Sentence(Sentences.ARGUMENTS)
  void argumentsReachTheProgramUnchanged(@ForAll("argumentLists") List<String> arguments) {
    assertArrive(arguments);
  }

  @Provide
  Arbitrary<List<String>> argumentLists() {
    return texts().list().ofMaxSize(8);
  }

  private static Arbitrary<String> texts() {
    Arbitrary<String> any =
        Arbitraries.strings()
            .ofMaxLength(12)
            // A program's arguments end with NUL, and half a character has no UTF-8.
            .filter(text -> text.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c)));
    return Arbitraries.oneOf(Arbitraries.of(ODD_TEXTS), any);
  }

  private void assertArrive(List<String> arguments) {
    Script script = Script.of(Script.saveArguments(ARGUMENTS)).withArguments(arguments);
    Attempt attempt = rig().launch(script);
    assertExited(attempt, 0);
    assertThat(attempt.texts(ARGUMENTS)).isEqualTo(arguments);
  }

  @Test
  @Sentence(Sentences.VARIABLES)
  void theProgramGetsTheVariablesOfTheSpecification() {
    Map<String, String> given =
        Map.of(
            "EMPTY", "",
            "ODD", "a  'b' \"c\" $HOME `d` \\ *\nnext=line",
            "UNICODE", "\u00e4\u20ac\ud83d\ude00",
            "lower_case1", "=",
            "LONG", "x".repeat(50_000),
            "HOME", "/somewhere/else");
    assertVariables(given);
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  @Sentence(Sentences.VARIABLES)
  void variablesReachTheProgramUnchanged(@ForAll("variables") Map<String, String> variables) {
    assertVariables(variables);
  }

  @Provide
  Arbitrary<Map<String, String>> variables() {
    Arbitrary<String> names =
        Arbitraries.strings()
            .withCharRange('a', 'e')
            .withCharRange('P', 'T')
            .withChars("_9")
            .ofMinLength(1)
            .ofMaxLength(5)
            .filter(name -> !Character.isDigit(name.charAt(0)) && !name.equals("_"));
    return Arbitraries.maps(names, texts()).ofMaxSize(8);
  }

  private void assertVariables(Map<String, String> given) {
    Script script = Script.of(Script.saveEnvironment(ENVIRONMENT));
    Attempt attempt = rig().launch(rig().attempt(script, given));
    assertExited(attempt, 0);
    assertThat(environment(attempt)).containsAllEntriesOf(attempt.spec().environment());
  }

  /** The variables that the program saw. */
  static Map<String, String> environment(Attempt attempt) {
    return attempt.texts(ENVIRONMENT).stream()
        .map(variable -> variable.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  @Sentence(Sentences.SECRETS)
  void secretsReachTheProgramAndStayInNoFileOfTheExecutor(@ForAll("texts") String text) {
    String word = "sesame" + rig().newName();
    Map<String, String> secrets = Map.of("TOKEN", text + word, "_KEY2", word + text);
    Attempt attempt =
        rig()
            .launch(
                rig()
                    .attemptWithSecrets(
                        Script.of(
                            Script.saveEnvironment(ENVIRONMENT),
                            Script.append(SAVED),
                            Script.await(Attempt.GATE)),
                        secrets));
    attempt.awaitLines(SAVED, 1);
    assertThat(environment(attempt)).containsAllEntriesOf(secrets);
    assertThat(rig().evidenceHolding(word)).as("files that hold a secret").isEmpty();
    assertThat(attempt.spec().toString()).doesNotContain(word);
    attempt.openGate();
    assertExited(attempt, 0);
    assertThat(rig().evidenceHolding(word)).as("files that hold a secret").isEmpty();
  }

  @Provide("texts")
  Arbitrary<String> anyText() {
    return texts();
  }

  @Test
  @Sentence(Sentences.VARIABLES)
  void theHostsVariablesAreNotInherited() {
    Attempt attempt = rig().launch(Script.of(Script.saveEnvironment(ENVIRONMENT)));
    assertExited(attempt, 0);
    Map<String, String> host = new HashMap<>(System.getenv());
    host.keySet().removeAll(attempt.spec().environment().keySet());
    // An executor may give a home and the like of its own, but not by passing on everything.
    host.keySet().removeAll(List.of("HOME", "USER", "LOGNAME", "SHELL", "LANG", "TMPDIR", "PWD"));
    assertThat(host).as("a host without any variable proves nothing").isNotEmpty();
    // Names only: a failure report is no place for the values of the host's variables.
    assertThat(environment(attempt).keySet()).doesNotContainAnyElementsOf(host.keySet());
  }

  @Test
  @Sentence(Sentences.OUTPUT)
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

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  @Sentence(Sentences.OUTPUT)
  void outputOfAnySizeIsWholeAndInOrder(
      @ForAll("outputs") List<Output> outputs, @ForAll @IntRange(max = 128) int code) {
    List<Script.Step> steps = new ArrayList<>(outputs.stream().map(Output::step).toList());
    steps.add(Script.exit(code));
    Attempt attempt = rig().launch(new Script(steps, List.of()));
    assertExited(attempt, code);
    assertThat(attempt.stdout()).isEqualTo(Output.join(outputs, false));
    assertThat(attempt.stderr()).isEqualTo(Output.join(outputs, true));
  }

  @Provide
  Arbitrary<List<Output>> outputs() {
    Arbitrary<Integer> times =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.integers().between(1, 3)),
            Tuple.of(1, Arbitraries.integers().between(4, 4000)));
    return Combinators.combine(Arbitraries.of(true, false), texts(), times)
        .as(Output::new)
        .list()
        .ofMaxSize(6);
  }

  /** What a program prints: a text, several times, to one of its outputs. */
  record Output(boolean toError, String text, int times) {

    Script.Step step() {
      return toError ? Script.printError(text, times) : Script.print(text, times);
    }

    static String join(List<Output> outputs, boolean toError) {
      return outputs.stream()
          .filter(output -> output.toError == toError)
          .map(output -> output.text.repeat(output.times))
          .collect(Collectors.joining());
    }
  }

  @Test
  @Sentence("output MUST NOT block the program")
  void muchOutputDoesNotBlockTheProgram() {
    String line = "x".repeat(1023) + "\n";
    Attempt attempt =
        rig().launch(Script.of(Script.print(line, 2048), Script.printError(line, 512)));
    assertExited(attempt, 0);
    assertThat(attempt.stdout()).hasSize(2048 * 1024);
    assertThat(attempt.stderr()).hasSize(512 * 1024);
  }
}
