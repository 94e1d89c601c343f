package dev.windlass.testkit.engine;

import dev.windlass.Engine;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.event.Event;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.StoreUri;
import dev.windlass.testkit.script.Script;
import dev.windlass.testkit.storage.InMemoryStorage;
import dev.windlass.testkit.time.Timeline;
import dev.windlass.testkit.time.WallClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;

/**
 * An engine for the tests of a host: the shipped one, unchanged, on virtual time.
 *
 * <pre>{@code
 * try (TestEngine test = TestEngine.create()) {
 *   test.script().task("align").instance(3).runsOutOfMemory().times(2)
 *       .then().succeeds().after(Duration.ofMinutes(40));
 *   JobId job = test.engine().submit(description);
 *   assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED); // in no time
 *   test.script().verify();
 * }
 * }</pre>
 *
 * <h2>What is real</h2>
 *
 * <p>The engine: checks, scheduling, retries, timeouts, staging, recovery. Programs do what the
 * {@link Script} says, on a simulated machine. The state store, the storages and all files are in
 * memory.
 *
 * <h2>Time</h2>
 *
 * <p>Time passes only while somebody waits for something: in a call of {@link #engine()} that
 * blocks, such as {@code submit} and {@code await}, in {@code join} and {@code get} of the promise
 * of {@code whenOver}, in a read of a log that is followed, and in {@link #advance} and {@link
 * #runUntilIdle}. Programs, pauses before retries and timeouts take time; the work of the engine
 * takes none, so durations are exact. Code under test that asks {@code job(id).isOver()} in a loop
 * never sees it become true: let it wait, or advance.
 *
 * <h2>Threads</h2>
 *
 * <p>For the thread that made it. All that the engine does happens on that thread, its listeners
 * and the stages of {@code whenOver} included; calls from any other thread are refused with an
 * {@link IllegalStateException}. A listener that throws is passed over, as by the shipped engine.
 */
public final class TestEngine implements AutoCloseable {
  private final VirtualTime time;
  private final WallClock wall;
  private final Script script = new Script();
  private final InMemoryStorage objects;
  private final EventLog events;
  private final TestHost host;
  private boolean closed;

  TestEngine(TestEngineBuilder settings) {
    this.time = new VirtualTime(Timeline.calm(new Random(settings.seed())));
    this.wall = new WallClock(time.timeline(), settings.start());
    this.objects = InMemoryStorage.create(wall);
    this.events = new EventLog(settings.start());
    this.host = new TestHost(settings, time, wall, objects, script, events);
    host.open();
  }

  /**
   * A test engine with all defaults.
   *
   * @return an engine for the calling thread
   */
  public static TestEngine create() {
    return builder().build();
  }

  /**
   * Begins a test engine.
   *
   * @return a builder with the defaults
   */
  public static TestEngineBuilder builder() {
    return new TestEngineBuilder();
  }

  /**
   * The engine to be given to the code under test. After a restart of the host it is another one;
   * calls of the earlier one are then refused with an {@link IllegalStateException}.
   *
   * @return the engine of the present host
   * @throws IllegalStateException if the host is down
   */
  public Engine engine() {
    checkOpen();
    return host.engine();
  }

  /**
   * What programs do.
   *
   * @return the one script of this engine, over all lives of the host
   */
  public Script script() {
    return script;
  }

  /**
   * The clock that the engine goes by.
   *
   * @return shows virtual time
   */
  public InstantSource clock() {
    return wall;
  }

  /**
   * How much virtual time has passed.
   *
   * @return since the engine was made
   */
  public Duration elapsed() {
    return Duration.ofNanos(time.timeline().nanos());
  }

