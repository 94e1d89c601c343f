package dev.windlass.core.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.Mapping;
import dev.windlass.job.Mapping.Direction;
import dev.windlass.job.TaskDescription;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappingCheckTest {

  private static TaskDescription.Builder task() {
    return TaskDescription.builder(Command.shell("true"));
  }

  private static List<Fault> check(TaskDescription.Builder task) {
    return JobCheck.check(JobDescription.builder("j").task("t", task.build()).build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "//",
        "..",
        "../x",
        "/a/../b",
        "/a/..",
        ".",
        "./a",
        "/a/./b",
        "/a//b",
        "/proc",
        "/proc/1/mem",
        "/sys/x",
        "/dev/sda",
        "/etc/passwd",
        "/usr/bin/env",
        "/a\nb",
        "//etc/x"
      })
  void localPathsNameOnePlaceOutsideOfTheSystem(String path) {
    List<Fault> faults = check(task().mapping(new Mapping(Direction.INPUT, "oss://b/k", path)));
    assertThat(faults).extracting(Fault::code).containsExactly(ErrorCode.PATH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b", "/a", "/home/x", "/process/x", "/a..b/...", "-x", "/é"})
  void otherLocalPathsAreAllowed(String path) {
    assertThat(check(task().input("oss://b/k", path))).isEmpty();
    assertThat(check(task().input("oss://b/k/", path + "/"))).isEmpty();
  }

  @Test
  void localPathsHaveABoundedLength() {
    assertThat(check(task().input("oss://b/k", "/" + "é".repeat(127)))).isEmpty();
    assertThat(check(task().input("oss://b/k", "/" + "é".repeat(128)))).hasSize(1);
    assertThat(check(task().input("oss://b/k", "/a".repeat(2_047)))).isEmpty();
    assertThat(check(task().input("oss://b/k", "/a".repeat(2_048)))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "INPUT,oss://b/k/,/d/x,true", "INPUT,oss://b/k,/d/x/,true", "INPUT,oss://b,/d/x/,false",
    "OUTPUT,oss://b/k/,/d/x,true", "OUTPUT,oss://b/k,/d/x/,true", "MOUNT,oss://b/k/,/d/x,true",
    "LOG,oss://b/k/,/d/x,false", "LOG,oss://b/k,/d/x/,true", "LOG,oss://b/k,/d/x,false"
  })
  void folderPairsWithFolderAndFileWithFile(
      Direction direction, String store, String local, boolean conflict) {
    assertThat(check(task().mapping(new Mapping(direction, store, local))))
        .extracting(Fault::code)
        .containsExactlyElementsOf(conflict ? List.of(ErrorCode.CONFLICT) : List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "INPUT,/d/,INPUT,/d/,true",
    "INPUT,/d/,INPUT,/d/e/,true",
    "INPUT,/d/e/,OUTPUT,/d/,true",
    "INPUT,/d/,OUTPUT,/d/e/,true",
    "OUTPUT,/d/,OUTPUT,/d/e/,true",
    "OUTPUT,/d/,LOG,/d/e/,false",
    "OUTPUT,/d/,LOG,/d/,false",
    "MOUNT,/d/,LOG,/d/e/,true",
    "INPUT,/d/,OUTPUT,/dd/,false",
    "INPUT,/d/a/,OUTPUT,/d/b/,false",
    "INPUT,/d/,OUTPUT,d/,false",
    "WRITABLE_INPUT,/d/,OUTPUT,/d/out/,true"
  })
  void mappingsDoNotOverlap(
      Direction one, String path, Direction other, String otherPath, boolean conflict) {
    List<Fault> faults =
        check(
            task()
                .mapping(new Mapping(one, "oss://b/1/", path))
                .mapping(new Mapping(other, "oss://b/2/", otherPath)));
    assertThat(faults)
        .extracting(Fault::code)
        .containsExactlyElementsOf(conflict ? List.of(ErrorCode.CONFLICT) : List.of());
  }

  @Test
  void theSamePairIsNotReadAndPublished() {
    List<Fault> faults = check(task().input("oss://b/k/", "/d/").output("/d/", "oss://b/k/"));
    assertThat(faults).hasSize(1);
    assertThat(faults.get(0).rule()).contains("the same pair");
  }

  @Test
  void aFileBesideItsFolderIsNotMistakenForOneInIt() {
    assertThat(
            check(
                task()
                    .input("oss://b/1/", "/d/a/")
                    .input("oss://b/2", "/d/a-b")
                    .input("oss://b/3", "/d/a.c")))
        .isEmpty();
    assertThat(
            check(
                task()
                    .input("oss://b/1/", "/d/a/")
                    .input("oss://b/2", "/d/a-b")
                    .input("oss://b/3", "/d/a/c")))
        .hasSize(1);
  }

  @Test
  void anObjectIsMappedWritableOnce() {
    assertThat(
            check(
                task()
                    .mapping(new Mapping(Direction.WRITABLE_INPUT, "oss://b/k", "/d/1"))
                    .mapping(new Mapping(Direction.WRITABLE_INPUT, "oss://b/k", "/d/2"))))
        .extracting(Fault::code)
        .containsExactly(ErrorCode.CONFLICT);
  }
}
