package dev.windlass.control;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client of the host, on a thread of its own. */
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final LineChannel line;
  private final Dispatcher dispatcher;
  private final Patience patience;

  /** Guarded by this. */
  private boolean working;

  /** Guarded by this. */
  private boolean leaving;

  Connection(LineChannel line, Dispatcher dispatcher, Patience patience) {
    this.line = line;
    this.dispatcher = dispatcher;
    this.patience = patience;
  }

  /**
   * Serves the client until it leaves, breaks the protocol, is too slow or is left.
   *
   * @return whether the engine turned out to be closed
   */
  boolean serve() {
    try {
      line.write(Document.line(Wire.greeting()), patience.taking());
      return answerAll();
    } catch (IOException e) {
      LOG.debug("a client is dropped", e);
      return false;
    } finally {
      cut();
    }
  }

  private boolean answerAll() throws IOException {
    while (true) {
      Optional<String> request;
      try {
        request = line.read(patience.request());
      } catch (LineChannel.BadLineException e) {
        line.write(Dispatcher.refused(String.valueOf(e.getMessage())), patience.taking());
        return false;
      }
      if (request.isEmpty() || !begin()) {
        return false;
      }
      Dispatcher.Answer answer = dispatcher.answer(request.get());
      line.write(answer.line(), patience.taking());
      if (answer.next() != Dispatcher.Next.MORE || !end()) {
        return answer.next() == Dispatcher.Next.ENGINE_CLOSED;
      }
    }
  }

  private synchronized boolean begin() {
    working = !leaving;
    return working;
  }

  private synchronized boolean end() {
    working = false;
    return !leaving;
  }

  /** Takes no more requests; one that is being carried out is still answered. */
  synchronized void leave() {
    leaving = true;
    if (!working) {
      cut();
    }
  }

  /** Ends it at once. */
  void cut() {
    try {
      line.close();
    } catch (IOException e) {
      LOG.debug("closing the connection to a client", e);
    }
  }
}
