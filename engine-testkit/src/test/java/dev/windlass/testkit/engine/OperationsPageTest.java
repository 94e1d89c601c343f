package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.Engine;
import dev.windlass.JobOperation;
import dev.windlass.JobStatus;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterDescription.Group;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Tolerance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Each management operation in each state of a job, a task, a cluster and a node, as {@code
 * docs/operations.md} tells it: carried out, without effect, or refused with the state's name.
 *
 * <p>With {@code -Dwindlass.write-docs=true} the page is written instead of compared.
 */
@Timeout(120)
class OperationsPageTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final TaskName FIRST = new TaskName("first");
  private static final TaskName SECOND = new TaskName("second");
  private static final ClusterName FARM = new ClusterName("farm");

  /** A world in which what is asked for stands as a column says. */
  private record Scene<T>(TestEngine test, T subject) {}

  @FunctionalInterface
  private interface Stage<T> {
    T set(TestEngine test) throws Exception;
  }

  /** Operations in rows, states in columns. */
  private record Table<T>(
      Map<String, BiConsumer<Engine, T>> rows,
      Map<String, Stage<T>> columns,
      Function<Scene<T>, Map<String, String>> picture) {

    String markdown(String subject) throws Exception {
      StringBuilder text = new StringBuilder("| " + subject + " | ");
      text.append(String.join(" | ", columns.keySet())).append(" |\n| --- |");
      text.append(" --- |".repeat(columns.size())).append("\n");
      for (Map.Entry<String, BiConsumer<Engine, T>> row : rows.entrySet()) {
        text.append("| ").append(row.getKey());
        for (Map.Entry<String, Stage<T>> column : columns.entrySet()) {
          text.append(" | ").append(cell(row.getValue(), column.getKey(), column.getValue()));
        }
        text.append(" |\n");
      }
      return text.toString();
    }

    private String cell(BiConsumer<Engine, T> operation, String state, Stage<T> stage)
        throws Exception {
      try (TestEngine test = TestEngine.builder().nodeCapacity(Resources.cpus(1)).build()) {
        Scene<T> scene = new Scene<>(test, stage.set(test));
        Map<String, String> before = picture.apply(scene);
        try {
          operation.accept(test.engine(), scene.subject());
        } catch (EngineException e) {
          assertThat(picture.apply(scene)).as("what was refused").isEqualTo(before);
          return refusal(e, state);
        }
        return difference(before, picture.apply(scene));
      }
    }

    /** A conflict names the state that the column is about. */
    private static String refusal(EngineException e, String state) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return "not found";
      }
      String word = state.split("[ ,]", -1)[0];
      if (e.code() == ErrorCode.STATE_CONFLICT) {
        assertThat(e).hasMessageContaining(word.equals("configured") ? "configuration" : word);
        return "refused";
      }
      return "refused (" + e.code() + ")";
    }

    private static String difference(Map<String, String> before, Map<String, String> after) {
      List<String> changes = new ArrayList<>();
      after.forEach(
          (what, value) -> {
            String was = before.getOrDefault(what, "");
            if (!value.equals(was)) {
              changes.add(value.isEmpty() ? "no longer " + was : (what + " " + value).strip());
            }
          });
      return changes.isEmpty() ? "no effect" : String.join(", ", changes);
    }
  }

  @Test
  void thePageTellsWhatEachOperationDoesInEachState() throws Exception {
    String page =
        """
        # Operations

        What users can do, and what it comes to in each state. A test carries all of this out and
        compares this page with what it finds. *Refused* is the error `STATE_CONFLICT`, whose message
        names the present state; *not found* is `NOT_FOUND`; *no effect* means that the call returns
        and nothing has changed. An arrow stands before the state that is entered at once.
        *Again* counts the instances that are to run.

        ## Jobs

        The job has three instances: two of its task `first` and one of `second`, which comes after.

        """
            + jobs().markdown("operation")
            + """

            A job *ending* is still `Running`: it is decided how it ends, and its final task runs. A
            job *winding up* has ended, and an attempt that was cancelled still runs; a restart waits
            for that attempt. A job *deleted* then is gone for all who ask.

            `stop` ends a pause: a final task runs at a stop also if the job was paused. `restart`
            keeps what has finished and, in tasks that have finished, failures that were tolerated;
            `restart failed` runs those again too; `restart from` runs the given task and all after it
            again, also what had finished.

            ## Tasks

            The operations that name a task, by the state of that task.

            """
            + tasks().markdown("operation")
            + """

            ## Clusters

            """
            + clusters().markdown("operation")
            + """

            ## Nodes

            """
            + nodes().markdown("operation");
    Path file = Path.of("..", "docs", "operations.md");
    if (Boolean.getBoolean("windlass.write-docs")) {
      Files.writeString(file, page);
    }
    assertThat(file).hasContent(page);
  }

  // ---- jobs ----

  private static BiConsumer<Engine, JobId> manage(JobOperation operation) {
    return (engine, job) -> engine.manage(job, operation, "a reason");
  }

  private static Map<String, BiConsumer<Engine, JobId>> jobOperations() {
    Map<String, BiConsumer<Engine, JobId>> rows = new LinkedHashMap<>();
    rows.put("`stop`", manage(new JobOperation.Stop()));
    rows.put("`pause`", manage(new JobOperation.Pause()));
    rows.put("`resume`", manage(new JobOperation.Resume()));
    rows.put("`setPriority` to another", manage(new JobOperation.SetPriority(7)));
    rows.put("`setPriority` to the same", manage(new JobOperation.SetPriority(0)));
    rows.put("`setMaxRunning`", (engine, job) -> engine.setMaxRunning(job, OptionalInt.of(5)));
    rows.put("`restart`", manage(new JobOperation.Restart()));
    rows.put("`restart failed`", manage(new JobOperation.RestartFailed()));
    rows.put("`restart from` `second`", manage(new JobOperation.RestartFrom(SECOND)));
    rows.put("`restart from` an unknown task", manage(new JobOperation.RestartFrom(FARM_TASK)));
    rows.put("`delete`", manage(new JobOperation.Delete()));
    rows.put("`releaseAll`", Engine::releaseAll);
    return rows;
  }

  private static final TaskName FARM_TASK = new TaskName("unknown");

  private static Table<JobId> jobs() {
    Map<String, Stage<JobId>> columns = new LinkedHashMap<>();
    columns.put("Waiting", OperationsPageTest::waiting);
    columns.put("Running", OperationsPageTest::running);
    columns.put(
        "Running, paused",
        test -> {
          JobId job = running(test);
          test.engine().pause(job);
          return job;
        });
    columns.put(
        "Running, with a final task to come",
        test -> {
          test.script().task("first").succeeds().after(HOUR);
          return withFinalTask(test);
        });
    columns.put("Running, ending", OperationsPageTest::ending);
    columns.put("Finished", test -> ended(test, job()));
    columns.put(
        "Finished, with a failure that was tolerated",
        test -> {
          test.script().task("first").instance(1).attempt(1).exits(1);
          return ended(test, job());
        });
    columns.put(
        "Failed",
        test -> {
          test.script().task("second").attempt(1).exits(1);
          return ended(test, job());
        });
    columns.put(
        "Stopped",
        test -> {
          JobId job = running(test);
          test.engine().stop(job);
          test.engine().await(job);
          return job;
        });
    columns.put("Stopped, winding up", OperationsPageTest::windingUp);
    columns.put(
        "deleted",
        test -> {
          JobId job = windingUp(test);
          test.engine().delete(job);
          return job;
        });
    return new Table<>(jobOperations(), columns, OperationsPageTest::picture);
  }

  private static TaskDescription.Builder program() {
    return TaskDescription.builder(Command.of("prog")).retry(RetryPolicy.retries(0));
  }

  private static JobDescription.Builder job() {
    return JobDescription.builder("job")
        .task("first", program().instances(2).tolerance(Tolerance.ofInstances(1)).build())
        .task("second", program().build())
        .dependency("first", "second");
  }

  private static JobId ended(TestEngine test, JobDescription.Builder job) throws Exception {
    JobId id = test.engine().submit(job.build());
    test.engine().await(id);
    return id;
  }

  private static JobId waiting(TestEngine test) {
    test.script().job("other").succeeds().after(HOUR);
    test.engine().submit(JobDescription.builder("other").task("first", program().build()).build());
    test.advance(MINUTE);
    return test.engine().submit(job().build());
  }

  private static JobId running(TestEngine test) {
    test.script().task("first").succeeds().after(HOUR);
    JobId job = test.engine().submit(job().build());
    test.advance(MINUTE);
    return job;
  }

  private static JobId withFinalTask(TestEngine test) {
    JobId job =
        test.engine().submit(job().task("last", program().build()).finalTask("last").build());
    test.advance(MINUTE);
    return job;
  }

  private static JobId ending(TestEngine test) {
    test.script().task("last").succeeds().after(HOUR);
    return withFinalTask(test);
  }

  private static JobId windingUp(TestEngine test) {
    test.script().task("first").attempt(1).succeeds().after(HOUR).ignoringCancellation();
    JobId job = test.engine().submit(job().build());
    test.advance(MINUTE);
    test.engine().stop(job);
    return job;
  }

  private static Map<String, String> picture(Scene<JobId> scene) {
    Map<String, String> picture = new LinkedHashMap<>();
    Optional<JobStatus> found = status(scene.test().engine(), scene.subject());
    if (found.isEmpty()) {
      picture.put("gone", "");
      picture.put("", "gone");
      return picture;
    }
    JobStatus job = found.get();
    picture.put("→", job.state().serviceName());
    if (!job.state().isEnded()) {
      picture.put("again", Long.toString(job.instances().waiting() + job.instances().running()));
    }
    picture.put("", job.isPaused() ? "paused" : isEnding(job) ? "ending" : "");
    picture.put("priority", Integer.toString(job.priority()));
    picture.put("bound", bound(job.maxRunning()));
    return picture;
  }

  private static boolean isEnding(JobStatus job) {
    return job.message().contains("it ends when its final task");
  }

  private static String bound(OptionalInt most) {
    return most.isPresent() ? Integer.toString(most.getAsInt()) : "none";
  }

  private static Optional<JobStatus> status(Engine engine, JobId job) {
    try {
      return Optional.of(engine.job(job));
    } catch (EngineException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
      return Optional.empty();
    }
  }

  // ---- tasks ----

  private static Table<JobId> tasks() {
    Map<String, BiConsumer<Engine, JobId>> rows = new LinkedHashMap<>();
    rows.put(
        "`setMaxRunning`", (engine, job) -> engine.setMaxRunning(job, FIRST, OptionalInt.of(5)));
    rows.put("`setRetry`", (engine, job) -> engine.setRetry(job, FIRST, RetryPolicy.retries(3)));
    rows.put("`restart from`", manage(new JobOperation.RestartFrom(FIRST)));
    Map<String, Stage<JobId>> columns = new LinkedHashMap<>();
    columns.put("Waiting", OperationsPageTest::waiting);
    columns.put("Running", OperationsPageTest::running);
    columns.put("Finished, in a job that has finished", test -> ended(test, job()));
    columns.put(
        "Finished, in a job that has failed",
        test -> {
          test.script().task("second").attempt(1).exits(1);
          return ended(test, job());
        });
    columns.put(
        "Failed",
        test -> {
          test.script().task("first").attempt(1).exits(1);
          return ended(test, job());
        });
    columns.put(
        "Stopped",
        test -> {
          JobId job = waiting(test);
          test.engine().stop(job);
          return job;
        });
    return new Table<>(
        rows,
        columns,
        scene -> {
          Map<String, String> picture = picture(scene);
          var task = scene.test().engine().task(scene.subject(), FIRST);
          picture.put("task →", task.state().serviceName());
          picture.put("bound of the task", bound(task.maxRunning()));
          picture.put(
              "retries",
              task.changedRetry()
                  .map(retry -> Integer.toString(retry.maxRetries()))
                  .orElse("as described"));
          return picture;
        });
  }

  // ---- clusters ----

  private static ClusterDescription farm(int nodes) {
    return ClusterDescription.builder("farm")
        .group(new Group("g", "scripted", nodes, Resources.cpus(1)))
        .build();
  }

  private static ClusterDescription like(ClusterName name, int nodes) {
    return ClusterDescription.builder(name.value())
        .group(new Group("g", "scripted", nodes, Resources.cpus(1)))
        .build();
  }

  private static Table<ClusterName> clusters() {
    Map<String, BiConsumer<Engine, ClusterName>> rows = new LinkedHashMap<>();
    rows.put("`createCluster`, the same", (engine, name) -> engine.createCluster(like(name, 2)));
    rows.put("`createCluster`, another", (engine, name) -> engine.createCluster(like(name, 1)));
    rows.put("`changeCluster`", (engine, name) -> engine.changeCluster(like(name, 3)));
    rows.put("`setNodes`", (engine, name) -> engine.setNodes(name, "g", 3));
    rows.put("`deleteCluster`", Engine::deleteCluster);
    Map<String, Stage<ClusterName>> columns = new LinkedHashMap<>();
    columns.put("not there", test -> FARM);
    columns.put(
        "Active",
        test -> {
          test.engine().createCluster(farm(2));
          test.advance(MINUTE);
          return FARM;
        });
    columns.put(
        "Deleting",
        test -> {
          occupied(test);
          test.engine().deleteCluster(FARM);
          return FARM;
        });
    columns.put("configured", test -> ClusterDescription.DEFAULT);
    return new Table<>(rows, columns, OperationsPageTest::pictureOfCluster);
  }

  private static Map<String, String> pictureOfCluster(Scene<ClusterName> scene) {
    Map<String, String> picture = new LinkedHashMap<>();
    picture.put("→", "gone");
    scene.test().engine().clusters().stream()
        .filter(cluster -> cluster.name().equals(scene.subject()))
        .forEach(
            cluster -> {
              picture.put("→", cluster.state().serviceName());
              picture.put(
                  "nodes wanted",
                  cluster.description().groups().stream()
                      .map(group -> Integer.toString(group.nodes()))
                      .collect(Collectors.joining("+")));
            });
    return picture;
  }

  /** A cluster of one node, and on it an attempt that does not listen. */
  private static String occupied(TestEngine test) {
    test.script().task("first").succeeds().after(HOUR).ignoringCancellation();
    test.engine().createCluster(farm(1));
    test.engine()
        .submit(
            JobDescription.builder("job")
                .task("first", program().placement(new Placement.OnCluster(FARM)).build())
                .build());
    test.advance(MINUTE);
    return test.engine().nodes(FARM).get(0).name();
  }

  // ---- nodes ----

  private record NodeOf(ClusterName cluster, String name) {}

  private static Table<NodeOf> nodes() {
    Map<String, BiConsumer<Engine, NodeOf>> rows = new LinkedHashMap<>();
    rows.put("`drainNode`", (engine, node) -> engine.drainNode(node.cluster(), node.name()));
    rows.put("`deleteNode`", (engine, node) -> engine.deleteNode(node.cluster(), node.name()));
    rows.put("`recreateNode`", (engine, node) -> engine.recreateNode(node.cluster(), node.name()));
    Map<String, Stage<NodeOf>> columns = new LinkedHashMap<>();
    columns.put(
        "Starting",
        test -> {
          test.engine().createCluster(farm(1));
          return new NodeOf(FARM, test.engine().nodes(FARM).get(0).name());
        });
    columns.put("Running", test -> new NodeOf(FARM, occupied(test)));
    columns.put(
        "Draining",
        test -> {
          NodeOf node = new NodeOf(FARM, occupied(test));
          test.engine().drainNode(FARM, node.name());
          return node;
        });
    columns.put(
        "Deleting",
        test -> {
          NodeOf node = new NodeOf(FARM, occupied(test));
          test.engine().deleteNode(FARM, node.name());
          return node;
        });
    columns.put(
        "configured",
        test ->
            new NodeOf(
                ClusterDescription.DEFAULT,
                test.engine().nodes(ClusterDescription.DEFAULT).get(0).name()));
    columns.put(
        "not there",
        test -> {
          test.engine().createCluster(farm(1));
          return new NodeOf(FARM, "farm.g.99");
        });
    return new Table<>(rows, columns, OperationsPageTest::pictureOfNode);
  }

  private static Map<String, String> pictureOfNode(Scene<NodeOf> scene) {
    Map<String, String> picture = new LinkedHashMap<>();
    NodeOf node = scene.subject();
    picture.put("→", "gone");
    scene.test().engine().nodes(node.cluster()).stream()
        .filter(each -> each.name().equals(node.name()))
        .forEach(each -> picture.put("→", each.state().serviceName()));
    scene
        .test()
        .engine()
        .cluster(node.cluster())
        .description()
        .groups()
        .forEach(group -> picture.put("nodes wanted", Integer.toString(group.nodes())));
    return picture;
  }
}
