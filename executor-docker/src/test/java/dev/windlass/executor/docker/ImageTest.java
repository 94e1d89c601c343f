package dev.windlass.executor.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorException;
import dev.windlass.job.Command;
import dev.windlass.job.ContainerImage;
import dev.windlass.job.Outcome;
import dev.windlass.job.PassThrough;
import dev.windlass.job.Placement;
import dev.windlass.job.TaskDescription;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the image of a task comes from, and what becomes of a task whose image does not come. */
@Tag("slow")
final class ImageTest {

  private static final String OTHER = "windlass-test/other:2";

  @TempDir Path directory;
  private TestDaemon daemon;

  @BeforeEach
  void requireDaemon() {
    daemon = TestDaemon.shared();
    daemon.docker("tag", TestDaemon.IMAGE, OTHER);
  }

  /** Without a default image. */
  private DockerExecutorConfig.Builder config() {
    return DockerExecutorConfig.builder().host(daemon.host());
  }

  private Bench bench(DockerExecutorConfig.Builder config) {
    return new Bench(directory, config.build());
  }

  private static Optional<ContainerImage> docker(String name) {
    return Optional.of(new ContainerImage(name, Optional.empty()));
  }

  private String imageOf(Bench bench, AttemptSpec spec) {
    bench.launch(spec);
    bench.awaitFile(spec, "running");
    String id = daemon.docker("inspect", "-f", "{{.Image}}", bench.container(spec));
    bench.openGate(spec);
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
    return id;
  }

  private static final String WAIT = "echo >running; while [ ! -e gate ]; do sleep 0.05; done";

  @Test
  void theCommandsImageComesFirstThenTheVariableThenTheCatalogueThenTheDefault() throws Exception {
    DockerExecutorConfig config =
        config().image("img-other", OTHER).defaultImage("default:1").build();
    try (Bench bench = new Bench(directory, daemon.config().build())) {
      Map<String, String> variable = Map.of("BATCH_COMPUTE_DOCKER_IMAGE", "variable:1");
      AttemptSpec all =
          bench.shell(
              "",
              some ->
                  some.image(docker("docker:1"))
                      .environment(variable)
                      .imageId(Optional.of("img-other")));
      assertThat(ImageChoice.of(all, config).reference()).isEqualTo("docker:1");
      AttemptSpec two =
          bench.shell("", some -> some.environment(variable).imageId(Optional.of("img-other")));
      assertThat(ImageChoice.of(two, config).reference()).isEqualTo("variable:1");
      AttemptSpec catalogued = bench.shell("", some -> some.imageId(Optional.of("img-other")));
      assertThat(ImageChoice.of(catalogued, config).reference()).isEqualTo(OTHER);
      AttemptSpec unknown = bench.shell("", some -> some.imageId(Optional.of("img-unknown")));
      assertThat(ImageChoice.of(unknown, config).reference()).isEqualTo("default:1");
    }
  }

  @Test
  void eachFormOfNamingAnImageRunsIt() {
    try (Bench bench = bench(config().image("img-other", OTHER))) {
      String id = daemon.docker("inspect", "-f", "{{.Id}}", OTHER);
      assertThat(imageOf(bench, bench.shell(WAIT, some -> some.image(docker(OTHER)))))
          .isEqualTo(id);
      assertThat(
              imageOf(
                  bench,
                  bench.shell(
                      WAIT, some -> some.environment(Map.of(ImageChoice.IMAGE_VARIABLE, OTHER)))))
          .isEqualTo(id);
      assertThat(imageOf(bench, bench.shell(WAIT, some -> some.imageId(Optional.of("img-other")))))
          .isEqualTo(id);
    }
  }

