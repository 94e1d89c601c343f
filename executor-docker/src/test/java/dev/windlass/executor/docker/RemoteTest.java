package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.core.EngineBuilder;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.ValidationException;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Mapping;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.directory.DirectoryStorage;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Docker engine that is reached by TCP and is taken not to see the files of this host. */
@Tag("slow")
final class RemoteTest {

  private static final String GATE =
      "echo >/tmp/begun; while [ ! -e /tmp/gate ]; do sleep 0.05; done";

  @TempDir Path directory;
  private TestDaemon daemon;
  private TcpToUnix proxy;

  @BeforeEach
  void requireDaemon() {
    daemon = TestDaemon.shared();
    proxy = TcpToUnix.to(daemon.host());
  }

  @AfterEach
  void close() {
    if (proxy != null) {
      proxy.close();
    }
  }

  private DockerExecutorConfig config() {
    return DockerExecutorConfig.builder().host(proxy.host()).defaultImage(TestDaemon.IMAGE).build();
  }

  private void inside(Bench bench, AttemptSpec spec, String script) {
    daemon.docker("exec", bench.container(spec), "/bin/sh", "-c", script);
  }

  @Test
  void aJobHasItsFilesAndGivesThemBack() throws Exception {
    Path store = Files.createDirectories(directory.resolve("store"));
    Files.createDirectories(store.resolve("b/in/deep"));
    Files.writeString(store.resolve("b/in/deep/x"), "input");
    Files.writeString(store.resolve("b/one"), "single");
    try (Engine engine =
        EngineBuilder.at(directory.resolve("engine"))
            .executor(DockerExecutor.create(config()))
            .storage("far", DirectoryStorage.at(store))
            .open()) {
      TaskDescription task =
          TaskDescription.builder(
                  Command.shell(
                      "set -e; cat in/deep/x /data/one >out/both; echo changed >>/scratch/in/deep/x;"
                          + " cat /scratch/in/deep/x >/result/changed; echo $0 >/result.txt"))
              .input("far://b/in/", "in/")
              .input("far://b/one", "/data/one")
              .mapping(new Mapping(Mapping.Direction.WRITABLE_INPUT, "far://b/in/", "/scratch/in/"))
              .output("out/", "far://b/out/")
              .output("/result/", "far://b/result/")
              .output("/result.txt", "far://b/result.txt")
              .instances(3)
              .build();
      JobId job = engine.submit(JobDescription.builder("far").task("t", task).build());
      JobStatus status = engine.await(job, Bench.PATIENCE).orElseThrow();
      assertThat(status.state()).as(status.toString()).isEqualTo(State.FINISHED);
      assertThat(store.resolve("b/out/both")).hasContent("inputsingle");
      assertThat(store.resolve("b/result/changed")).hasContent("inputchanged");
      assertThat(store.resolve("b/result.txt")).exists();
      assertThat(store.resolve("b/in/deep/x")).hasContent("input");

      TaskDescription mounted =
          TaskDescription.builder(Command.of("true"))
              .mapping(new Mapping(Mapping.Direction.MOUNT, "far://b/in/", "/in/"))
              .build();
      JobDescription mounting = JobDescription.builder("mount").task("t", mounted).build();
      assertThatThrownBy(() -> engine.submit(mounting))
          .isInstanceOf(ValidationException.class)
          .hasMessageContaining("/in");
    }
    assertThat(daemon.containers()).noneMatch(name -> name.contains(".far"));
  }

  @Test
  void nothingIsBoundAndNoNodesAreKept() {
    try (Bench bench = new Bench(directory, config())) {
      assertThat(bench.executor().info().can(Capability.NODES)).isFalse();
      AttemptSpec spec = bench.launch(bench.shell(GATE));
      bench.awaitStarted(spec);
      assertThat(daemon.docker("inspect", "-f", "{{.Mounts}}", bench.container(spec)).strip())
          .isEqualTo("[]");
      inside(bench, spec, "touch /tmp/gate");
      assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
    }
  }

