package dev.windlass.testkit.recording;

import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.Event;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventListener;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.event.RecordedEvent;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes down the jobs that are submitted to an engine and what becomes of them, for {@link
 * Recording#read}.
 *
 * <pre>{@code
 * try (Recorder recorder = Recorder.start(engine, Path.of("night.jsonl"))) {
 *   engine.await(engine.submit(description));
 * }
 * }</pre>
 *
 * <h2>What is written</h2>
 *
 * <p>One JSON object on each line, in UTF-8: the description of each job, and each event of it with
 * its time. Descriptions are written as they were submitted, the variables of their programs'
 * environment included: treat the file as what it holds. Jobs that were submitted before the
 * recorder started are left out.
 *
 * <h2>Where it does not help</h2>
 *
 * <p>A recording of a host that died ends there, and the jobs in it have no end; what happened is
 * in the engine's journal. A job that was deleted before its first event was delivered is left out.
 *
 * <p>Writing happens on a thread of its own, and holds up nobody if it is slow. {@link #close} may
 * be called from any thread.
 */
public final class Recorder implements EventListener, Closeable {
  private final Engine engine;
  private final OutputStream out;
  private final Set<JobId> known = new HashSet<>();
  private Engine.@Nullable Subscription subscription;
  private @Nullable IOException failure;
  private boolean closed;
  private long position;

  private Recorder(Engine engine, OutputStream out) {
    this.engine = engine;
    this.out = new BufferedOutputStream(out);
  }

  /**
   * Starts to record to a file.
   *
   * @param engine any engine
   * @param file made, or replaced if it is there
   * @return the recorder; ends the recording when closed
   * @throws IOException if the file cannot be written
   */
  public static Recorder start(Engine engine, Path file) throws IOException {
    return start(engine, Files.newOutputStream(file));
  }

  /**
   * Starts to record.
   *
   * @param engine any engine
   * @param out closed by the recorder
   * @return the recorder; ends the recording when closed
   * @throws IOException if the stream cannot be written
   */
  public static Recorder start(Engine engine, OutputStream out) throws IOException {
    Recorder recorder = new Recorder(engine, out);
    recorder.writeLine(Lines.header());
    long begin = engine.lastPosition();
    recorder.position = begin;
    recorder.subscription = engine.subscribe(EventFilter.all(), begin, recorder);
    return recorder;
  }

  /** Writes one event; called by the engine. */
  @Override
  public synchronized void onEvent(RecordedEvent recorded) {
    if (closed || failure != null || recorded.position() <= position) {
      return;
    }
    position = recorded.position();
    Event event = recorded.event();
    try {
      if (event instanceof Event.JobEvent of && (known.contains(of.job()) || wasSubmitted(of))) {
        writeLine(Lines.of(of));
      }
      if (event.kind() == Event.Kind.JOB_CHANGED || event.kind() == Event.Kind.JOB_DELETED) {
        out.flush();
      }
    } catch (IOException e) {
      failure = e; // told on closing
    }
  }

  /** Notes a job whose submission this is; false for one that was there before. */
  private boolean wasSubmitted(Event.JobEvent event) throws IOException {
    if (event.kind() != Event.Kind.JOB_CHANGED) {
      return false;
    }
    Optional<JobDescription> description = descriptionIfNew((Event.JobChanged) event);
    if (description.isEmpty()) {
      return false;
    }
    known.add(event.job());
    writeLine(Lines.of(event.job(), event.at(), description.get()));
    return true;
  }

  private Optional<JobDescription> descriptionIfNew(Event.JobChanged event) {
    try {
      JobStatus status = engine.job(event.job());
      return status.created().equals(event.at())
          ? Optional.of(engine.description(event.job()))
          : Optional.empty();
    } catch (EngineException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void writeLine(String line) throws IOException {
    out.write(line.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }

  /**
   * Ends the recording and closes the file. All that has happened before, such as the end of a job
   * that was awaited, is in it. Idempotent.
   *
   * @throws IOException if anything could not be written; the recording is then not complete
   */
  @Override
  public void close() throws IOException {
    Engine.Subscription ending = subscription;
    if (ending != null) {
      ending.close();
    }
    closeFile();
  }

  /** What has happened and was not told yet. */
  private void takeRest() {
    try {
      EventPage page = engine.events(EventQuery.all().after(position));
      page.events().forEach(this::onEvent);
      while (page.more()) {
        page = engine.events(EventQuery.all().after(page.end()));
        page.events().forEach(this::onEvent);
      }
    } catch (EngineException e) {
      if (e.code() != ErrorCode.ENGINE_CLOSED) { // which has told everything before
        throw e;
      }
    }
  }

  private synchronized void closeFile() throws IOException {
    if (closed) {
      return;
    }
    takeRest();
    closed = true;
    IOException first = failure;
    try {
      out.close();
    } catch (IOException e) {
      first = first == null ? e : first;
    }
    if (first != null) {
      throw first;
    }
  }
}