  @Test
  void aTaskWithoutAnImageIsRefusedAtSubmissionAndAtLaunch() {
    try (Bench bench = bench(config())) {
      TaskDescription task =
          TaskDescription.builder(Command.of("true"))
              .placement(
                  new Placement.AutoCluster(
                      "ecs.s1", Optional.of("img-x"), Optional.empty(), false, PassThrough.NONE))
              .build();
      assertThat(bench.executor().refuse(task).orElseThrow())
          .contains("img-x")
          .contains("defaultImage");
      assertThatThrownBy(() -> bench.launch(bench.shell("true")))
          .isInstanceOfSatisfying(
              ExecutorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
    }
  }

  @Test
  void theHostBoundsWhichImagesADescriptionMayName() {
    DockerExecutorConfig.Builder bounded =
        config()
            .allowedImages(List.of(Pattern.compile("trusted/.*")))
            .defaultImage(TestDaemon.IMAGE);
    try (Bench bench = bench(bounded)) {
      TaskDescription task =
          TaskDescription.builder(Command.of("true"))
              .image(new ContainerImage(OTHER, Optional.empty()))
              .build();
      assertThat(bench.executor().refuse(task).orElseThrow())
          .contains(OTHER)
          .contains("allowedImages");
      assertThat(bench.run(bench.shell("exit 4"))).isEqualTo(new Outcome.Exited(4));
    }
  }

  @Test
  void anImageThatIsMissingAndMayNotBeFetchedIsRefusedForGood() {
    try (Bench bench = bench(config().pull(PullPolicy.NEVER))) {
      Outcome outcome = bench.run(bench.shell("true", some -> some.image(docker("no/such:1"))));
      assertRefused(outcome, "no/such:1", false);
    }
  }

  @Test
  void aRegistryThatCannotBeReachedIsAskedAgainLater() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String name = "127.0.0.1:" + port + "/image:1";
    try (Bench bench = bench(config())) {
      assertRefused(bench.run(bench.shell("true", some -> some.image(docker(name)))), name, true);
    }
  }

  @Test
  void aRegistryThatHasNoSuchImageIsFinalAndOneThatLimitsIsNot() throws Exception {
    try (FakeRegistry registry = new FakeRegistry(new byte[1024]);
        Bench bench = bench(config())) {
      String image = registry.image();
      registry.answerWith(404);
      assertRefused(
          bench.run(bench.shell("true", some -> some.image(docker(image)))), image, false);
      registry.answerWith(429);
      assertRefused(bench.run(bench.shell("true", some -> some.image(docker(image)))), image, true);
    }
  }

  @Test
  void anImageIsFetchedOnceHoweverManyWaitForIt() throws Exception {
    try (FakeRegistry registry = new FakeRegistry(daemon.rootTar());
        Bench bench = bench(config())) {
      List<AttemptSpec> attempts =
          IntStream.range(0, 6)
              .mapToObj(i -> bench.shell("exit " + i, some -> some.image(docker(registry.image()))))
              .map(bench::launch)
              .toList();
      for (int i = 0; i < attempts.size(); i++) {
        assertThat(bench.outcome(attempts.get(i))).isEqualTo(new Outcome.Exited(i));
      }
      assertThat(registry.fetches()).isEqualTo(1);
    }
  }

