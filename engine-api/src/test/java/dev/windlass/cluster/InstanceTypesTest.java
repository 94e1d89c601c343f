package dev.windlass.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.job.Resources;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceTypesTest {
  private static final long GIB = 1L << 30;

  @ParameterizedTest
  @CsvSource({
    "ecs.s1.small, 1, 2, 0",
    "ecs.s2.large, 2, 4, 0",
    "ecs.s3.medium, 4, 4, 0",
    "ecs.m1.xlarge, 8, 32, 0",
    "ecs.m2.medium, 4, 32, 0",
    "ecs.c1.small, 8, 8, 0",
    "ecs.c2.xlarge, 16, 64, 0",
    "ecs.sn1.medium, 2, 4, 0",
    "ecs.sn2.13xlarge, 56, 224, 0",
    "ecs.n4.large, 2, 4, 0",
    "ecs.e4.4xlarge, 16, 128, 0",
    "ecs.se1ne.14xlarge, 56, 480, 0",
    "ecs.g5.xlarge, 4, 16, 0",
    "ecs.c6.26xlarge, 104, 192, 0",
    "ecs.r7.32xlarge, 128, 1024, 0",
    "ecs.hfg6.10xlarge, 40, 192, 0",
    "ecs.gn4.14xlarge, 56, 96, 2",
    "ecs.gn5-c8g1.14xlarge, 54, 480, 8",
    "ecs.gn6i-c24g1.12xlarge, 48, 186, 2"
  })
  void theServicesTypesAreBuiltIn(String name, int cpus, long gib, int gpus) {
    assertThat(InstanceTypes.builtIn().find(name))
        .contains(new Resources(cpus * 1000L, gib * GIB, gpus));
  }

  /** What a line of the resource file can get wrong without being unreadable. */
  @Test
  void everyBuiltInTypeIsAPlausibleMachine() {
    for (String name : InstanceTypes.builtIn().names()) {
      Resources size = InstanceTypes.builtIn().find(name).orElseThrow();
      long gibPerCpu = size.memoryBytes() / GIB * 1000 / size.cpuMillis();
      assertThat(name).matches("ecs\\.[a-z0-9]+[.-]([a-z0-9]+\\.)?(tiny|small|medium|\\d*x?large)");
      assertThat(size.cpuMillis()).as(name).isBetween(1_000L, 128_000L);
      assertThat(gibPerCpu).as(name).isBetween(1L, 16L);
      assertThat(size.gpus() > 0).as(name).isEqualTo(name.startsWith("ecs.gn"));
    }
    assertThat(InstanceTypes.builtIn().names()).hasSizeGreaterThan(200);
  }

  @Test
  void aHostAddsTypesAndChangesWhatTheyMean() {
    InstanceTypes more =
        InstanceTypes.builtIn()
            .with("render.big", Resources.cpus(64))
            .with("ecs.sn1.medium", Resources.cpus(3));

    assertThat(more.find("render.big")).contains(Resources.cpus(64));
    assertThat(more.find("ecs.sn1.medium")).contains(Resources.cpus(3));
    assertThat(InstanceTypes.builtIn().find("render.big")).isEmpty();
    assertThat(InstanceTypes.builtIn().find("ecs.sn1.medium"))
        .contains(Resources.cpus(2).withMemory(4 * GIB));
    assertThat(InstanceTypes.none().with("x", Resources.cpus(1)).names()).containsExactly("x");
    assertThatThrownBy(() -> InstanceTypes.none().with("", Resources.cpus(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> InstanceTypes.none().with("x", Resources.NONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> more.names().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Property
  void whatIsCutFitsOnTheMachineAndNothingIsCutMore(
      @ForAll @IntRange(min = 1, max = 200) int cpus,
      @ForAll @LongRange(min = 0, max = 2000) long gib,
      @ForAll @IntRange(min = 0, max = 9) int gpus) {
    Resources machine = new Resources(cpus * 1000L, gib * GIB, gpus);
    InstanceTypes cut = InstanceTypes.builtIn().atMost(machine);

    assertThat(cut.names()).isEqualTo(InstanceTypes.builtIn().names());
    for (String name : cut.names()) {
      Resources whole = InstanceTypes.builtIn().find(name).orElseThrow();
      Resources size = cut.find(name).orElseThrow();
      assertThat(machine.covers(size)).isTrue();
      assertThat(size.cpuMillis()).isIn(whole.cpuMillis(), machine.cpuMillis());
      assertThat(size.memoryBytes()).isIn(whole.memoryBytes(), machine.memoryBytes());
      assertThat(size.gpus()).isIn(whole.gpus(), machine.gpus());
    }
  }
}
