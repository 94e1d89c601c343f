package dev.windlass.executor.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the kernel and the shell print is read correctly, also where it is odd. */
class ReadingTest {

  @Test
  void aProcessMayCallItselfAnything() {
    String rest = "S 1 77 70 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 2 0 4711 1 1";
    assertThat(ProcFs.parseStat("42 (a) b) 9 (c) " + rest))
        .contains(new ProcFs.Stat(42, 'S', 70, 2, 4711));
    assertThat(ProcFs.parseStat("")).isEmpty();
    assertThat(ProcFs.parseStat("42 (x) S 1 2")).isEmpty();
    assertThat(ProcFs.parseStat("42 (x) " + rest.replace("4711", "no"))).isEmpty();
  }

  @Test
  void zombiesAreDeadUnlessAThreadGoesOn() {
    assertThat(new ProcFs.Stat(1, 'Z', 1, 1, 1).isAlive()).isFalse();
    assertThat(new ProcFs.Stat(1, 'Z', 1, 2, 1).isAlive()).isTrue();
    assertThat(new ProcFs.Stat(1, 'X', 1, 1, 1).isAlive()).isFalse();
    assertThat(new ProcFs.Stat(1, 'D', 1, 1, 1).isAlive()).isTrue();
  }

  @Test
  void anIdentityIsNeverSharedWithALaterProcess() {
    ProcFs.Stat self = ProcFs.stat(ProcessHandle.current().pid()).orElseThrow();
    String boot = ProcFs.bootId();
    assertThat(new ProcessIdentity(boot, self.pid(), self.startTicks()).isAlive()).isTrue();
    assertThat(new ProcessIdentity(boot, self.pid(), self.startTicks() + 1).isAlive()).isFalse();
    assertThat(new ProcessIdentity("other", self.pid(), self.startTicks()).isAlive()).isFalse();
  }

  @Test
  void theCookieIsReadWhole() {
    assertThat(Sweep.cookieOf("\0A=1\0WINDLASS_COOKIE=e/job/1\0B=2\0")).contains("e/job/1");
    assertThat(Sweep.cookieOf("\0NOT_WINDLASS_COOKIE=x\0")).isEmpty();
    assertThat(Sweep.cookieOf("")).isEmpty();
  }

  /**
   * Between two programs a process shows no environment for a moment; this one has hardly any
   * other.
   */
  @Test
  void theCookieIsReadAlsoWhileAnotherProgramBegins() throws Exception {
    String again = "exec sh -c \"$0\" \"$0\"";
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", again, again);
    builder.environment().put(Sweep.COOKIE_VARIABLE, "reading");
    Process process = builder.start();
    try {
      for (int i = 0; i < 2_000; i++) {
        assertThat(Sweep.cookieOf(ProcFs.environment(process.pid()))).contains("reading");
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void timesOfBothShellsAreRead() {
    assertThat(Verdict.childTimes("0m0.000000s 0m0.010000s\n1m2.500000s 0m0.250000s"))
        .contains(Duration.ofMillis(62_750));
    assertThat(Verdict.childTimes("0m0,001s 0m0,002s\n0m0,003s 0m0,004s"))
        .contains(Duration.ofMillis(7));
    assertThat(Verdict.childTimes("")).isEmpty();
  }

  @Test
  void directoryNamesAreReadBack() {
    assertThat(Evidence.idOf(Path.of("/x").resolve(Evidence.directoryName(Bench.id(7)))))
        .contains(Bench.id(7));
    assertThat(Evidence.idOf(Path.of("/x/lost+found"))).isEqualTo(Optional.empty());
  }

  @Test
  void mountPointsAndTheirFlagsAreRead() {
    MountTable table =
        MountTable.parse(
            List.of(
                "1 0 0:1 / / rw,relatime - ext4 /dev/x rw",
                "2 1 0:2 / /a\\040b rw,nosuid,nodev - tmpfs t rw",
                "3 2 0:3 / /a\\040b/c ro,noexec - tmpfs t ro"));
    assertThat(table.flagsAt(Path.of("/a b/d"))).isEqualTo("nosuid,nodev");
    assertThat(table.flagsAt(Path.of("/e"))).isEqualTo("relatime");
    assertThat(table.below(Path.of("/a b"))).containsExactly(Path.of("/a b/c"));
    assertThat(MountScript.escape(Path.of("/a b,#"))).isEqualTo("/a\\040b\\054\\043");
  }

  @Test
  void aConfigurationChecksItsNames() {
    assertThatThrownBy(() -> LocalExecutorConfig.builder().name("Not good").build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LocalExecutorConfig.builder().environment("A=B", "c"))
        .isInstanceOf(IllegalArgumentException.class);
    LocalExecutorConfig config =
        LocalExecutorConfig.builder().name("other").environment("A", "b").build();
    assertThat(LocalExecutor.create(config).info().name()).isEqualTo("other");
    assertThat(LocalExecutor.create(config).info()).isEqualTo(LocalExecutor.create(config).info());
  }
}
