package dev.windlass.testkit.recording;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Mapping;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.StoreUri;
import dev.windlass.testkit.engine.TestEngine;
import dev.windlass.testkit.engine.TestEngineBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** What the jobs of a recording need around them. */
final class Surroundings {

  /** That of tasks that name none. */
  private static final String FIRST_EXECUTOR = "scripted";

  private static final Resources PLENTY =
      new Resources(1_000_000, 1L << 50, 1L << 50, 1_000, Map.of());

  /** An archive ends with two empty records of 512 bytes (POSIX ustar). */
  private static final int EMPTY_ARCHIVE_BYTES = 1_024;

  private Surroundings() {}

  /** A test engine that has all that the jobs name. */
  static TestEngineBuilder of(Recording recording) {
    Set<String> executors = new LinkedHashSet<>(List.of(FIRST_EXECUTOR));
    Set<ClusterName> clusters = new TreeSet<>();
    Set<String> schemes = new TreeSet<>(List.of("oss"));
    Set<String> named = new TreeSet<>();
    tasks(recording)
        .forEach(
            task -> {
              task.executor().ifPresent(executors::add);
              if (task.placement() instanceof Placement.OnCluster on) {
                clusters.add(on.cluster());
              }
              task.resources().ifPresent(request -> named.addAll(request.named().keySet()));
              uris(task).forEach(uri -> schemes.add(StoreUri.parse(uri).scheme()));
            });
    clusters.remove(ClusterDescription.DEFAULT);
    TestEngineBuilder builder =
        TestEngine.builder()
            .executors(executors.toArray(String[]::new))
            .schemes(schemes.toArray(String[]::new));
    named.forEach(name -> builder.namedResource(name, Resources.MAX_NAMED));
    clusters.forEach(name -> builder.cluster(cluster(name, executors)));
    recording.submissions().stream().findFirst().ifPresent(first -> builder.startingAt(first.at()));
    return builder;
  }

  private static Stream<TaskDescription> tasks(Recording recording) {
    return recording.submissions().stream()
        .flatMap(submission -> submission.description().tasks().values().stream());
  }

  private static Stream<String> uris(TaskDescription task) {
    Stream<String> mapped = task.mappings().stream().map(Mapping::store);
    Stream<String> others =
        Stream.of(task.packageUri(), task.stdoutFolder(), task.stderrFolder())
            .flatMap(java.util.Optional::stream);
    return Stream.concat(mapped, others);
  }

  private static ClusterDescription cluster(ClusterName name, Set<String> executors) {
    ClusterDescription.Builder cluster = ClusterDescription.builder(name.value());
    executors.forEach(
        executor -> cluster.group(new ClusterDescription.Group(executor, executor, 1, PLENTY)));
    return cluster.build();
  }

  /** Puts something wherever a task expects an object. */
  static void putInputs(TaskDescription task, TestEngine engine) {
    task.packageUri()
        .filter(uri -> isMissing(uri, engine))
        .ifPresent(uri -> engine.putObject(uri, packageFor(uri)));
    task.mappings().stream()
        .filter(Surroundings::isInput)
        .map(Mapping::store)
        .filter(uri -> isMissing(uri, engine))
        .forEach(uri -> engine.putObject(uri, "stands for what was there\n"));
  }

  private static boolean isInput(Mapping mapping) {
    return switch (mapping.direction()) {
      case INPUT, WRITABLE_INPUT -> true;
      case OUTPUT, LOG, MOUNT -> false;
    };
  }

  /** Folders need not hold anything. */
  private static boolean isMissing(String uri, TestEngine engine) {
    StoreUri object = StoreUri.parse(uri);
    return !object.isFolder() && engine.storage().stat(object).isEmpty();
  }

  private static byte[] packageFor(String uri) {
    return uri.endsWith(".tar.gz") || uri.endsWith(".tgz")
        ? emptyArchive()
        : "stands for what was there\n".getBytes(StandardCharsets.UTF_8);
  }

  /** A package without files. */
  static byte[] emptyArchive() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream archive = new GZIPOutputStream(bytes)) {
      archive.write(new byte[EMPTY_ARCHIVE_BYTES]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
