package dev.windlass.core.description;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.core.graph.TaskGraph;
import dev.windlass.error.ValidationException;
import dev.windlass.job.JobDescription;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

@Tag("slow")
class JobJsonPropertyTest {

  private static final List<String> DOCUMENTS =
      List.of(
          Documents.resource("every-field.json"),
          Documents.resource("nightly-report.json"),
          Documents.resource("log-count.json"));

  private static final String CHARACTERS = "{}[]\",:0123456789.-+eEntfu\\/ \n\0\ud800\uFEFFaA";

  @Property(tries = 300)
  void whatIsWrittenIsReadBack(@ForAll long seed) {
    JobDescription job = new RandomJobs(seed).job();
    assertThat(JobJson.check(job)).isEmpty();
    assertThat(JobJson.read(JobJson.write(job))).isEqualTo(job);
    JobDescription back = JobJson.readAll(JobJson.writeCompact(job)).orThrow();
    assertThat(back).isEqualTo(job);
    assertThat(JobJson.writeCompact(back)).isEqualTo(JobJson.writeCompact(job));
    assertThat(TaskGraph.of(back).size()).isEqualTo(job.tasks().size());
  }

  @Property(tries = 1_000)
  void aDocumentWithChangedCharactersIsReadOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder document = new StringBuilder(DOCUMENTS.get(random.nextInt(DOCUMENTS.size())));
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int place = random.nextInt(document.length());
      char c = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
      switch (random.nextInt(3)) {
        case 0 -> document.setCharAt(place, c);
        case 1 -> document.insert(place, c);
        default -> document.delete(place, Math.min(document.length(), place + random.nextInt(9)));
      }
    }
    readOrRefuse(document.toString());
  }

  @Property(tries = 1_000)
  void aDocumentWithChangedValuesIsReadOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    String document = DOCUMENTS.get(random.nextInt(DOCUMENTS.size()));
    List<String> paths = Trees.paths(document);
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      String target = paths.get(random.nextInt(paths.size()));
      JsonValue value = randomValue(random);
      document = Trees.change(document, (path, old) -> path.equals(target) ? value : old);
    }
    readOrRefuse(document);
  }

  private static JsonValue randomValue(Random random) {
    List<JsonValue> samples = Trees.samples();
    int choice = random.nextInt(samples.size() + 3);
    return choice < samples.size()
        ? samples.get(choice)
        : switch (choice - samples.size()) {
          case 0 -> new JsonValue.NumberValue("-" + random.nextLong(Long.MAX_VALUE) + "0000");
          case 1 -> new JsonValue.StringValue("oss://b/../" + random.nextInt());
          default -> new JsonValue.StringValue("t" + random.nextInt(9));
        };
  }

  private static void readOrRefuse(String document) {
    try {
      JobDescription job = JobJson.readAll(document).orThrow();
      assertThat(JobJson.read(JobJson.write(job))).isEqualTo(job);
    } catch (ValidationException refused) {
      assertThat(refused.faults()).isNotEmpty();
    }
  }
}
