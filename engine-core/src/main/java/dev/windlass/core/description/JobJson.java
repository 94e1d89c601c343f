package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.graph.Faults;
import dev.windlass.core.graph.FieldPath;
import dev.windlass.core.graph.JobCheck;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import dev.windlass.error.ValidationException;
import dev.windlass.job.JobDescription;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Job descriptions as JSON: the format of the BatchCompute service, version 2015-11-11, with one
 * object more.
 *
 * <h2>Reading</h2>
 *
 * <p>All faults are found at once. Nothing is converted and nothing passed over: an unknown field,
 * a key that stands twice, a number in quotes and {@code null} are faults. An absent field has its
 * default:
 *
 * <ul>
 *   <li>{@code Description} empty, {@code Priority} 0, {@code JobFailOnInstanceFail} true, {@code
 *       AutoRelease} false;
 *   <li>{@code InstanceCount} 1, {@code MaxRetryCount} 0, {@code Timeout} 86400;
 *   <li>{@code ClusterId} and {@code AutoCluster}, absent or empty both: the engine's default
 *       cluster;
 *   <li>{@code StdoutRedirectPath} and {@code StderrRedirectPath}, absent or empty: the engine
 *       keeps the output;
 *   <li>all others: none, or false.
 * </ul>
 *
 * <p>{@code Name}, {@code Type} (only {@code "DAG"}), {@code DAG.Tasks} and a command must be
 * given. Fields that mean something in the service's cloud only are checked for their JSON type,
 * kept, and written again.
 *
 * <p>Bounds: 16 MiB, 64 levels, 2,000,000 values, 1 MiB for a string, 32 characters for a number,
 * 1,000 faults.
 *
 * <h2>What a task can have beyond the service's format</h2>
 *
 * <pre>{@code
 * "windlass": {
 *   "argv": ["prog", "first argument"],
 *   "resources": { "cpus": 1.5, "memoryBytes": 2147483648, "diskBytes": 10737418240, "gpus": 1,
 *     "named": { "licence-x": 1 } },
 *   "retry": {
 *     "delaySeconds": 1.5, "maxDelaySeconds": 300,
 *     "rules": [
 *       { "exitCodes": [2, 64], "action": "fail" },
 *       { "outcomes": ["timed-out"], "exitCodes": [75], "action": "retry", "maxRetries": 10,
 *         "delaySeconds": 60, "maxDelaySeconds": 600 } ],
 *     "memory": { "maxRetries": 3, "growthPercent": 100, "maxBytes": 68719476736 },
 *     "maxLosses": 20 },
 *   "executor": "local",
 *   "isolation": "sealed",
 *   "maxRunning": 100,
 *   "tolerate": { "instances": 3, "percent": 5 },
 *   "after": { "align": "success", "check": "failure", "split": "always" },
 *   "perInstance": ["sort"],
 *   "secrets": { "DB_PASSWORD": "prod/db" }
 * }
 * }</pre>
 *
 * <p>Each is optional. {@code argv} stands instead of {@code CommandLine}; no shell sees it.
 * Without {@code cpus} an instance books one. A {@code delaySeconds} above the default of {@code
 * maxDelaySeconds} raises that. The outcomes of a rule are those of {@link
 * dev.windlass.job.Outcome.Kind}, in small letters with hyphens. {@code isolation} is {@code
 * "session"} or {@code "sealed"}. {@code secrets} are variables with the names of their values,
 * which the host's {@link dev.windlass.SecretProvider} knows.
 *
 * <h2>What a job can have beyond the service's format</h2>
 *
 * <pre>{@code
 * "windlass": { "owner": "alice", "labels": { "project": "genome" },
 *   "weight": 2, "maxRunning": 1000,
 *   "onFailure": "finish-running", "finalTask": "cleanup" }
 * }</pre>
 *
 * <h2>Writing</h2>
 *
 * <p>What was written is read back to an equal description. What was read is written with every
 * field that it had, except that there is one way only to say a thing:
 *
 * <ul>
 *   <li>always written: {@code Name}, {@code Type}, {@code Priority}, {@code
 *       JobFailOnInstanceFail}, {@code DAG.Dependencies}, {@code DAG.Tasks}, and of a task {@code
 *       InstanceCount}, {@code MaxRetryCount}, {@code Timeout}, {@code Parameters.Command} and its
 *       {@code PackagePath}, empty for none;
 *   <li>all others only if they differ from their default; so empty maps, an unused {@code
 *       ClusterId} or {@code AutoCluster} and {@code WriteSupport} without {@code InputMapping} are
 *       left out;
 *   <li>an entry of {@code Mounts} without {@code WriteSupport} is an input and goes to {@code
 *       InputMapping} if it can;
 *   <li>members have a fixed order; tasks, dependencies, mappings, variables and fields that are
 *       kept have their own.
 * </ul>
 *
 * <p>All methods may be called by all threads. No message holds a variable's value or a URI with
 * credentials.
 */
