package dev.windlass.core.description;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import dev.windlass.error.ValidationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Documents for the tests of this package, and what reading them says. */
final class Documents {

  /** The least there can be; {@link #withTask} replaces its task. */
  static final String TASK = "{\"Parameters\":{\"Command\":{\"CommandLine\":\"true\"}}}";

  private Documents() {}

  static String resource(String name) {
    try (InputStream in = Documents.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  static String minimal() {
    return withTask(TASK);
  }

  static String withTask(String task) {
    return withDag("{\"Tasks\":{\"t\":" + task + "}}");
  }

  static String withDag(String dag) {
    return "{\"Name\":\"j\",\"Type\":\"DAG\",\"DAG\":" + dag + "}";
  }

  /** A task with one more field. */
  static String withField(String field) {
    return withTask("{" + field + "," + TASK.substring(1));
  }

  /** All faults; fails if there is none, or anything else is thrown. */
  static List<Fault> faultsOf(String document) {
    ValidationException refused =
        catchThrowableOfType(ValidationException.class, () -> JobJson.readAll(document).orThrow());
    assertThat(refused).as("refusal of %s", document).isNotNull();
    return refused.faults();
  }

  static void assertFault(String document, ErrorCode code, String path) {
    assertThat(faultsOf(document))
        .extracting(fault -> fault.code() + " " + fault.path())
        .containsExactly(code + " " + path);
  }
}
