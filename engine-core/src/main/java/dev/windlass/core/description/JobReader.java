package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.graph.Faults;
import dev.windlass.core.graph.FieldPath;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobDescription;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From the tree of a document to a description, with all faults of form. */
final class JobReader {

  /** Stands for a name that was refused, so that the rest can be read. */
  private static final String NO_NAME = "unnamed";

  /** How a job says that it lets running work finish before it fails. */
  static final String FINISH_RUNNING = "finish-running";

  private final Faults faults;

  JobReader(Faults faults) {
    this.faults = faults;
  }

  /**
   * Reads a job.
   *
   * @param document the whole document
   * @return what could be read: with faults it has gaps, and stand-ins for what was refused; empty
   *     if there is nothing worth a further check
   */
  Optional<JobDescription> read(JsonValue document) {
    if (!(document instanceof ObjectValue object)) {
      faults.add(ErrorCode.MALFORMED, FieldPath.ROOT, "", "a description is a JSON object");
      return Optional.empty();
    }
    Fields fields = new Fields(object, FieldPath.ROOT, faults);
    JobDescription.Builder job = JobDescription.builder(readName(fields));
    fields.string("Description", ErrorCode.LIMIT, job::description);
    fields.integer("Priority", priority -> job.priority(Numbers.toInt(priority)));
    fields.flag("JobFailOnInstanceFail").ifPresent(job::failOnInstanceFail);
    fields.flag("AutoRelease").ifPresent(job::autoRelease);
    boolean isDag = readType(fields);
    fields.object("windlass").ifPresent(extension -> readExtension(extension, job));
    job.passThrough(fields.keep(ServiceFields.JOB));
    Optional<Fields> dag = isDag ? fields.requiredObject("DAG") : fields.object("DAG");
    fields.finish();
    return dag.flatMap(each -> readDag(each, job.build()));
  }

  private static void readExtension(Fields extension, JobDescription.Builder job) {
    extension.string("owner", ErrorCode.LIMIT, job::owner);
    readLabels(extension, job);
    extension.integer("weight", weight -> job.weight(Numbers.toInt(weight)));
    extension.integer("maxRunning", most -> job.maxRunning(Numbers.toInt(most)));
    extension.string("onFailure", ErrorCode.RANGE, name -> readPolicy(name, extension, job));
    extension.string("finalTask", ErrorCode.NAME, job::finalTask);
    extension.finish();
  }

  private static void readLabels(Fields extension, JobDescription.Builder job) {
    FieldPath path = extension.path().field("labels");
    extension
        .strings("labels", true)
        .forEach(
            (name, value) ->
                extension
                    .faults()
                    .accept(
                        ErrorCode.LIMIT, path.field(name), value, () -> job.label(name, value)));
  }

  /** There is one way only to say what {@code JobFailOnInstanceFail} says. */
  private static JobDescription.Builder readPolicy(
      String name, Fields extension, JobDescription.Builder job) {
    if (!name.equals(FINISH_RUNNING)) {
      throw new IllegalArgumentException("must be \"" + FINISH_RUNNING + "\"");
    }
    if (job.build().onFailure() == FailurePolicy.GO_ON) {
      extension
          .faults()
          .add(
              ErrorCode.CONFLICT,
              extension.path().field("onFailure"),
              name,
              "a job that fails says so in JobFailOnInstanceFail");
    }
    return job.onFailure(FailurePolicy.FINISH_RUNNING);
  }

  private static String readName(Fields fields) {
    return fields
        .required("Name", ErrorCode.NAME, name -> JobDescription.builder(name).build().name())
        .orElse(NO_NAME);
  }

  /** Says whether the job is a DAG or should be. */
  private boolean readType(Fields fields) {
    Optional<String> type = fields.required("Type");
    FieldPath path = fields.path().field("Type");
    if (type.isPresent() && type.get().equals("App")) {
      String rule = "jobs of type App are not supported; describe the job as a DAG";
      faults.add(ErrorCode.UNSATISFIABLE, path, "App", rule);
      return false;
    }
    if (type.isPresent() && !type.get().equals("DAG")) {
      faults.add(ErrorCode.RANGE, path, type.get(), "must be \"DAG\"");
    }
    return true;
  }

  private Optional<JobDescription> readDag(Fields dag, JobDescription job) {
    Optional<Fields> declared = dag.requiredObject("Tasks");
    Map<TaskName, TaskDescription> tasks = new LinkedHashMap<>();
    declared.ifPresent(fields -> readTasks(fields, tasks));
    Set<String> names = declared.map(fields -> fields.all().keySet()).orElse(Set.of());
    Map<TaskName, Set<TaskName>> dependencies =
        dag.object("Dependencies")
            .map(fields -> new DependencyReader(fields, names, tasks.keySet()).read())
            .orElse(Map.of());
    dag.finish();
    boolean lost = tasks.isEmpty() && (declared.isEmpty() || !names.isEmpty());
    return lost ? Optional.empty() : Optional.of(complete(job, names, tasks, dependencies));
  }

  private void readTasks(Fields declared, Map<TaskName, TaskDescription> tasks) {
    for (String name : declared.all().keySet()) {
      FieldPath path = declared.path().field(name);
      Optional<TaskName> taskName =
          faults.accept(ErrorCode.NAME, path, name, () -> new TaskName(name));
      Optional<TaskDescription> task =
          declared.object(name).map(fields -> new TaskReader(fields).read());
      if (taskName.isPresent() && task.isPresent()) {
        tasks.put(taskName.get(), task.get());
      }
    }
  }

  private static JobDescription complete(
      JobDescription job,
      Set<String> names,
      Map<TaskName, TaskDescription> tasks,
      Map<TaskName, Set<TaskName>> dependencies) {
    return new JobDescription(
        job.name(),
        job.description(),
        job.priority(),
        job.onFailure(),
        job.autoRelease(),
        job.owner(),
        job.labels(),
        job.weight(),
        job.maxRunning(),
        tasks,
        dependencies,
        // One fault is enough for a task that was refused.
        job.finalTask().filter(name -> tasks.containsKey(name) || !names.contains(name.value())),
        job.passThrough());
  }
}
