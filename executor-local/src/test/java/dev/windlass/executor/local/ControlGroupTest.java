package dev.windlass.executor.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windlass.executor.Capability;
import dev.windlass.job.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Control groups of either version are found, and kill everything in them. */
class ControlGroupTest {

  static Stream<CgroupLayout> layouts() {
    CgroupLayout here = CgroupLayout.discover();
    return Stream.of(
        here,
        new CgroupLayout(here.unified(), Map.of()),
        new CgroupLayout(Optional.empty(), here.controllers()));
  }

  private static ControlGroup made(ControlGroups groups, String engine, String name)
      throws IOException {
    ControlGroup group = groups.of(engine, name).orElseThrow();
    groups.make(group, Resources.NONE);
    return group;
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void killingEndsAlsoARelayOfForks(CgroupLayout layout) throws Exception {
    ControlGroups groups = ControlGroups.probe(layout);
    assumeTrue(
        groups.capabilities().contains(Capability.SEALED),
        "this host gives no such control groups");
    String engine = "test" + Long.toString(System.nanoTime(), 36);
    ControlGroup group = made(groups, engine, "relay");
    String join = "echo 0 >" + group.paths().get(0).resolve("cgroup.procs");
    String relay = "r() { (sleep 0.001; r) & }; r; sleep 999";
    Process process = new ProcessBuilder("sh", "-c", join + "; " + relay).start();
    try {
      Bench.await(() -> group.members().size() > 1);
      Bench.await(
          () -> {
            group.kill();
            return group.isEmpty();
          });
      assertThat(process.waitFor()).isEqualTo(137);
      Bench.await(group::remove);
      groups.removeIfEmpty(engine);
      assertThat(group.paths()).allSatisfy(path -> assertThat(path.getParent()).doesNotExist());
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void groupsOfAnEarlierLifeAreSwept(CgroupLayout layout) throws Exception {
    ControlGroups groups = ControlGroups.probe(layout);
    assumeTrue(
        groups.capabilities().contains(Capability.SEALED),
        "this host gives no such control groups");
    String engine = "test" + Long.toString(System.nanoTime(), 36);
    ControlGroup orphan = made(groups, engine, "orphan");
    ControlGroup kept = made(groups, engine, "kept");
    groups.sweep(engine, Set.of("kept"));
    assertThat(orphan.paths()).allSatisfy(path -> assertThat(path).doesNotExist());
    assertThat(kept.paths()).allSatisfy(path -> assertThat(path).exists());
    groups.sweep(engine, Set.of());
    groups.removeIfEmpty(engine);
  }

  @Test
  void theUnifiedHierarchyIsFound() {
    CgroupLayout layout =
        CgroupLayout.parse(
            List.of(
                "24 1 0:22 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate"),
            List.of("0::/user.slice/host.scope"));
    assertThat(layout.unified()).contains(Path.of("/sys/fs/cgroup/user.slice/host.scope"));
    assertThat(layout.controllers()).isEmpty();
  }

  @Test
  void jointHierarchiesAndPartialMountsAreFound() {
    CgroupLayout layout =
        CgroupLayout.parse(
            List.of(
                "30 24 0:27 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct",
                "31 24 0:28 / /sys/fs/cgroup/with\\040blank rw - cgroup cgroup rw,memory"),
            List.of("4:cpu,cpuacct:/docker/abc/inner", "3:memory:/m", "1:name=systemd:/x", "odd"));
    assertThat(layout.unified()).isEmpty();
    assertThat(layout.controllers())
        .isEqualTo(
            Map.of(
                "cpu", Path.of("/sys/fs/cgroup/cpu,cpuacct/inner"),
                "cpuacct", Path.of("/sys/fs/cgroup/cpu,cpuacct/inner"),
                "memory", Path.of("/sys/fs/cgroup/with blank/m")));
  }

  @Test
  void aGroupOutsideTheNamespaceIsOutOfReach() {
    assertThat(
            CgroupLayout.parse(
                List.of("24 1 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw"),
                List.of("0::/../other")))
        .isEqualTo(CgroupLayout.none());
  }
}
