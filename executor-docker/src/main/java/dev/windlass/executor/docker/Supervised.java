package dev.windlass.executor.docker;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One program run inside a node, under a supervisor that writes into a directory what becomes of
 * it. What the directory holds is told in the package's description.
 *
 * <p>An exec of the Docker engine has no name of ours, and is forgotten when the Docker engine is
 * restarted. So it proves nothing: the claim says whether the program may begin, and the records
 * say how it ended. That of the {@link Runner} is asked for one thing only, whether the supervisor
 * is still there.
 */
final class Supervised {

  private static final int RECORD_BYTES = 128;
  private static final String SUPERVISOR = "supervisor";
  private static final String CLAIM = "claim";
  private static final String PROGRAM = "program";
  private static final String EXIT = "exit";
  private static final String ORDER = "order";
  private static final String LOG = "log";
  private static final String TIMES = "times";
  private static final List<String> RECORDS = List.of(SUPERVISOR, PROGRAM, EXIT);

  private static final int KILLED = 128 + 9;
  private static final int LONGEST_LOG = 300;

  private static final Map<String, String> STEPS =
      Map.of(
          "output", "the files for the output cannot be written by the user of the node",
          "not-found", "there is no such program in the node or the working directory",
          "not-executable", "the program is not an executable file",
          "exec", "the kernel cannot execute the program");

  /** How often one is looked at that has lost its runner. */
  private static final Duration ORPHAN_LOOK = Duration.ofSeconds(2);

  private final NodeFiles files;
  private final String name;
  private final Path directory;
  private final String container;
  private final String cookie;
  private final Tools tools;
  private final Execs execs;

  /** Set once it is told that the supervisor is over, or that nobody will begin it. */
  private volatile boolean over;

  private Optional<Runner> adopted = Optional.empty();
  private volatile Runnable look = () -> {};

  /**
   * A run, whether there is anything of it yet or not.
   *
   * @param files of the node
   * @param name of the run among those of the node
   * @param container the node's
   * @param cookie by which its processes are known; not the beginning of another's
   */
  Supervised(NodeFiles files, String name, String container, String cookie, Tools tools) {
    this.files = files;
    this.name = name;
    this.directory = files.run(name);
    this.container = container;
    this.cookie = cookie + ";";
    this.tools = tools;
    this.execs = new Execs(tools.daemon());
  }

  String name() {
    return name;
  }

  /** The supervisor is over, or nobody will begin it. */
  void isOver() {
    over = true;
  }

  /** Who has been asked to run it, if somebody has. */
  Optional<Runner> runner() {
    return files.handed(name);
  }

  /**
   * Has something done when the supervisor is over.
   *
   * @param look may be run on any thread, and more than once
   */
  void listen(Runnable look) {
    this.look = look;
    tools
        .listeners()
        .listen(
            directory.toString(),
            () -> {
              over = true;
              look.run();
            });
  }

  /** The same for one that an earlier life of the host may have begun, with a runner of its own. */
  void adopt(Runnable look) {
    listen(look);
    adopted = runner();
    adopted.flatMap(Runner::exec).ifPresent(exec -> tools.listeners().listen(exec, look));
  }

  /** Has nothing done any more. */
  void forget() {
    tools.listeners().forget(directory.toString());
    adopted.flatMap(Runner::exec).ifPresent(tools.listeners()::forget);
  }

  /** Remembers who is about to be asked to run it. */
  void noteRunner(Runner runner) {
    files.noteHanded(name, runner);
  }

  /**
   * Makes the records and the order, which nobody is given yet.
   *
   * @throws IOException if they cannot be written
   */
  void make(NodeProgram program) throws IOException {
    files.show(
        directory,
        hidden -> {
          for (String record : RECORDS) {
            Records.create(hidden.resolve(record), RECORD_BYTES);
          }
          Records.create(hidden.resolve(LOG), 0);
          Records.create(hidden.resolve(TIMES), 0);
          Path order = hidden.resolve(ORDER);
          Files.writeString(order, program.order(directory, cookie));
          Permissions.showToAll(order);
        });
  }

  /** Since when the program runs, or ran. */
  Optional<Instant> begun() {
    return record(PROGRAM).filter(record -> record.startsWith("begun ")).map(any -> at(PROGRAM));
  }

