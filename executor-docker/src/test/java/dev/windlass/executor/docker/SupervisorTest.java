package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script that runs and ends programs inside a node, on this host. Needs a Linux /proc. */
@Timeout(120)
class SupervisorTest {

  @TempDir Path directory;

  /**
   * Without its supervisor a program is found by its environment, of which the kernel shows nothing
   * while another program begins; this one hardly does anything else.
   */
  @Test
  void whatIsGivenAnotherProgramDoesNotEscape() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.writeString(
        directory.resolve("supervisor"), "supervisor " + gone.pid() + " 1 " + gone.pid() + " 1\n");
    String again = "exec sh -c \"$0\" \"$0\"";
    for (int i = 0; i < 6; i++) {
      String cookie = UUID.randomUUID().toString();
      ProcessBuilder builder = new ProcessBuilder("sh", "-c", again, again);
      builder.environment().put("WINDLASS_COOKIE", cookie);
      Process program = builder.start();
      try {
        end(cookie);
        assertThat(program.waitFor(10, TimeUnit.SECONDS)).as("round %s", i).isTrue();
      } finally {
        program.destroyForcibly().waitFor();
      }
    }
  }

  private void end(String cookie) throws Exception {
    Process end =
        new ProcessBuilder(NodeProgram.about("end", directory, cookie).command())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(end.waitFor()).isZero();
  }
}
