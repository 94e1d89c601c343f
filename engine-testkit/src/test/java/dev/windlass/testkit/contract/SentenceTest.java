package dev.windlass.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.testkit.executor.ProgramExecutorContract;
import dev.windlass.testkit.storage.FaultyStorageContract;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Every test of a contract suite quotes its contract, and no sentence is left without a test. */
class SentenceTest {

  private static final String EXECUTORS = "engine-api/src/main/java/dev/windlass/executor";
  private static final String STORAGES = "storage-spi/src/main/java/dev/windlass/storage";

  @Test
  void everyTestOfExecutorsQuotesTheContract() throws IOException {
    assertQuotes(ProgramExecutorContract.class, ContractText.of(EXECUTORS));
  }

  @Test
  void everyTestOfStoragesQuotesTheContract() throws IOException {
    assertQuotes(FaultyStorageContract.class, ContractText.of(STORAGES));
  }

  private static void assertQuotes(Class<?> suite, ContractText contract) {
    assertThat(tests(suite).stream().filter(test -> quote(test).isEmpty()).map(Method::getName))
        .as("tests without a sentence")
        .isEmpty();
    assertThat(quotes(suite).stream().filter(quote -> !contract.holds(quote)))
        .as("quotes that are not in the contract")
        .isEmpty();
  }

  @Test
  void everySentenceAboutExecutorsHasATest() throws IOException {
    assertCovered(
        ProgramExecutorContract.class, EXECUTORS + "/Executor.java", Untested.OF_EXECUTORS);
  }

  @Test
  void everySentenceAboutStoragesHasATest() throws IOException {
    assertCovered(FaultyStorageContract.class, STORAGES + "/Storage.java", Untested.OF_STORAGES);
    assertCovered(
        FaultyStorageContract.class, STORAGES + "/ObjectUpload.java", Untested.OF_STORAGES);
  }

  private static void assertCovered(Class<?> suite, String source, List<String> untested)
      throws IOException {
    List<String> quotes = quotes(suite);
    List<String> left =
        ContractText.of(source).sentences().stream()
            .filter(sentence -> quotes.stream().noneMatch(quote -> overlap(sentence, quote)))
            .filter(sentence -> untested.stream().noneMatch(sentence::startsWith))
            .toList();
    assertThat(left).isEmpty();
  }

  private static boolean overlap(String sentence, String quote) {
    return sentence.contains(quote) || quote.contains(sentence);
  }

  /** Also what the suite watches in every test. */
  private static List<String> quotes(Class<?> suite) {
    Stream<String> ofTests = tests(suite).stream().flatMap(test -> quote(test).stream());
    return Stream.concat(ofTests, watched(suite)).toList();
  }

  private static Stream<String> watched(Class<?> suite) {
    try {
      Class<?> sentences = Class.forName(suite.getPackageName() + ".Sentences");
      List<String> texts = new ArrayList<>();
      for (Field field : sentences.getDeclaredFields()) {
        field.setAccessible(true);
        texts.add((String) field.get(null));
      }
      return texts.stream();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private static Optional<String> quote(Method test) {
    return Optional.ofNullable(test.getAnnotation(Sentence.class)).map(Sentence::value);
  }

  private static List<Method> tests(Class<?> suite) {
    return Stream.<Class<?>>iterate(suite, type -> type != Object.class, Class::getSuperclass)
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .filter(
            method ->
                method.isAnnotationPresent(Test.class)
                    || method.isAnnotationPresent(Property.class))
        .toList();
  }
}
