package dev.windlass.core.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import dev.windlass.job.Command;
import dev.windlass.job.Condition;
import dev.windlass.job.JobDescription;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobCheckTest {

  private static final Command TRUE = Command.shell("true");

  private static TaskDescription.Builder task() {
    return TaskDescription.builder(TRUE);
  }

  private static List<Fault> check(TaskDescription.Builder task) {
    return JobCheck.check(JobDescription.builder("j").task("t", task.build()).build());
  }

  private static void assertFault(TaskDescription.Builder task, ErrorCode code, String path) {
    assertThat(check(task))
        .extracting(fault -> fault.code() + " " + fault.path())
        .containsExactly(code + " $.DAG.Tasks.t." + path);
  }

  /** A chain of tasks with edges such as {@code "0>1"}. */
  private static List<Fault> check(int tasks, String... edges) {
    JobDescription.Builder job = JobDescription.builder("j");
    for (int i = 0; i < tasks; i++) {
      job.task("t" + i, task().build());
    }
    Arrays.stream(edges)
        .map(e -> e.split(">"))
        .forEach(e -> job.dependency("t" + e[0], "t" + e[1]));
    return JobCheck.check(job.build());
  }

  @Test
  void aJobHasATask() {
    assertThat(check(0)).extracting(Fault::code).containsExactly(ErrorCode.LIMIT);
  }

  @Test
  void aConditionIsOnATaskBeforeAndOneOnFailureInAJobThatGoesOn() {
    JobDescription.Builder job =
        JobDescription.builder("j")
            .task("a", task().build())
            .task("b", task().condition("a", Condition.FAILURE).build())
            .task("c", task().condition("a", Condition.ALWAYS).build())
            .dependency("a", "b");
    assertThat(JobCheck.check(job.build()))
        .extracting(fault -> fault.code() + " " + fault.path())
        .containsExactly(
            "CONFLICT $.DAG.Tasks.b.windlass.after.a", "REFERENCE $.DAG.Tasks.c.windlass.after.a");
    assertThat(JobCheck.check(job.failOnInstanceFail(false).dependency("a", "c").build()))
        .isEmpty();
  }

  @Test
  void aTaskThatWaitsByInstanceComesAfterOneOfEqualCount() {
    JobDescription.Builder job =
        JobDescription.builder("j")
            .task("a", task().instances(3).build())
            .task("b", task().instances(3).perInstance("a").build())
            .task("c", task().instances(3).perInstance("a").build())
            .task("d", task().instances(2).perInstance("b").perInstance("a").build())
            .task(
                "e", task().instances(3).perInstance("b").condition("b", Condition.ALWAYS).build())
            .dependency("a", "b")
            .dependency("b", "d")
            .dependency("a", "d")
            .dependency("b", "e");
    assertThat(JobCheck.check(job.build()))
        .extracting(fault -> fault.code() + " " + fault.path())
        .containsExactly(
            "REFERENCE $.DAG.Tasks.c.windlass.perInstance[0]",
            "CONFLICT $.DAG.Tasks.d.windlass.perInstance[0]",
            "CONFLICT $.DAG.Tasks.d.windlass.perInstance[1]",
            "CONFLICT $.DAG.Tasks.e.windlass.perInstance[0]");
  }

  @Test
  void aFinalTaskIsATaskOfTheJobWithoutDependencies() {
    JobDescription.Builder job =
        JobDescription.builder("j")
            .task("a", task().build())
            .task("b", task().build())
            .task("last", task().build());
    assertThat(JobCheck.check(job.finalTask("last").build())).isEmpty();
    assertThat(JobCheck.check(job.finalTask("lost").build()))
        .extracting(fault -> fault.code() + " " + fault.path())
        .containsExactly("REFERENCE $.windlass.finalTask");
    job.dependency("a", "b").dependency("a", "last").dependency("last", "b");
    assertThat(JobCheck.check(job.finalTask("last").build()))
        .extracting(fault -> fault.code() + " " + fault.path())
        .containsExactly("CONFLICT $.DAG.Dependencies.last", "CONFLICT $.DAG.Dependencies.a[1]");
  }

  @Test
  void aJobHasABoundedNumberOfTasks() {
    assertThat(check(JobCheck.MAX_TASKS)).isEmpty();
    assertThat(check(JobCheck.MAX_TASKS + 1))
        .extracting(Fault::path)
        .containsExactly("$.DAG.Tasks");
  }

  @Test
  void aTaskDoesNotWaitForItself() {
    List<Fault> faults = check(2, "0>1", "1>1");
    assertThat(faults).extracting(Fault::code).containsExactly(ErrorCode.CYCLE);
    assertThat(faults.get(0).rule()).contains("t1 -> t1");
    assertThat(faults.get(0).path()).isEqualTo("$.DAG.Dependencies.t1[0]");
  }

  @Test
  void aCycleIsShown() {
    List<Fault> faults = check(4, "0>1", "1>2", "2>1", "2>3");
    assertThat(faults).extracting(Fault::code).containsExactly(ErrorCode.CYCLE);
    assertThat(faults.get(0).rule()).endsWith("as in t1 -> t2 -> t1");
    assertThat(check(3, "0>1", "1>2", "2>0").get(0).rule()).endsWith("t0 -> t1 -> t2 -> t0");
  }

  @Test
  void aLongCycleIsShortened() {
    String[] edges = new String[1_000];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = i + ">" + (i + 1) % edges.length;
    }
    List<Fault> faults = check(edges.length, edges);
    assertThat(faults).hasSize(1);
    assertThat(faults.get(0).rule()).endsWith("t6 -> t7 -> (992 more) -> t0").hasSizeLessThan(120);
  }

  @Test
  void eachPartThatIsKnottedIsToldOnce() {
    assertThat(check(6, "0>1", "1>0", "1>2", "2>3", "3>4", "4>2", "3>2"))
        .extracting(Fault::path)
        .containsExactlyInAnyOrder("$.DAG.Dependencies.t0", "$.DAG.Dependencies.t2");
  }

  @Test
  void aLongChainIsNoCycle() {
    String[] edges = new String[JobCheck.MAX_TASKS - 1];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = i + ">" + (i + 1);
    }
    assertThat(check(JobCheck.MAX_TASKS, edges)).isEmpty();
  }

  @Test
  void dependenciesNameTasksOfTheJob() {
    JobDescription job =
        JobDescription.builder("j")
            .task("count", task().build())
            .dependency("count", "cuont")
            .dependency("nobody", "count")
            .build();
    List<Fault> faults = JobCheck.check(job);
    assertThat(faults).extracting(Fault::code).containsOnly(ErrorCode.REFERENCE);
    assertThat(faults)
        .extracting(Fault::path)
        .containsExactly("$.DAG.Dependencies.count[0]", "$.DAG.Dependencies.nobody");
    assertThat(faults.get(0).rule()).contains("did you mean 'count'?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oss:b",
        "oss://",
        "oss:/b/k",
        "://b/k",
        "OSS://b/k",
        "oss://b/a//b",
        "oss://b/../k"
      })
  void storeUrisAreWellFormed(String uri) {
    assertFault(task().input(uri, "/data/x"), ErrorCode.URI, "InputMapping[\"" + uri + "\"]");
    assertFault(task().packageUri(uri), ErrorCode.URI, "Parameters.Command.PackagePath");
  }

  @Test
  void aPackageIsAnObjectAndLogsAreFolders() {
    assertFault(task().packageUri("oss://b/k/"), ErrorCode.URI, "Parameters.Command.PackagePath");
    assertFault(task().stdoutFolder("oss://b/k"), ErrorCode.URI, "Parameters.StdoutRedirectPath");
    assertFault(task().stderrFolder("oss://b"), ErrorCode.URI, "Parameters.StderrRedirectPath");
  }

  @Test
  void argumentsAndVariablesHaveABoundedSize() {
    String longest = "x".repeat(TaskCheck.MAX_STRING_BYTES);
    assertThat(check(TaskDescription.builder(Command.of("p", longest)))).isEmpty();
    assertFault(
        TaskDescription.builder(Command.of("p", longest + "x")),
        ErrorCode.LIMIT,
        "windlass.argv[1]");
    assertFault(
        TaskDescription.builder(Command.shell(longest + "x")),
        ErrorCode.LIMIT,
        "Parameters.Command.CommandLine");
    assertFault(task().environment("A", longest), ErrorCode.LIMIT, "Parameters.Command.EnvVars.A");
    String[] many = new String[16];
    Arrays.fill(many, longest);
    assertFault(
        TaskDescription.builder(Command.of("p", many)), ErrorCode.LIMIT, "Parameters.Command");
  }

  @Test
  void anInstanceBooksMoreThanNoProcessor() {
    assertFault(task().resources(Resources.NONE), ErrorCode.RANGE, "windlass.resources.cpus");
  }

  @Test
  void anArgumentIsOneArgument() {
    assertThat(check(TaskDescription.builder(Command.of("p", "a; rm -rf ~")))).isEmpty();
  }

  @Test
  void guessesAtThousandsOfNamesTakeBoundedTime() {
    JobDescription.Builder job = JobDescription.builder("j");
    for (int i = 0; i < JobCheck.MAX_TASKS; i++) {
      job.task("a_long_name_for_a_task_" + i, task().build());
      job.dependency("a_long_name_for_a_tusk_" + i, "a_long_name_for_a_task_0");
    }
    JobDescription described = job.build();
    assertTimeout(
        Duration.ofSeconds(20),
        () -> assertThat(JobCheck.check(described)).hasSize(Faults.MAX_LISTED + 1));
  }
}