  /** Takes the claim: from then on the program will not begin. */
  boolean fence() {
    try {
      Files.createFile(directory.resolve(CLAIM));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (NoSuchFileException e) {
      // Without a directory the supervisor cannot take the claim.
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where it stands: {@code ABSENT} if it was begun, and cannot be told of any more; {@code
   * CREATED} if the claim has not been taken; {@code ENDED} with a start if the program exited, and
   * without one if it never began.
   */
  ContainerState state() {
    if (!Files.isDirectory(directory)) {
      return ContainerState.ABSENT;
    }
    if (!Files.exists(directory.resolve(CLAIM))) {
      return stateUnclaimed();
    }
    if (isAlive()) {
      return of(ContainerState.Phase.RUNNING, begun(), 0, "");
    }
    Optional<String[]> exit = record(EXIT).map(record -> record.split(" ", -1));
    if (exit.isPresent() && begun().isPresent()) {
      return ended(exit.get());
    }
    Optional<String> refused =
        record(PROGRAM)
            .filter(record -> record.startsWith("refused "))
            .map(record -> record.substring("refused ".length()));
    if (refused.isPresent()) {
      String why = STEPS.getOrDefault(refused.get(), "failed at " + refused.get());
      return of(ContainerState.Phase.ENDED, Optional.empty(), 0, why + complaints());
    }
    if (isNodeRunning()) {
      end();
    }
    return begun().isPresent()
        ? ContainerState.ABSENT
        : of(ContainerState.Phase.ENDED, Optional.empty(), 0, "");
  }

  private ContainerState stateUnclaimed() {
    if (over && fence()) {
      String why = "the supervisor could not begin; it may not have the right to write here";
      return of(ContainerState.Phase.ENDED, Optional.empty(), 0, why + complaints());
    }
    return of(ContainerState.Phase.CREATED, Optional.empty(), 0, "");
  }

  private ContainerState ended(String[] exit) {
    int code = Integer.parseInt(exit[1]);
    boolean killsCounted = !exit[2].equals(exit[3]);
    return new ContainerState(
        "",
        ContainerState.Phase.ENDED,
        begun(),
        Optional.of(at(EXIT)),
        code,
        code == KILLED && killsCounted,
        "",
        Map.of());
  }

  private static ContainerState of(
      ContainerState.Phase phase, Optional<Instant> started, int code, String error) {
    return new ContainerState("", phase, started, Optional.empty(), code, false, error, Map.of());
  }

  /** The runner first, which costs least; where that says nothing, the processes of the node. */
  private boolean isAlive() {
    if (!over) {
      if (!isNodeRunning()) {
        return false;
      }
      if (isCarried()) {
        return true;
      }
    }
    boolean told = record(EXIT).isPresent() || record(SUPERVISOR).isEmpty();
    if (told || !isNodeRunning() || order("alive") != 0) {
      return false;
    }
    if (isOrphan()) {
      // Nobody will tell of its end.
      tools.workers().later(ORPHAN_LOOK, look);
    }
    return true;
  }

  /** Says whether somebody is there who waits for the end of the supervisor. */
  boolean isCarried() {
    return carrier().flatMap(this::isThere).orElse(false);
  }

  /** Says whether there is nobody, for certain. */
  private boolean isOrphan() {
    return carrier().isEmpty() || !carrier().flatMap(this::isThere).orElse(true);
  }

  /** Its runner, if that says that it has it. */
  private Optional<Runner> carrier() {
    return runner().filter(runner -> runner.isBusyWith(name));
  }

  /** Empty if that cannot be told, as after a restart of the Docker engine. */
  private Optional<Boolean> isThere(Runner runner) {
    return runner.exec().flatMap(execs::isRunning);
  }

  private boolean isNodeRunning() {
    ContainerState node = tools.daemon().inspect(container, tools.labels());
    return node.phase() == ContainerState.Phase.RUNNING;
  }

  /** Sends a signal to the program alone. */
  void tell(String signal) {
    order("tell", signal);
  }

  /** Ends whatever the program started, itself included. */
  void end() {
    order("end");
  }

  private int order(String what, String... more) {
    try {
      int code = execs.run(container, NodeProgram.about(what, directory, cookie, more));
      if (code > 1) {
        // Of a shell that was kept from doing it, as by a limit on processes.
        throw new DaemonSilentException(
            "'" + what + "' came to no answer in " + container + ", but exited with " + code, null);
      }
      return code;
    } catch (NotFoundException | ConflictException e) {
      if (isNodeRunning()) {
        // It is paused; nothing follows from that.
        throw new DaemonSilentException(container + " takes no orders: " + e.getMessage(), e);
      }
      // Nor does what was in it.
      return 1;
    }
  }

  /** Processor time of the program and of what it waited for. */
  Optional<Duration> cpu() {
    return read(TIMES).flatMap(Times::ofChildren);
  }

  /** What the supervisor, or a program without files of its own, has said last. */
  String complaints() {
    String text = read(LOG).orElse("").strip();
    String last = text.substring(Math.max(0, text.length() - LONGEST_LOG));
    return last.isEmpty() ? "" : ": " + last;
  }

  Path log() {
    return directory.resolve(LOG);
  }

  /** At once: a supervisor that comes late must not find the directory without its claim. */
  void delete() {
    forget();
    adopted.ifPresent(Runner::remove);
    try {
      Trees.vanish(directory);
      files.forgetHanded(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<String> record(String name) {
    return Records.whole(directory.resolve(name), RECORD_BYTES);
  }

  private Optional<String> read(String name) {
    return Records.text(directory.resolve(name));
  }

  private Instant at(String name) {
    try {
      return Files.getLastModifiedTime(directory.resolve(name)).toInstant();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