  @Test
  void alwaysMeansThatTheRegistryIsAskedForEach() throws Exception {
    try (FakeRegistry registry = new FakeRegistry(daemon.rootTar());
        Bench bench = bench(config().pull(PullPolicy.ALWAYS))) {
      for (int i = 1; i <= 2; i++) {
        AttemptSpec spec = bench.shell("true", some -> some.image(docker(registry.image())));
        assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(0));
        assertThat(registry.fetches()).isGreaterThanOrEqualTo(i);
      }
    }
  }

  @Test
  void anImageThatIsKeptInAStoreIsLoadedFromItsTar() throws Exception {
    String name = "windlass-test/kept:3";
    Path tar = directory.resolve("kept.tar");
    daemon.docker("tag", TestDaemon.IMAGE, name);
    daemon.docker("save", "-o", tar.toString(), name);
    daemon.docker("rmi", name);
    ImageArchives archives =
        (path, image) ->
            path.equals("oss://bucket/dockers/") && image.equals(name)
                ? Optional.of(tar)
                : Optional.empty();
    try (Bench bench = bench(config().pull(PullPolicy.NEVER).archives(archives))) {
      Map<String, String> variables =
          Map.of(
              ImageChoice.IMAGE_VARIABLE, name, ImageChoice.PATH_VARIABLE, "oss://bucket/dockers/");
      assertThat(bench.run(bench.shell("exit 9", some -> some.environment(variables))))
          .isEqualTo(new Outcome.Exited(9));
      assertThat(Files.exists(tar)).isTrue();
    }
    daemon.docker("rmi", name);
  }

  @Test
  void theCredentialsOfTheDockerConfigurationAreShownToTheRegistry() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("docker"));
    try (FakeRegistry registry = new FakeRegistry(daemon.rootTar());
        Bench bench = bench(config().dockerConfig(folder))) {
      registry.require("me", "secret");
      String image = registry.image();
      assertRefused(
          bench.run(bench.shell("true", some -> some.image(docker(image)))), image, false);
    }
    try (FakeRegistry registry = new FakeRegistry(daemon.rootTar())) {
      registry.require("me", "secret");
      String image = registry.image();
      String auth = Base64.getEncoder().encodeToString("me:secret".getBytes(UTF_8));
      Files.writeString(
          folder.resolve("config.json"),
          "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}"
              .formatted(image.substring(0, image.indexOf('/')), auth));
      try (Bench bench = bench(config().dockerConfig(folder))) {
        assertThat(bench.run(bench.shell("exit 3", some -> some.image(docker(image)))))
            .isEqualTo(new Outcome.Exited(3));
      }
    }
  }

  /** A layer that nobody has yet, as a tar. */
  private static byte[] noise() throws IOException {
    byte[] content = new byte[3 << 20];
    new SecureRandom().nextBytes(content);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
      TarArchiveEntry entry = new TarArchiveEntry("noise");
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    }
    return packed.toByteArray();
  }

  @Test
  void theListenerHearsHowAFetchGoes() throws Exception {
    List<PullProgress> heard = new CopyOnWriteArrayList<>();
    try (FakeRegistry registry = new FakeRegistry(noise());
        Bench bench =
            bench(
                config()
                    .pullListener(
                        progress -> {
                          heard.add(progress);
                          throw new IllegalStateException("a listener that fails");
                        }))) {
      String image = registry.image();
      for (int i = 0; i < 2; i++) {
        // There is no program in it.
        assertThat(bench.run(bench.shell("true", some -> some.image(docker(image)))))
            .isInstanceOf(Outcome.Refused.class);
      }
      assertThat(heard).allMatch(progress -> progress.image().equals(image));
      assertThat(heard.get(0).phase()).isEqualTo(PullProgress.Phase.BEGUN);
      PullProgress last = heard.get(heard.size() - 1);
      assertThat(last.phase()).isEqualTo(PullProgress.Phase.READY);
      assertThat(last.bytes()).isEqualTo(last.totalBytes()).isPositive();
      assertThat(heard).filteredOn(progress -> progress.phase() == last.phase()).hasSize(1);
      registry.answerWith(404);
      heard.clear();
      String other = image.replace(":1", ":2");
      assertRefused(
          bench.run(bench.shell("true", some -> some.image(docker(other)))), other, false);
      assertThat(heard.get(heard.size() - 1).phase()).isEqualTo(PullProgress.Phase.FAILED);
      assertThat(heard.get(heard.size() - 1).message()).contains(other);
    }
  }

  private static void assertRefused(Outcome outcome, String named, boolean retryable) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(((Outcome.Refused) outcome).retryable()).as(outcome.describe()).isEqualTo(retryable);
    assertThat(outcome.describe()).contains(named);
  }
}
