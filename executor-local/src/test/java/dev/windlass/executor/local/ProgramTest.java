package dev.windlass.executor.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program gets exactly what the specification says, and how it ends is told exactly. */
class ProgramTest {

  @TempDir Path root;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = Bench.on(root);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void everyExitCodeIsReportedAsItIs() {
    List<AttemptSpec> specs =
        IntStream.range(0, 256).mapToObj(code -> bench.shell("exit " + code)).toList();
    specs.forEach(bench.executor()::launch);
    for (int code = 0; code < 256; code++) {
      assertThat(bench.awaitEnd(specs.get(code).id()).outcome())
          .isEqualTo(new Outcome.Exited(code));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 31, 34, 64})
  void aSignalIsNamed(int signal) {
    assertThat(bench.outcome(bench.shell("ulimit -c 0; kill -" + signal + " $$")))
        .isEqualTo(new Outcome.Signalled(signal));
  }

  @Test
  void startedPrecedesEnded() {
    AttemptSpec spec = bench.shell("exit 0");
    AttemptReport.Ended ended = bench.run(spec);
    assertThat(bench.reportsOf(spec.id())).hasSize(2).endsWith(ended);
    assertThat(bench.reportsOf(spec.id()).get(0).kind()).isEqualTo(AttemptReport.Kind.STARTED);
    assertThat(bench.reportsOf(spec.id()).get(0).at()).isBeforeOrEqualTo(ended.at());
    assertThat(ended.usage().wall()).isPresent();
    assertThat(ended.usage().cpu()).isPresent();
  }

  @Test
  void argumentsArriveByteForByte() {
    List<String> arguments =
        List.of(
            "",
            " ",
            "a b",
            "'",
            "\"",
            "'\\''",
            "\\",
            "$(id)",
            "`id`",
            "$HOME",
            "*",
            "~",
            "-n",
            "--",
            "line\nbreak\r\n",
            "\n",
            "tab\t",
            "äöü€𝄞",
            "\u0001\u007f\u0081\u0088",
            "%s",
            "!");
    List<String> command = new ArrayList<>(List.of("/usr/bin/printf", "%s\\0"));
    command.addAll(arguments);
    AttemptSpec spec = bench.spec(command.toArray(String[]::new));
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
    assertThat(Bench.stdout(spec)).isEqualTo(String.join("\0", arguments) + "\0");
  }

