package dev.windlass.core.description;

import static dev.windlass.core.description.Documents.assertFault;
import static dev.windlass.core.description.Documents.faultsOf;
import static dev.windlass.core.description.Documents.withDag;
import static dev.windlass.core.description.Documents.withField;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.core.graph.Faults;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import dev.windlass.error.ValidationException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadDocumentTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n",
        "null",
        "\"text\"",
        "[]",
        "[{}]",
        "5",
        "true",
        "NaN",
        "{'a':1}",
        "{a:1}",
        "\uFEFF{}",
        "{}{}",
        "{} x",
        "{},",
        "/**/{}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1,}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\0\"}",
        "{}\0",
        "%YAML",
        "<a/>"
      })
  void whatIsNotAJsonObjectIsMalformed(String document) {
    assertFault(document, ErrorCode.MALFORMED, "$");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "\\udc00", "\\udc00\\ud800", "\\u0000", "a\\ud800b"})
  void aStringIsWellFormedUnicodeWithoutNul(String text) {
    String document = withDag("{\"Tasks\":{\"t\":" + Documents.TASK + "}}");
    document = document.replace("\"j\"", "\"" + text + "\"");
    assertFault(document, ErrorCode.MALFORMED, "$.Name");
  }

  @Test
  void everyProperPrefixIsMalformedWithLineAndColumn() {
    String document = Documents.resource("nightly-report.json").strip();
    for (int length = 0; length < document.length(); length++) {
      List<Fault> faults = faultsOf(document.substring(0, length));
      assertThat(faults).hasSize(1);
      assertThat(faults.get(0).code()).isEqualTo(ErrorCode.MALFORMED);
      assertThat(faults.get(0).rule()).containsPattern("line \\d+, column \\d+|is not empty");
    }
  }

  @Test
  void bytesThatAreNotUtf8AreMalformed() {
    InputStream in = new ByteArrayInputStream(new byte[] {'{', '"', (byte) 0xC3, '"'});
    assertThatThrownBy(() -> JobJson.read(in))
        .isInstanceOfSatisfying(
            ValidationException.class,
            refused -> assertThat(refused.faults().get(0).code()).isEqualTo(ErrorCode.MALFORMED));
  }

  /** Would tell if anybody read it back. */
  private static final class Bait implements Serializable {
    private static final long serialVersionUID = 1L;
    private static boolean taken;

    @SuppressWarnings("unused") // called by whoever deserializes
    private void readObject(ObjectInputStream in) {
      taken = true;
    }
  }

  @Test
  void aSerializedObjectIsMalformedAndNeverRead() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Bait());
    }
    assertThatThrownBy(() -> JobJson.read(new ByteArrayInputStream(bytes.toByteArray())))
        .isInstanceOfSatisfying(
            ValidationException.class,
            refused -> assertThat(refused.faults().get(0).code()).isEqualTo(ErrorCode.MALFORMED));
    assertThat(Bait.taken).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!!javax.script.ScriptEngineManager [!!java.net.URL [\"http://localhost\"]]",
        "--- {Name: j}",
        "<?xml version=\"1.0\"?><!DOCTYPE j [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><j>&e;</j>"
      })
  void otherLanguagesAreMalformed(String document) {
    assertFault(document, ErrorCode.MALFORMED, "$");
    assertThat(faultsOf(document).toString()).doesNotContain("root:");
  }

  @Test
  void aMessageDoesNotRepeatAWordWithoutQuotes() {
    assertThat(faultsOf("{\"AccessKeySecret\": hunter2}").toString()).doesNotContain("hunter2");
  }

  @Test
  void aKeyStandsOnceAlsoDeepInside() {
    assertFault(
        withDag("{\"Tasks\":{\"t\":" + Documents.TASK + ",\"t\":" + Documents.TASK + "}}"),
        ErrorCode.DUPLICATE,
        "$.DAG.Tasks.t");
    assertFault(
        withField(
            "\"AutoCluster\":{\"InstanceType\":\"i\",\"Configs\":{\"Networks\":{\"VPC\":"
                + "{\"x\":{\"a\":1,\"a\":1}}}}}"),
        ErrorCode.DUPLICATE,
        "$.DAG.Tasks.t.AutoCluster.Configs.Networks.VPC.x.a");
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 1_001, 1_000_000})
  void tooManyLevelsAreRefusedAtOnce(int levels) {
    for (String open : List.of("[", "{\"a\":")) {
      String document = "{\"App\":" + open.repeat(levels);
      Assertions.assertTimeout(
          Duration.ofSeconds(2),
          () ->
              assertThat(faultsOf(document)).extracting(Fault::code).containsOnly(ErrorCode.LIMIT));
    }
  }

  @Test
  void sixtyFourLevelsAreNotTooMany() {
    String document = withDag("{\"Tasks\":{\"t\":" + Documents.TASK + "}}");
    String app = "\"App\":{\"a\":" + "[".repeat(62) + "]".repeat(62) + "},";
    JobJson.read("{" + app + document.substring(1));
  }

  @Test
  void aDocumentHasABoundedSize() {
    String spaces = " ".repeat(DocumentText.MAX_SIZE);
    assertFault(spaces + "{}", ErrorCode.LIMIT, "$");
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return ' ';
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            java.util.Arrays.fill(bytes, offset, offset + length, (byte) ' ');
            return length;
          }
        };
    assertThatThrownBy(() -> JobJson.read(endless)).isInstanceOf(ValidationException.class);
  }

  @Test
  void aStringHasABoundedLength() {
    String text = "x".repeat(JsonText.MAX_STRING_LENGTH + 1);
    assertFault(
        withField("\"ClusterId\":\"" + text + "\""), ErrorCode.LIMIT, "$.DAG.Tasks.t.ClusterId");
    List<Fault> faults = faultsOf(withField("\"" + text + "\":1"));
    assertThat(faults).extracting(Fault::code).containsExactly(ErrorCode.LIMIT);
    assertThat(faults.get(0).path()).hasSizeLessThan(200);
  }

  @Test
  void aDocumentHasABoundedNumberOfValues() {
    String document = "{\"App\":{\"a\":[" + "0,".repeat(JsonText.MAX_VALUES) + "0]}}";
    assertFault(document, ErrorCode.LIMIT, "$");
  }

  @ParameterizedTest
  @CsvSource({
    "3.7,TYPE",
    "1e9,TYPE",
    "1.0,TYPE",
    "'\"5\"',TYPE",
    "'\"\"',TYPE",
    "true,TYPE",
    "null,TYPE",
    "[],TYPE",
    "{},TYPE",
    "0,RANGE",
    "-1,RANGE",
    "2147483647,RANGE",
    "2147483648,RANGE",
    "4294967297,RANGE",
    "9223372036854775808,RANGE",
    "-9223372036854775809,RANGE",
    "18446744073709551617,RANGE"
  })
  void anIntegerIsAnIntegerInItsRange(String value, ErrorCode code) {
    assertFault(withField("\"InstanceCount\":" + value), code, "$.DAG.Tasks.t.InstanceCount");
  }

  @Test
  void aNumberHasABoundedLength() {
    assertFault(
        withField("\"Timeout\":" + "9".repeat(1_001)), ErrorCode.LIMIT, "$.DAG.Tasks.t.Timeout");
  }

  @ParameterizedTest
  @CsvSource({
    "MaxRetryCount,-1",
    "MaxRetryCount,1001",
    "Timeout,0",
    "Timeout,-5",
    "Timeout,3153600001",
    "Timeout,9223372036854775807"
  })
  void aNumberOfATaskHasARange(String field, String value) {
    assertFault(withField("\"" + field + "\":" + value), ErrorCode.RANGE, "$.DAG.Tasks.t." + field);
  }

  @ParameterizedTest
  @CsvSource({"-1,RANGE", "1001,RANGE", "'\"1\"',TYPE", "null,TYPE", "1.5,TYPE"})
  void thePriorityHasARange(String value, ErrorCode code) {
    String document =
        Documents.minimal().replace("\"Type\"", "\"Priority\":" + value + ",\"Type\"");
    assertFault(document, code, "$.Priority");
  }

  @Test
  void faultsOfFormAndOfContentAreToldTogether() {
    String document =
        withDag(
            "{\"Tasks\":{\"a\":{\"InstanceCount\":0,\"InputMapping\":{\"oss:/b\":\"/../x\"},"
                + Documents.TASK.substring(1)
                + "},\"Dependencies\":{\"a\":[\"a\",\"b\"]}}");
    assertThat(faultsOf(document))
        .extracting(Fault::code)
        .containsExactly(
            ErrorCode.RANGE, ErrorCode.URI, ErrorCode.PATH, ErrorCode.CYCLE, ErrorCode.REFERENCE);
  }

  @Test
  void aThousandFaultsAreListedAndThatThereAreMore() {
    String fields =
        IntStream.range(0, 5_000)
            .mapToObj(i -> "\"x" + i + "\":0")
            .collect(Collectors.joining(","));
    List<Fault> faults = faultsOf(withField(fields));
    assertThat(faults).hasSize(Faults.MAX_LISTED + 1);
    assertThat(faults.get(Faults.MAX_LISTED).code()).isEqualTo(ErrorCode.LIMIT);
  }

  @Test
  void theRefusalNamesTheJobIfItsNameCouldBeRead() {
    assertThat(JobJson.readAll(withField("\"Timeout\":0")).name()).isEqualTo("j");
    assertThat(JobJson.readAll(Documents.minimal().replace("\"j\"", "\"-\"")).name()).isEmpty();
  }
}
