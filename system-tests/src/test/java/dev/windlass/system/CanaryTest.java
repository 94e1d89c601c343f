package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.io.BaseEncoding;
import com.google.common.net.UrlEscapers;
import com.google.common.primitives.Bytes;
import dev.windlass.Engine;
import dev.windlass.event.EventQuery;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twenty secrets of many shapes are given to a program that says them all and fails; nobody and
 * nothing else has them afterwards, in whatever encoding a text goes into a file.
 */
@Tag("slow")
@Timeout(180)
final class CanaryTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int COUNT = 20;

  /** What surrounds the part that is unlike everything else. */
  private static final List<String> SHAPES =
      List.of(
          "%s",
          "with spaces %s and more",
          "'single' \"double\" %s",
          "$HOME $(id) `id` %s",
          "back\\slash\\n%s\\",
          "first line\n%s\nlast line",
          "tab\t%s",
          "Schlüssel-%s-Ω-鍵",
          "-leading-dash-%s",
          "{\"key\": \"%s\"}",
          "https://user:%s@example.org/?a=b&c=d",
          "<b>%s</b> & more",
          "%s==",
          "*?[%s]",
          "; rm -rf /nowhere %s",
          "#comment %s",
          "=%s=",
          "~/%s",
          "%s\r",
          "x".repeat(4_000) + "%s");

  @TempDir Path directory;

  private static List<String> canaries(Random random) {
    List<String> canaries = new ArrayList<>();
    for (String shape : SHAPES) {
      String part = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
      canaries.add(shape.replace("%s", part));
    }
    return canaries;
  }

  /** The part that is unlike everything else, in the ways in which it may be written. */
  private static List<byte[]> forms(String canary) {
    byte[] whole = canary.getBytes(StandardCharsets.UTF_8);
    byte[] part = part(canary).getBytes(StandardCharsets.UTF_8);
    return List.of(
        part,
        part(canary).getBytes(StandardCharsets.UTF_16LE),
        part(canary).getBytes(StandardCharsets.UTF_16BE),
        ascii(BaseEncoding.base64().omitPadding().encode(whole)),
        ascii(BaseEncoding.base64Url().omitPadding().encode(whole)),
        ascii(BaseEncoding.base64().omitPadding().encode(part)),
        ascii(BaseEncoding.base16().lowerCase().encode(part)),
        ascii(BaseEncoding.base16().encode(part)),
        ascii(UrlEscapers.urlFragmentEscaper().escape(canary)));
  }

  /** Every shape has one run of more than twenty hexadecimal digits. */
  private static String part(String canary) {
    return Stream.of(canary.split("[^0-9a-f]+"))
        .filter(word -> word.length() > 20)
        .findFirst()
        .orElseThrow();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void assertFree(byte[] content, List<String> canaries, String where) {
    for (String canary : canaries) {
      for (byte[] form : forms(canary)) {
        assertThat(Bytes.indexOf(content, form)).as("%s holds '%s'", where, canary).isEqualTo(-1);
      }
    }
  }

  private static void assertFree(String content, List<String> canaries, String where) {
    assertFree(content.getBytes(StandardCharsets.UTF_8), canaries, where);
  }

  @Test
  void nobodyButTheProgramHasThem() throws Exception {
    long seed = Long.getLong("windlass.tests.seed", System.nanoTime());
    System.out.println("seed of the canaries: -Dwindlass.tests.seed=" + seed);
    List<String> canaries = canaries(new Random(seed));
    assertThat(canaries).hasSize(COUNT);
    Trial trial = Trial.in(directory);
    StringBuilder script = new StringBuilder();
    for (int i = 0; i < COUNT; i++) {
      script.append("printf '%s\\n' \"$C").append(i).append("\"\n");
      script.append("printf '%s\\n' \"$C").append(i).append("\" >&2\n");
    }
    script
        .append("echo x >>\"$LEDGER/said\"\n")
        .append(
            "while [ -d \"$LEDGER\" ] && [ ! -e \"$LEDGER/go\" ]; do sleep 0.02; done\nexit 3\n");
    TaskDescription.Builder task =
        TaskDescription.builder(Command.shell(script.toString()))
            .environment("LEDGER", trial.ledger().toString())
            .retry(RetryPolicy.retries(1).pausing(Duration.ZERO, Duration.ZERO))
            .stdoutFolder("oss://bucket/logs/");
    for (int i = 0; i < COUNT; i++) {
      task.secret("C" + i, "canary/" + i);
    }
    JobDescription job = JobDescription.builder("canaries").task("sing", task.build()).build();
    JobId id;
    try (Engine engine = trial.builder().secrets(name -> provided(canaries, name)).open()) {
      id = engine.submit(job);
      Path said = trial.ledger().resolve("said");
      await().atMost(SOON).until(() -> Files.exists(said));
      assertFree(commandLines(), canaries, "the list of processes");
      Files.createFile(trial.ledger().resolve("go"));
      assertThat(engine.await(id).state()).isEqualTo(State.FAILED);
      assertThat(Files.readAllLines(said)).as("tries").hasSize(2);
      assertFree(engine.events(EventQuery.all()).toString(), canaries, "the journal");
      assertFree(engine.job(id).toString(), canaries, "the status");
      assertFree(engine.description(id).toString(), canaries, "the description");
      assertFree(
          engine.attempts(Trial.instance(id, "sing", 0)).toString(), canaries, "the attempts");
    }
    WindlassCommand windlass = new WindlassCommand(directory);
    for (List<String> words :
        List.of(
            List.of("history", id.value()),
            List.of("events", "--json"),
            List.of("job", id.value(), "--json"),
            List.of("why", id.value(), "sing"),
            List.of("log", id.value(), "sing", "0", "--stderr"),
            List.of("log", id.value(), "sing", "0", "--attempt", "1"),
            List.of("report", "-o", "-", id.value()),
            List.of("report", "--json", id.value()))) {
      List<String> all = new ArrayList<>(words);
      all.addAll(List.of("--home", trial.engine().toString()));
      WindlassCommand.Result result = windlass.run(all.toArray(new String[0]));
      assertThat(result.exitCode()).as("%s: %s", words, result.err()).isZero();
      assertThat(result.out()).as(words.toString()).isNotEmpty();
      assertFree(result.out() + result.err(), canaries, words.toString());
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertFree(Files.readAllBytes(file), canaries, file.toString());
      }
    }
  }

  private static Optional<String> provided(List<String> canaries, String name) {
    return Optional.of(canaries.get(Integer.parseInt(name.substring("canary/".length()))));
  }

  /** What {@code ps} shows, with the arguments of all processes. */
  private static String commandLines() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      processes.filter(CanaryTest::isPid).map(CanaryTest::commandLine).forEach(all::append);
    }
    assertThat(all).as("processes").isNotEmpty();
    return all.toString();
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has gone
    }
  }

  private static boolean isPid(Path process) {
    return process.getFileName().toString().chars().allMatch(Character::isDigit);
  }
}