  @Test
  void theEnvironmentIsTheSpecifiedOneAndNothingOfTheHosts() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("PLAIN", "value");
    variables.put("EMPTY", "");
    variables.put("ODD", "a'b\"c $(id)\nd=e äö€");
    variables.put("with.dot", "1");
    variables.put("with-dash and blank", "2");
    variables.put("IFS", ":");
    variables.put("PS4", "x");
    variables.put("SHELLOPTS", "xtrace");
    variables.put("PWD", "/somewhere/else");
    variables.put("d", "not ours");
    variables.put("PATH", "/usr/bin:/bin");
    AttemptSpec spec = bench.spec(builder -> builder.environment(variables), "env", "-0");
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
    Map<String, String> seen = new LinkedHashMap<>();
    for (String entry : Bench.stdout(spec).split("\0", 0)) {
      seen.put(entry.substring(0, entry.indexOf('=')), entry.substring(entry.indexOf('=') + 1));
    }
    assertThat(seen).containsAllEntriesOf(variables);
    seen.keySet().removeAll(variables.keySet());
    assertThat(seen.keySet()).isSubsetOf("HOME", "LANG", Sweep.COOKIE_VARIABLE, "_", "SHLVL");
  }

  @Test
  void aProgramIsShownItsDevicesUnlessItsTaskSaysOtherwise() {
    AttemptSpec told =
        bench.spec(
            builder -> builder.gpuDevices(List.of(0, 2)), "printenv", "CUDA_VISIBLE_DEVICES");
    assertThat(bench.outcome(told)).isEqualTo(new Outcome.Exited(0));
    assertThat(Bench.stdout(told)).isEqualTo("0,2\n");
    AttemptSpec own =
        bench.spec(
            builder ->
                builder
                    .gpuDevices(List.of(0, 2))
                    .environment(Map.of("CUDA_VISIBLE_DEVICES", "none")),
            "printenv",
            "CUDA_VISIBLE_DEVICES");
    assertThat(bench.outcome(own)).isEqualTo(new Outcome.Exited(0));
    assertThat(Bench.stdout(own)).isEqualTo("none\n");
  }

  @Test
  void thePlaceIsTheWorkingDirectoryAndTheInputIsEmpty() throws Exception {
    AttemptSpec spec = bench.shell("pwd -P; cat; ls -l /proc/self/fd | wc -l");
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
    // Three descriptors, the one of the listing itself, and the line with the total.
    assertThat(Bench.stdout(spec)).isEqualTo(spec.workDirectory().toRealPath() + "\n5\n");
  }

  @Test
  void outputsAreAppendedApartAndWhole() throws Exception {
    AttemptSpec spec = bench.shell("echo out; echo err >&2; yes 0123456789 | head -c 5000000");
    Files.writeString(spec.stdout(), "before\n");
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
    assertThat(Bench.stdout(spec)).startsWith("before\nout\n0123456789\n").hasSize(11 + 5_000_000);
    assertThat(Bench.text(spec.stderr())).isEqualTo("err\n");
  }

  @Test
  void aProgramIsFoundOnItsOwnPath() throws Exception {
    Path program = Files.createDirectories(root.resolve("bin")).resolve("mine");
    Files.writeString(program, "#!/bin/sh\nexit 7\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    AttemptSpec spec =
        bench.spec(
            builder -> builder.environment(Map.of("PATH", program.getParent().toString())), "mine");
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-program", "/no/such/program", "./missing", "/etc/passwd", "/"})
  void aProgramThatCannotBeFoundOrExecutedIsRefusedForGood(String program) {
    AttemptSpec spec = bench.spec(program);
    assertThat(bench.outcome(spec))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.retryable()).isFalse());
    assertThat(bench.reportsOf(spec.id())).hasSize(1);
  }

  @Test
  void aProgramThatTheKernelRefusesIsNoExitCode() throws Exception {
    AttemptSpec spec = bench.spec("./script");
    Path script = spec.workDirectory().resolve("script");
    Files.writeString(script, "#!/no/such/interpreter\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    assertThat(bench.outcome(spec)).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void theSameIdIsStartedOnce() {
    AttemptSpec spec = bench.shell("echo run >>ledger");
    bench.executor().launch(spec);
    bench.executor().launch(spec);
    bench.awaitEnd(spec.id());
    bench.executor().launch(spec);
    bench.restart();
    bench.executor().launch(spec);
    assertThat(bench.recover()).hasSize(1);
    assertThat(Bench.text(spec.workDirectory().resolve("ledger"))).isEqualTo("run\n");
  }

  @Test
  void manyAtOnceAllEnd() {
    List<AttemptSpec> specs =
        IntStream.range(0, 200).mapToObj(i -> bench.shell("sleep 0.2; exit " + i)).toList();
    specs.forEach(bench.executor()::launch);
    for (int i = 0; i < 200; i++) {
      assertThat(bench.awaitEnd(specs.get(i).id()).outcome()).isEqualTo(new Outcome.Exited(i));
    }
  }

  @Test
  void releaseLeavesNothingOfIt() {
    AttemptSpec spec = bench.shell("exit 0");
    bench.run(spec);
    bench.executor().release(spec.id());
    bench.executor().release(spec.id());
    assertThat(bench.directory().resolve("attempts")).isEmptyDirectory();
    assertThat(bench.directory().resolve("trash")).isEmptyDirectory();
  }
}
