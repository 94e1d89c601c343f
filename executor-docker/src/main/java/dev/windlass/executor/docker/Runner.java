package dev.windlass.executor.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A shell inside a node that runs programs, one after the other. It is begun by the Docker engine's
 * exec, with its first run or with none, and takes further runs from a pipe: to hand one over costs
 * no call of the Docker engine. Without a pipe it is for its first run alone.
 *
 * <p>What is known of it, beyond the life of the host that began it, is a directory that the node
 * sees: {@code exec}, the Docker engine's id, and {@code state}.
 */
final class Runner {

  private static final int STATE_BYTES = 256;
  private static final String EXEC = "exec";
  private static final String STATE = "state";
  private static final String LOG = "log";
  private static final String ORDERS = "orders";
  private static final String QUIT = "quit";

  private final NodeFiles files;
  private final String name;
  private final Path directory;
  private final Path orders;

  /** A runner, whether there is one or not. */
  Runner(NodeFiles files, String name) {
    this.files = files;
    this.name = name;
    this.directory = files.shared().resolve(name);
    this.orders = files.orders(name);
  }

  String name() {
    return name;
  }

  Path directory() {
    return directory;
  }

  /**
   * Makes its files.
   *
   * @param exec the Docker engine's id of that which begins it
   * @param lasting true if it is to wait for further runs
   */
  void make(String exec, boolean lasting) throws IOException {
    if (lasting) {
      Pipe.make(orders);
    }
    files.show(
        directory,
        hidden -> {
          Files.writeString(hidden.resolve(EXEC), exec);
          Records.create(hidden.resolve(STATE), STATE_BYTES);
          Records.create(hidden.resolve(LOG), 0);
          if (lasting) {
            Files.createLink(hidden.resolve(ORDERS), orders);
          }
        });
  }

  Optional<String> exec() {
    return Records.text(directory.resolve(EXEC));
  }

  /** Says whether it has taken a run, and not come to its end. */
  boolean isBusyWith(String run) {
    return Records.whole(directory.resolve(STATE), STATE_BYTES)
        .filter(state -> state.equals("busy " + run))
        .isPresent();
  }

  private boolean isBusy() {
    return Records.whole(directory.resolve(STATE), STATE_BYTES)
        .filter(state -> state.startsWith("busy "))
        .isPresent();
  }

  /** Hands it a run, which it takes when it has ended the one before. */
  void hand(String run) throws IOException {
    write("run " + run);
  }

  /** Has it end after the run that it has. Until then it stays a witness of that. */
  void retire() {
    if (isBusy()) {
      dismiss();
    } else {
      remove();
    }
  }

  /** The same, and leaves nothing of it. Once, and by whoever knows of it alone. */
  void remove() {
    dismiss();
    try {
      Trees.delete(files.hidden(directory));
      Trees.vanish(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** First it loses sight of the pipe: if it has not opened that yet, it never will. */
  private void dismiss() {
    try {
      Files.deleteIfExists(directory.resolve(ORDERS));
      if (Files.exists(orders)) {
        write(QUIT);
        Files.delete(orders);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A runner is its directory. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Runner that && directory.equals(that.directory);
  }

  @Override
  public int hashCode() {
    return directory.hashCode();
  }

  private void write(String line) throws IOException {
    try (FileChannel pipe = Pipe.open(orders)) {
      Pipe.writeLine(pipe, line);
    }
  }
}
