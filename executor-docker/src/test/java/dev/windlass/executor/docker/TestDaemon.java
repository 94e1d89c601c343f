package dev.windlass.executor.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A Docker engine of the tests' own, with everything of it below one directory, and an image that
 * holds busybox. It ends with this JVM, also by {@code kill -9}, and leaves nothing behind.
 *
 * <p>Its containers have no network but their own loopback: nothing of the host is touched for it.
 */
public final class TestDaemon implements AutoCloseable {

  /** The image that every test daemon has: busybox, and the shell of this host. */
  public static final String IMAGE = "windlass-test/busybox:1";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Stays as long as this JVM, told by its standard input, and then clears everything away. */
  private static final String KEEPER =
      """
      directory=$1; shift
      while read -r order; do
        case $order in
          start)
            dockerd "$@" >>"$directory/log" 2>&1 </dev/null &
            dockerd=$!
            echo $dockerd ;;
          term) kill $dockerd; wait $dockerd; echo gone ;;
          kill)
            kill -s KILL $dockerd; wait $dockerd
            # Its containerd dies with it, but may stay a zombie that the next one takes for alive.
            rm -f "$directory/exec/containerd/containerd.pid"
            echo gone ;;
        esac
      done
      kill $dockerd 2>/dev/null; wait $dockerd
      for keeper in $(cat "$directory/exec/containerd/containerd.pid" 2>/dev/null); do
        kill -s KILL "$keeper" 2>/dev/null
      done
      # What a daemon that was killed has left: the processes that keep its containers.
      for process in /proc/[0-9]*; do
        if tr '\\0' ' ' <"$process/cmdline" 2>/dev/null | grep -qF "$directory/"; then
          [ "${process#/proc/}" = $$ ] || kill -s KILL "${process#/proc/}" 2>/dev/null
        fi
      done
      for try in 1 2 3 4 5 6 7 8 9 10; do
        cut -d ' ' -f 2 /proc/mounts | grep -F "$directory/" | sort -r | while read -r mount; do
          umount -l "$mount" 2>/dev/null
        done
        rm -rf "$directory" 2>/dev/null && break
        sleep 0.2
      done
      """;

  private static TestDaemon shared;

  private final Path directory;
  private final Process keeper;
  private boolean running;