  /**
   * Lets time pass; all that is due until then has happened on return.
   *
   * @param duration not negative
   * @throws IllegalArgumentException if negative
   * @throws IllegalStateException if called by a listener or a program
   */
  public void advance(Duration duration) {
    checkOutside("advance");
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration must not be negative, was " + duration);
    }
    Timeline timeline = time.timeline();
    long end = Math.addExact(timeline.nanos(), duration.toNanos());
    timeline.after(duration, () -> {}); // so that time gets there, and no further
    time.runFromOutside(() -> timeline.nanos() >= end && timeline.isSettled());
  }

  /**
   * Lets time pass until all jobs are over and listeners have been told; while the host is down,
   * until the programs that run have come to their ends. Programs without an end of their own are
   * ended by the timeouts of their tasks.
   *
   * @throws IllegalStateException if called by a listener or a program
   */
  public void runUntilIdle() {
    checkOutside("runUntilIdle");
    time.runFromOutside(host::isIdle);
  }

  /**
   * Kills the host: nothing of it goes on, its listeners are gone, and what it was about to store
   * is lost. Programs go on, if the executor declares {@code SURVIVES_HOST}, as it does by default.
   *
   * <p>May be called by listeners and programs too; a listener is unwound by it. A call of the
   * engine that is under way then ends with an {@link IllegalStateException}.
   *
   * @throws IllegalStateException if the host is down
   */
  public void crashHost() {
    checkOpen();
    if (!host.isUp()) {
      throw new IllegalStateException("the host is down already");
    }
    host.crash();
  }

  /**
   * Loses a node of a cluster that was made through the engine, as a machine that dies: what runs
   * on it is lost, and its executor reports that. May be done while the host is down.
   *
   * @param node its name
   * @param reason what the executor tells
   * @throws IllegalArgumentException if no executor has such a node
   */
  public void loseNode(String node, String reason) {
    checkOpen();
    if (!host.loseNode(node, reason)) {
      throw new IllegalArgumentException("no executor has a node '" + node + "'");
    }
  }

  /**
   * Brings the host up again; jobs that were not over are taken up. If it is up, its engine is
   * closed in order first.
   *
   * @return the engine of the new host, as {@link #engine()}
   * @throws IllegalStateException if called by a listener or a program
   */
  public Engine restartHost() {
    checkOutside("restartHost");
    if (host.isUp()) {
      host.engine().close();
    }
    host.open();
    return host.engine();
  }

  /** As {@link #restartHost}, with a host to which machine sizes mean something else. */
  Engine restartHostWith(InstanceTypes types) {
    host.instanceTypes(types);
    return restartHost();
  }

  /**
   * What all storages of the engine hold: one set of objects, whatever the scheme.
   *
   * @return a storage that outlives the host
   */
  public InMemoryStorage storage() {
    return objects;
  }

  /**
   * Puts an object where jobs find it.
   *
   * @param uri of an object, such as {@code oss://bucket/in.txt}
   * @param text the whole content, stored as UTF-8
   * @throws IllegalArgumentException if it is not the URI of an object
   */
  public void putObject(String uri, String text) {
    putObject(uri, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Puts an object where jobs find it.
   *
   * @param uri of an object, such as {@code oss://bucket/in.bin}
   * @param content copied
   * @throws IllegalArgumentException if it is not the URI of an object
   */
  public void putObject(String uri, byte[] content) {
    checkOpen();
    try (ObjectUpload upload = objects.write(StoreUri.parse(uri))) {
      upload.body().write(content);
      upload.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * All that has happened and is durable, over all lives of the host; except what was purged before
   * anybody asked.
   *
   * @return in the order in which it happened; a copy
   */
  public List<Event> events() {
    host.takeEvents();
    return events.events();
  }

  /**
   * The same for people: a line for each event, with the virtual time since the beginning.
   *
   * @return lines such as {@code 0:40:00.000 align/3 attempt 1 ended: exited with 0}
   */
  public List<String> eventLog() {
    host.takeEvents();
    return events.lines();
  }

  VirtualTime time() {
    return time;
  }

  private void checkOpen() {
    time.checkThread();
    if (closed) {
      throw new IllegalStateException("the test engine is closed");
    }
  }

  private void checkOutside(String what) {
    time.checkOutside(what);
    checkOpen();
  }

  /**
   * Ends everything at once. Idempotent.
   *
   * @throws AssertionError if a defect of the engine itself was seen
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    checkOutside("close");
    closed = true;
    host.close();
  }
}