  @Test
  void everyKindOfFileGoesThereAndComesBack() throws Exception {
    try (Bench bench = new Bench(directory, config())) {
      AttemptSpec spec =
          bench.shell(
              "set -e; ./tool >said; cat 'ü *' link; cp 'ü *' 'ö ?'; rm gone; mkdir empty new;"
                  + " ln said new/hard; ln -s ../said new/soft; ln -s /etc/passwd new/far;"
                  + " chmod 755 'ö ?'; mkfifo new/fifo; mkdir -m 0 locked; id -u");
      Path work = spec.workDirectory();
      Files.writeString(work.resolve("tool"), "#!/bin/sh\necho tool\n");
      Files.setPosixFilePermissions(
          work.resolve("tool"), PosixFilePermissions.fromString("rwx------"));
      Files.writeString(work.resolve("ü *"), "odd\n");
      Files.createSymbolicLink(work.resolve("link"), Path.of("ü *"));
      Files.writeString(work.resolve("gone"), "");
      assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(0));
      assertThat(spec.stdout()).hasContent("odd\nodd\n" + TarOwner.of(Host.user()).uid());
      assertThat(work.resolve("said")).hasContent("tool");
      assertThat(work.resolve("new/hard")).hasContent("tool");
      assertThat(work.resolve("new/soft")).hasContent("tool");
      assertThat(work.resolve("ö ?")).hasContent("odd").isExecutable();
      assertThat(work.resolve("gone")).doesNotExist();
      assertThat(work.resolve("empty")).isEmptyDirectory();
      assertThat(work.resolve("locked")).isEmptyDirectory();
      assertThat(work.resolve("new/fifo")).doesNotExist();
      assertThat(Files.readSymbolicLink(work.resolve("new/far"))).hasToString("/etc/passwd");
    }
  }

  @Test
  void whatIsReadOnlyCannotBeChangedAndDoesNotComeBack() throws Exception {
    Path input = Files.createDirectories(directory.resolve("input/sub"));
    Files.writeString(input.resolve("file"), "original");
    try (Bench bench = new Bench(directory, config())) {
      AttemptSpec spec =
          bench.shell(
              "echo no >in/sub/file; echo no >in/sub/new; rm -f in/sub/file; chmod 777 in/sub/file;"
                  + " cat in/sub/file",
              some ->
                  some.bindings(List.of(new PathBinding(directory.resolve("input"), "in", true))));
      assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(0));
      assertThat(spec.stdout()).hasContent("original");
      assertThat(input.resolve("file")).hasContent("original");
      assertThat(spec.workDirectory().resolve("in")).doesNotExist();
    }
  }

  @Test
  void aFolderThatOthersWorkInTooIsRefused() throws Exception {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    try (Bench bench = new Bench(directory, config())) {
      AttemptSpec spec =
          bench.shell("true", some -> some.bindings(List.of(new PathBinding(shared, "s", false))));
      assertThatThrownBy(() -> bench.launch(spec))
          .isInstanceOfSatisfying(
              ExecutorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
    }
  }

  @Test
  void filesComeBackAlsoAfterTheHostWasAway() throws Exception {
    try (Bench bench = new Bench(directory, config())) {
      AttemptSpec running = bench.launch(bench.shell("echo >/tmp/x; " + GATE + "; echo 1 >result"));
      AttemptSpec ended = bench.launch(bench.shell(GATE + "; echo 2 >result"));
      bench.awaitStarted(running);
      bench.awaitStarted(ended);
      bench.executor().close();
      inside(bench, ended, "touch /tmp/gate");
      daemon.docker("wait", bench.container(ended));
      bench.restart();
      assertThat(bench.outcome(ended)).isEqualTo(new Outcome.Exited(0));
      assertThat(ended.workDirectory().resolve("result")).hasContent("2");
      inside(bench, running, "touch /tmp/gate");
      assertThat(bench.outcome(running)).isEqualTo(new Outcome.Exited(0));
      assertThat(running.workDirectory().resolve("result")).hasContent("1");
    }
    assertThat(daemon.containers()).isEmpty();
  }

  @Test
  void aCopyBackThatTheHostDoesNotLiveToEndIsMadeAgain() throws Exception {
    try (Bench bench = new Bench(directory, config())) {
      AttemptSpec spec =
          bench.launch(bench.shell(GATE + "; head -c 200000000 /dev/zero >big; echo 1 >small"));
      bench.awaitStarted(spec);
      inside(bench, spec, "touch /tmp/gate");
      Path arriving = directory.resolve(bench.engineId()).resolve("executor/arriving");
      await("a copy on its way")
          .atMost(Bench.PATIENCE)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> arriving.toFile().list().length > 0);
      bench.restart();
      assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
      assertThat(Files.size(spec.workDirectory().resolve("big"))).isEqualTo(200_000_000);
      assertThat(spec.workDirectory().resolve("small")).hasContent("1");
      assertThat(arriving).isEmptyDirectory();
    }
  }

  @Test
  void aCopyThatHangsIsGivenUpWhenTheAttemptIsCancelled() throws Exception {
    try (Bench bench = new Bench(directory, config())) {
      AttemptSpec spec = bench.shell("true");
      try (RandomAccessFile big =
          new RandomAccessFile(spec.workDirectory().resolve("big").toFile(), "rw")) {
        big.setLength(256L << 20);
      }
      bench.launch(spec);
      await("the container")
          .atMost(Bench.PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> daemon.containers().contains(bench.container(spec)));
      proxy.stall();
      bench.executor().cancel(spec.id(), Duration.ZERO);
      proxy.recover();
      assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Cancelled());
    }
  }

  @Test
  void aCopyThatBreaksIsMadeAgain() throws Exception {
    try (Bench bench = new Bench(directory, config())) {
      AttemptSpec spec = bench.shell(GATE + "; sha256sum big >sum; cp big copy");
      try (RandomAccessFile big =
          new RandomAccessFile(spec.workDirectory().resolve("big").toFile(), "rw")) {
        big.setLength(64L << 20);
        big.seek(40L << 20);
        big.writeBytes("in the midst");
      }
      bench.launch(spec);
      await("the container")
          .atMost(Bench.PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> daemon.containers().contains(bench.container(spec)));
      proxy.cut();
      bench.awaitStarted(spec);
      inside(bench, spec, "touch /tmp/gate");
      daemon.docker("wait", bench.container(spec));
      proxy.cut();
      assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
      Path work = spec.workDirectory();
      assertThat(Files.mismatch(work.resolve("big"), work.resolve("copy"))).isEqualTo(-1);
      assertThat(Files.size(work.resolve("copy"))).isEqualTo(64L << 20);
    }
  }

  @Test
  void aContainerThatIsRemovedBeforeItsFilesHaveComeIsLost() {
    try (Bench bench = new Bench(directory, config())) {
      AttemptSpec spec = bench.launch(bench.shell(GATE));
      bench.awaitStarted(spec);
      daemon.docker("rm", "-f", bench.container(spec));
      AttemptReport.Ended end = bench.end(spec);
      assertThat(end.outcome()).isInstanceOf(Outcome.Lost.class);
    }
  }
}
