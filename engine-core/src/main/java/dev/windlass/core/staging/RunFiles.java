package dev.windlass.core.staging;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.windlass.LogBound;
import dev.windlass.job.AttemptId;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the files of attempts lie below the engine's directory: {@code
 * <job>/<task>/<index>.<number>/} with {@code work} (the program's working directory), {@code
 * places} (mappings that are not below it), {@code stdout}, {@code stderr} and {@code node} (where
 * it was placed).
 */
public final class RunFiles {
  private static final Logger LOG = LoggerFactory.getLogger(RunFiles.class);

  private final Path root;
  private final LogBound bound;

  /**
   * Files below a directory, which need not exist.
   *
   * @param bound how much stays of logs that stay
   */
  public RunFiles(Path root, LogBound bound) {
    this.root = root;
    this.bound = bound;
  }

  /** Below which all of them lie. */
  public Path root() {
    return root;
  }

  /** The directory of an attempt. */
  public Path directory(AttemptId id) {
    return root.resolve(id.job().value())
        .resolve(id.instance().task().value())
        .resolve(id.instance().index() + "." + id.number());
  }

  /**
   * What is noted of where an attempt is placed: the node's name, then its devices, a line each.
   *
   * @param node the node's name
   * @param gpuDevices the devices of the node that the attempt gets
   */
  public record Note(String node, List<Integer> gpuDevices) {
    private String text() {
      StringBuilder text = new StringBuilder(node);
      gpuDevices.forEach(device -> text.append('\n').append(device));
      return text.toString();
    }

    private static Note of(String text) {
      List<String> lines = text.lines().toList();
      return new Note(
          lines.isEmpty() ? "" : lines.get(0),
          lines.stream().skip(1).map(Integer::valueOf).toList());
    }
  }

  /**
   * Notes where an attempt is placed, so that a restart that finds it without a record knows which
   * node and devices it uses.
   *
   * @throws StagingException if the note cannot be written
   */
  public void noteNode(AttemptId id, Note note) throws StagingException {
    try {
      Files.writeString(directory(id).resolve("node"), note.text());
    } catch (IOException e) {
      throw StagingException.of("the files of the attempt could not be made", e);
    }
  }

  /** Where an attempt was placed, if it was noted. */
  public Optional<Note> node(AttemptId id) {
    try {
      return Optional.of(Note.of(Files.readString(directory(id).resolve("node"))));
    } catch (IOException | NumberFormatException e) {
      // Without a note, or with half of one: the machine lost its power, and the attempt its life.
      return Optional.empty();
    }
  }

  /**
   * Removes all that lies there of an attempt except its two logs, if they hold anything and are
   * kept, which are shortened.
   */
  public void clear(AttemptId id, boolean keepLogs) {
    Path directory = directory(id);
    if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      List<Path> kept = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path entry : entries) {
          if (keepLogs && isLog(entry) && Files.size(entry) > 0) {
            kept.add(entry);
          } else {
            delete(entry);
          }
        }
      }
      if (kept.isEmpty()) {
        Files.delete(directory);
      }
      // Last, as it needs room on a disc that may be full until then.
      for (Path log : kept) {
        ShortLog.shorten(log, bound);
      }
    } catch (IOException e) {
      // Tried again when the engine opens next, and when the job is deleted.
      LOG.warn("files of attempt {} could not be removed", id, e);
    }
  }

  private static boolean isLog(Path entry) {
    String name = entry.getFileName().toString();
    return name.equals("stdout") || name.equals("stderr");
  }

  /** Removes all that lies there of a job. */
  public void forget(JobId job) {
    try {
      delete(root.resolve(job.value()));
    } catch (IOException e) {
      LOG.warn("files of job {} could not be removed", job, e);
    }
  }

  /**
   * Removes what a crash left: files of jobs that are not there any more, and of attempts that are
   * not alive.
   *
   * @param known says whether a job is there
   * @param alive says whether an attempt is, or may be, under way, or its files are kept
   * @param keepsLogs says whether the logs of an attempt stay with the job
   */
  public void sweep(
      Predicate<JobId> known, Predicate<AttemptId> alive, Predicate<AttemptId> keepsLogs) {
    for (Path job : children(root)) {
      JobId id;
      try {
        id = new JobId(job.getFileName().toString());
      } catch (IllegalArgumentException e) {
        continue; // not ours
      }
      if (known.test(id)) {
        sweepJob(id, job, alive, keepsLogs);
      } else {
        forget(id);
      }
    }
  }

  private void sweepJob(
      JobId job, Path directory, Predicate<AttemptId> alive, Predicate<AttemptId> keepsLogs) {
    for (Path task : children(directory)) {
      for (Path attempt : children(task)) {
        try {
          String[] parts = attempt.getFileName().toString().split("\\.", -1);
          AttemptId id =
              AttemptId.parse(
                  String.join(
                      "/",
                      job.value(),
                      new TaskName(task.getFileName().toString()).value(),
                      parts[0],
                      parts[1]));
          if (!alive.test(id)) {
            clear(id, keepsLogs.test(id));
          }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
          LOG.debug("{} is not a directory of an attempt", attempt);
        }
      }
    }
  }

  private static List<Path> children(Path directory) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      List<Path> paths = new ArrayList<>();
      entries.forEach(paths::add);
      return paths;
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Does not follow links: what a program linked to is not ours to delete. */
  private static void delete(Path path) throws IOException {
    try {
      MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
    } catch (NoSuchFileException e) {
      return;
    }
  }
}
