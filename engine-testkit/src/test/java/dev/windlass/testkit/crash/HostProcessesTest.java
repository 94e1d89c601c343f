package dev.windlass.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Who runs is found at every moment of its life. */
class HostProcessesTest {

  private static final String VARIABLE = "HOST_PROCESSES_TEST";
  private static final String VALUE = "run-" + ProcessHandle.current().pid();

  /**
   * Between two programs a process shows no environment for a moment; this is all that this does.
   */
  @Test
  void whatIsGivenAnotherProgramIsFound() throws Exception {
    String again = "exec sh -c \"$0\" \"$0\"";
    Process process = start("sh", "-c", again, again);
    try {
      for (int i = 0; i < 200; i++) {
        assertThat(HostProcesses.marked(VARIABLE + "=" + VALUE)).containsExactly(process.pid());
        assertThat(HostProcesses.withVariable(VARIABLE, VALUE)).hasSize(1);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(HostProcesses.marked(VARIABLE + "=" + VALUE)).isEmpty();
  }

  /**
   * A thread of an executor may have been interrupted by a cancellation; it finds them all the
   * same.
   */
  @Test
  void anInterruptedThreadFindsThemToo() throws Exception {
    Process process = start("sleep", "999");
    try {
      Thread.currentThread().interrupt();
      assertThat(HostProcesses.marked(VARIABLE + "=" + VALUE)).containsExactly(process.pid());
      assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void theWholeValueCounts() throws Exception {
    Process process = start("sleep", "999");
    try {
      assertThat(HostProcesses.withVariable(VARIABLE, VALUE))
          .containsExactly(process.pid() + " sleep 999");
      assertThat(HostProcesses.withVariable(VARIABLE, "run-")).isEmpty();
      assertThat(HostProcesses.withVariable("TEST", VALUE)).isEmpty();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aCommandLineMayCarryTheMarkToo() throws Exception {
    Process process = start("sh", "-c", "read line", VALUE + "-mark");
    try {
      assertThat(HostProcesses.marked(VALUE + "-mark")).isEqualTo(List.of(process.pid()));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static Process start(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put(VARIABLE, VALUE);
    return builder.start();
  }
}