  private TestDaemon(List<String> options) throws IOException {
    this.directory = Files.createTempDirectory("windlass-docker").toRealPath();
    List<String> command =
        new ArrayList<>(List.of("setsid", "sh", "-c", KEEPER, "keeper", directory.toString()));
    command.addAll(
        List.of(
            "--data-root=" + directory.resolve("data"),
            "--exec-root=" + directory.resolve("exec"),
            "--pidfile=" + directory.resolve("docker.pid"),
            "--host=unix://" + socket(),
            "--bridge=none",
            "--iptables=false",
            "--ip-forward=false",
            "--shutdown-timeout=2"));
    command.addAll(options);
    this.keeper =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "test-daemon-closer"));
    start();
    importImage();
  }

  /**
   * The daemon that the tests of this JVM share. Skips the test, aloud, where there can be none.
   *
   * @return a daemon that runs and has the image
   */
  public static synchronized TestDaemon shared() {
    require();
    if (shared == null) {
      shared = begin();
    }
    return shared;
  }

  /** Skips the test, aloud, where there can be no daemon. */
  public static void require() {
    missing().ifPresent(why -> Assumptions.abort("no Docker engine can be started: " + why));
  }

  /** A daemon of its own, for a test that treats it badly. */
  static TestDaemon begin(String... options) {
    require();
    try {
      return new TestDaemon(Arrays.asList(options));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Why there can be no daemon here; empty if there can. */
  static Optional<String> missing() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("the tests do not run as root");
    }
    return List.of("dockerd", "containerd", "runc", "docker-init", "busybox").stream()
        .filter(command -> !isOnPath(command))
        .map(command -> "there is no " + command)
        .findFirst();
  }

  private static boolean isOnPath(String command) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
    return Arrays.stream(path.split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }

  /** Where it listens, as {@code DOCKER_HOST} has it. */
  public String host() {
    return "unix://" + socket();
  }

  private Path socket() {
    return directory.resolve("docker.sock");
  }

  /** A configuration for this daemon, with the image as default. */
  DockerExecutorConfig.Builder config() {
    return DockerExecutorConfig.builder().host(host()).defaultImage(IMAGE);
  }

  // --- Its life --------------------------------------------------------------------------------

  synchronized void start() throws IOException {
    order("start");
    running = true;
    Awaitility.await("dockerd to listen; see " + directory.resolve("log"))
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(this::listens);
  }

  private boolean listens() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket()));
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends the daemon as its service manager would. */
  synchronized void stop() throws IOException {
    order("term");
    running = false;
  }

  /** Ends the daemon without a chance to say anything. */
  synchronized void kill() throws IOException {
    order("kill");
    running = false;
  }

  private void order(String word) throws IOException {
    keeper.getOutputStream().write((word + "\n").getBytes(UTF_8));
    keeper.getOutputStream().flush();
    // The answer; what follows is for the next one.
    while (true) {
      int read = keeper.getInputStream().read();
      if (read < 0) {
        throw new IOException("the keeper of " + directory + " is gone");
      }
      if (read == '\n') {
        return;
      }
    }
  }

  @Override
  public void close() {
    try {
      keeper.getOutputStream().close();
      if (!keeper.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        keeper.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // --- The image and the command line ----------------------------------------------------------

  private void importImage() throws IOException {
    String script =
        """
        set -e
        mkdir -p "$1/root/bin" "$1/root/tmp"
        for applet in $(busybox --list); do ln -sf busybox "$1/root/bin/$applet"; done
        rm -f "$1/root/bin/busybox"
        cp "$(command -v busybox)" "$1/root/bin/busybox"
        echo data >"$1/root/data.txt"
        ln -s circle "$1/root/circle"
        # The shell of this host: that of busybox becomes the last command of a script itself.
        rm "$1/root/bin/sh"
        cp "$(readlink -f /bin/sh)" "$1/root/bin/sh"
        for library in $(ldd /bin/sh | grep -o '/[^ ]*'); do
          mkdir -p "$1/root${library%/*}"
          cp "$library" "$1/root$library"
        done
        tar -C "$1/root" -c . | docker -H "$2" import - "$3" >/dev/null
        """;
    run(List.of("sh", "-c", script, "import", directory.toString(), host(), IMAGE));
  }

  /** Where the Docker engine keeps containers and their output. */
  Path containersDirectory() {
    return directory.resolve("data/containers");
  }

  /** Skips a test where what an attempt used cannot be had: control groups are systemd's there. */
  void assumeControlGroups() {
    Assumptions.assumeTrue(
        docker("info", "-f", "{{.CgroupDriver}}").equals("cgroupfs"),
        "the Docker engine's control groups are systemd's");
  }

  /** The files of the image as a tar. */
  byte[] rootTar() throws IOException {
    Process tar =
        new ProcessBuilder("tar", "-C", directory.resolve("root").toString(), "-c", ".").start();
    tar.getOutputStream().close();
    return tar.getInputStream().readAllBytes();
  }

  /** Runs the docker command against this daemon; gives back what it printed. */
  public String docker(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker", "-H", host()));
    command.addAll(Arrays.asList(arguments));
    try {
      return run(command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command + " failed: " + printed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return printed.strip();
  }

  /** Takes away the containers of all nodes of a name. */
  void loseNode(String node) {
    String label = "label=" + Labels.NODE + "=" + node;
    String found = docker("ps", "--all", "--quiet", "--no-trunc", "--filter", label);
    found.lines().forEach(container -> docker("rm", "--force", container));
  }

  /** The names of all containers, in whatever state, that carry a label of ours. */
  public List<String> containers() {
    String names =
        docker("ps", "-a", "--filter", "label=" + Labels.ENGINE, "--format", "{{.Names}}");
    return names.isEmpty() ? List.of() : List.of(names.split("\n"));
  }

  boolean isRunning() {
    return running;
  }
}