public final class JobJson {

  private JobJson() {}

  /**
   * Reads a description. Only its form is checked; see {@link #readAll(String)}.
   *
   * @param text the document
   * @return the description
   * @throws ValidationException with all faults of form
   */
  public static JobDescription read(String text) {
    Faults faults = new Faults();
    return result(draft(DocumentText.check(text, faults), faults), faults).orThrow();
  }

  /**
   * Reads a description as {@link #read(String)} does.
   *
   * @param in UTF-8 without a byte order mark; read to its end, not closed
   * @return the description
   * @throws ValidationException with all faults of form
   * @throws IOException if the stream fails
   */
  public static JobDescription read(InputStream in) throws IOException {
    Faults faults = new Faults();
    return result(draft(DocumentText.read(in, faults), faults), faults).orThrow();
  }

  /**
   * Reads a description and checks all that can be checked without an engine, also of a document of
   * which only parts could be read.
   *
   * @param text the document
   * @return the description, or all faults of form and of content
   */
  public static Reading readAll(String text) {
    Faults faults = new Faults();
    return checked(draft(DocumentText.check(text, faults), faults), faults);
  }

  /**
   * Reads and checks a description as {@link #readAll(String)} does.
   *
   * @param in UTF-8 without a byte order mark; read to its end, not closed
   * @return the description, or all faults of form and of content
   * @throws IOException if the stream fails
   */
  public static Reading readAll(InputStream in) throws IOException {
    Faults faults = new Faults();
    return checked(draft(DocumentText.read(in, faults), faults), faults);
  }

  /**
   * Checks a description that was built rather than read: as {@link #readAll(String)}, and that it
   * can be written and read back.
   *
   * @param job what to check
   * @return all faults; empty if there is none
   */
  public static List<Fault> check(JobDescription job) {
    List<Fault> faults = JobCheck.check(job);
    if (!faults.isEmpty()) {
      return faults;
    }
    try {
      return readAll(writeCompact(job)).faults();
    } catch (IllegalArgumentException unwritable) {
      return List.of(
          new Fault(
              ErrorCode.MALFORMED,
              FieldPath.ROOT.toString(),
              "",
              String.valueOf(unwritable.getMessage())));
    }
  }

  /**
   * Writes a description for people: indented, with a line feed at the end.
   *
   * @param job in which {@link #check} finds no fault
   * @return the document
   * @throws IllegalArgumentException if the format cannot hold it; never if there is no fault
   */
  public static String write(JobDescription job) {
    return JsonPrinter.pretty(JobWriter.write(job));
  }

  /**
   * Writes a description for storage and comparison: without white space. Equal texts mean equal
   * descriptions. The order of tasks, dependencies, mappings and variables counts.
   *
   * @param job in which {@link #check} finds no fault
   * @return the document
   * @throws IllegalArgumentException if the format cannot hold it; never if there is no fault
   */
  public static String writeCompact(JobDescription job) {
    return JsonPrinter.compact(JobWriter.write(job));
  }

  /** Labels as they stand in a document, without white space. */
  public static String writeLabels(Map<String, String> labels) {
    Members members = new Members();
    labels.forEach(members::put);
    return JsonPrinter.compact(members.build());
  }

  /**
   * Reads what {@link #writeLabels} wrote.
   *
   * @throws ValidationException if it is something else
   */
  public static Map<String, String> readLabels(String text) {
    Faults faults = new Faults();
    Optional<Map<String, String>> labels =
        JsonText.parse("{\"labels\":" + text + "}", faults)
            .filter(ObjectValue.class::isInstance)
            .map(tree -> new Fields((ObjectValue) tree, FieldPath.ROOT, faults))
            .map(fields -> fields.strings("labels", true));
    if (!faults.isEmpty() || labels.isEmpty()) {
      throw new ValidationException("labels", faults.list());
    }
    return labels.get();
  }

  private static Optional<JobDescription> draft(Optional<String> text, Faults faults) {
    return text.flatMap(each -> JsonText.parse(each, faults))
        .flatMap(document -> new JobReader(faults).read(document));
  }

  private static Reading checked(Optional<JobDescription> draft, Faults faults) {
    draft.ifPresent(job -> faults.addAll(JobCheck.check(job)));
    return result(draft, faults);
  }

  private static Reading result(Optional<JobDescription> draft, Faults faults) {
    String namePath = FieldPath.ROOT.field("Name").toString();
    boolean named = faults.list().stream().noneMatch(fault -> fault.path().equals(namePath));
    String name = draft.filter(job -> named).map(JobDescription::name).orElse("");
    return new Reading(name, faults.isEmpty() ? draft : Optional.empty(), faults.list());
  }
}
