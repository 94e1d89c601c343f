package dev.windlass.control;

import dev.windlass.Engine;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket in an engine's directory by which other processes of the same user, such as the {@code
 * windlass} command, operate the engine while this host has it open.
 *
 * <pre>{@code
 * try (Engine engine = EngineBuilder.at(directory).executor(LocalExecutor.create()).open();
 *     ControlSocket socket = ControlSocket.serve(engine, directory)) {
 *   ...
 * }
 * }</pre>
 *
 * <h2>Who may connect</h2>
 *
 * <p>The file {@code control.sock} can be read and written by its owner only, from its first moment
 * on; nothing listens on a network. Whoever may connect may do what {@link EngineControl} offers,
 * and nothing else.
 *
 * <h2>The protocol</h2>
 *
 * <p>Lines of UTF-8, each one JSON object. The host begins with {@code
 * {"windlass":"control","version":1}}. Then the client sends requests, one after another, each with
 * its name in {@code request} and what it needs beside it, and gets for each either {@code
 * {"done":{...}}}, when it is durable, or {@code
 * {"refused":{"code":...,"subject":...,"message":...}}}. A field that a request does not have is
 * refused, and nothing is done.
 *
 * <h2>What a client cannot do</h2>
 *
 * <p>A request is carried out when its line has come whole, and only then. Requests have at most 1
 * MiB; there are at most {@value #MOST_CONNECTIONS} connections, and more are closed as they come;
 * a client that is silent for 30 seconds, that does not take its answer in 10, or whose lines are
 * no JSON is dropped. Each connection has a thread of its own and meets the engine as any caller
 * does.
 *
 * <p>All methods may be called from any thread.
 */
public final class ControlSocket implements AutoCloseable {

  /** Most clients at once. */
  static final int MOST_CONNECTIONS = 16;

  private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);

  /** How long clients that are there while this is closed may still say what they came for. */
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(1);

  /** How long a request that is being carried out may take after that. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  /** Between two tries to accept where the system has no room for a connection. */
  private static final Duration NO_ROOM = Duration.ofSeconds(1);

  private final Dispatcher dispatcher;
  private final Patience patience;
  private final ServerSocketChannel server;
  private final SocketFile file;
  private final AtomicBoolean retired = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<Connection, Thread> connections = new ConcurrentHashMap<>();

  private ControlSocket(
      Engine engine, Patience patience, ServerSocketChannel server, SocketFile file) {
    this.dispatcher = new Dispatcher(EngineControl.of(engine));
    this.patience = patience;
    this.server = server;
    this.file = file;
  }

  /**
   * Begins to serve.
   *
   * @param engine an engine that is open
   * @param directory the directory it is open on
   * @return ends it when closed; to be closed before the engine. If the engine is closed first, the
   *     socket goes when the next client asks for something
   * @throws EngineException {@code DIRECTORY_UNUSABLE} if there can be no socket, for example
   *     because the file system has none
   */
  public static ControlSocket serve(Engine engine, Path directory) {
    return serve(engine, directory, Patience.DEFAULT);
  }

  static ControlSocket serve(Engine engine, Path directory, Patience patience) {
    ServerSocketChannel server = null;
    try {
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      SocketFile file = SocketFile.bind(directory, server);
      ControlSocket socket = new ControlSocket(engine, patience, server, file);
      daemon("windlass-control", socket::accept).start();
      return socket;
    } catch (IOException | UnsupportedOperationException e) {
      closeQuietly(server);
      throw new EngineException(
          ErrorCode.DIRECTORY_UNUSABLE,
          directory.toString(),
          "there can be no control socket in " + directory + ": " + e.getMessage(),
          e);
    }
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private void accept() {
    while (closed.getCount() > 0) {
      try {
        admit(server.accept());
      } catch (IOException e) {
        if (server.isOpen()) {
          LOG.warn("a client of the control socket cannot be served", e);
          rest();
        }
      }
    }
  }

  private void rest() {
    try {
      if (closed.await(NO_ROOM.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("closed while there was no room for clients");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void admit(SocketChannel channel) throws IOException {
    if (connections.size() >= MOST_CONNECTIONS) {
      channel.close();
      return;
    }
    LineChannel line;
    try {
      line = new LineChannel(channel, Wire.MOST_REQUEST_BYTES);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    Connection connection = new Connection(line, dispatcher, patience);
    Thread thread = daemon("windlass-control-client", () -> serve(connection));
    connections.put(connection, thread);
    thread.start();
    if (closed.getCount() == 0) {
      connection.leave();
    }
  }

  private void serve(Connection connection) {
    boolean isEngineClosed = false;
    try {
      isEngineClosed = connection.serve();
    } finally {
      connections.remove(connection);
    }
    if (isEngineClosed) {
      retire();
      connections.keySet().forEach(Connection::leave);
    }
  }

  /** Takes no more clients. */
  private void retire() {
    if (!retired.compareAndSet(false, true)) {
      return;
    }
    closed.countDown();
    try {
      // As long as the socket is open no other file can have its key.
      file.delete();
    } catch (IOException e) {
      LOG.warn("the file of the control socket stays", e);
    }
    closeQuietly(server);
  }

  /**
   * Ends it. The file is gone at once. Clients that are connected have a second to say what they
   * came for, and what is being carried out is answered, which is waited for some seconds more at
   * most. Idempotent.
   */
  @Override
  public void close() {
    retire();
    awaitEnds(LAST_REQUESTS);
    connections.keySet().forEach(Connection::leave);
    awaitEnds(LAST_ANSWERS);
    connections.keySet().forEach(Connection::cut);
  }

  private void awaitEnds(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    try {
      for (Thread thread : connections.values()) {
        TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(end - System.nanoTime(), 1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(@Nullable ServerSocketChannel server) {
    if (server == null) {
      return;
    }
    try {
      server.close();
    } catch (IOException e) {
      LOG.debug("closing the control socket", e);
    }
  }
}
