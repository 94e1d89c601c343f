package dev.windlass.testkit.recording;

import dev.windlass.event.Event;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.testkit.engine.TestEngine;
import dev.windlass.testkit.engine.TestEngineBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link Recorder} wrote: jobs, and what an engine decided about them. Immutable.
 *
 * <pre>{@code
 * Recording recording = Recording.read(Path.of("night.jsonl"));
 * try (TestEngine test = recording.testEngine().build()) {
 *   Recording.Difference difference = recording.compare(recording.replayOn(test));
 *   assertThat(difference.isEmpty()).as("%s", difference).isTrue();
 * }
 * }</pre>
 *
 * <h2>What is replayed</h2>
 *
 * <p>The jobs are submitted, stopped, restarted and deleted at the same times, counted from the
 * first submission. Each attempt ends as it did, and at the time at which it did; if it begins
 * later than it did, it runs for as long as it did. The engine decides all else anew: when and
 * where attempts begin, retries and pauses, timeouts, what is stopped, and how tasks and jobs end.
 *
 * <h2>What is not</h2>
 *
 * <p>Data: inputs and packages are there as stand-ins, and outputs are too. What storages and
 * executors could not do counts as what the executor reports. Jobs that mount a store cannot be
 * replayed. Crashes of the recorded host are not replayed: its recording ends at the crash.
 * Clusters are not recorded: with those of {@link #testEngine} no instance waits for room, which
 * changes when attempts begin and, where a job fails or is stopped meanwhile, which of them begin
 * at all. To replay that too, make the test engine with the clusters of the recorded one.
 */
public final class Recording {

  /**
   * A job of a recording.
   *
   * @param job its id in the recorded engine
   * @param at when it was accepted
   * @param description what was submitted
   */
  public record Submission(JobId job, Instant at, JobDescription description) {}

  private final List<Submission> submissions;
  private final List<Event.JobEvent> events;

  private Recording(List<Submission> submissions, List<Event.JobEvent> events) {
    this.submissions = List.copyOf(submissions);
    this.events = List.copyOf(events);
  }

  /**
   * Reads a recording. A last line that the recorded host could not finish is left out.
   *
   * @param file written by a {@link Recorder}
   * @return the recording
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is not a recording of this version; names the line
   */
  public static Recording read(Path file) throws IOException {
    return parse(Files.readString(file, StandardCharsets.UTF_8));
  }

  static Recording parse(String text) {
    List<Submission> submissions = new ArrayList<>();
    List<Event.JobEvent> events = new ArrayList<>();
    int end = text.lastIndexOf('\n') + 1;
    List<String> lines = text.substring(0, end).lines().toList();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("line 1: a recording begins with a header");
    }
    for (int i = 0; i < lines.size(); i++) {
      try {
        LineReader line = LineReader.of(lines.get(i));
        if (i == 0) {
          line.checkHeader();
        } else if (line.isSubmission()) {
          submissions.add(line.submission());
        } else {
          events.add(line.event());
        }
      } catch (IOException | RuntimeException e) {
        throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return new Recording(submissions, events);
  }

  /**
   * The jobs.
   *
   * @return in the order in which they were accepted; immutable
   */
  public List<Submission> submissions() {
    return submissions;
  }

  /**
   * What happened to them.
   *
   * @return in the order in which it was told; immutable
   */
  public List<Event.JobEvent> events() {
    return events;
  }

  /**
   * Begins a test engine on which the jobs can be replayed: with the executors, clusters and
   * schemes that they name, without bounds of capacity, and with the clock of the first submission.
   *
   * @return a builder
   */
  public TestEngineBuilder testEngine() {
    return Surroundings.of(this);
  }

  /**
   * Replays the jobs. Replaces the function of the script for all attempts ({@code
   * Script.attempts}); what else the script states is not asked.
   *
   * @param engine without jobs
   * @return what it decided, to be compared
   * @throws IllegalStateException if it has jobs
   * @throws dev.windlass.error.EngineException if it refuses a job
   */
  public Recording replayOn(TestEngine engine) {
    return new Replay(this, engine).run();
  }

  /**
   * Compares what was decided.
   *
   * <p>Compared are, for each job in the order of submission, the states that it entered; for each
   * of its tasks the same; and for each of its instances the states that it entered and the
   * outcomes of its attempts, in their order. Where a job was not over in one of the two
   * recordings, they are compared as far as both go.
   *
   * <p>Not compared are times and nodes, messages, the reports that a program has begun, and how
   * the events of one instance stand to those of another: instances go on independently, and which
   * is first depends on timing. Where one instance does act on others, because it fails the job or
   * somebody stops it, what was under way at that moment depends on timing too; a difference there
   * need not be a changed decision.
   *
   * @param replayed what is held against this
   * @return the differences; empty if all decisions are the same
   */
  public Difference compare(Recording replayed) {
    return new Difference(Decisions.differences(Decisions.of(this), Decisions.of(replayed)));
  }

  /**
   * Decisions that are not the same.
   *
   * @param lines one for each job, task or instance, for people; copied
   */
  public record Difference(List<String> lines) {
    /** Copies the list. */
    public Difference {
      lines = List.copyOf(lines);
    }

    /**
     * Says whether all decisions are the same.
     *
     * @return true if there is no line
     */
    public boolean isEmpty() {
      return lines.isEmpty();
    }

    /** All lines. */
    @Override
    public String toString() {
      return isEmpty() ? "no difference" : String.join("\n", lines);
    }
  }
}
