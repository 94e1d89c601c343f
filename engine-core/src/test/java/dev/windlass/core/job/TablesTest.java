package dev.windlass.core.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.core.job.Tables.JobEvent;
import dev.windlass.core.state.Transitions;
import dev.windlass.job.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The transition tables, and the page that shows them. */
final class TablesTest {

  /** With {@code -Dwindlass.write-docs=true} the page is written instead of compared. */
  @Test
  void thePageShowsTheTables() throws Exception {
    Path page = Path.of("..", "docs", "state-machines.md");
    if (Boolean.getBoolean("windlass.write-docs")) {
      Files.writeString(page, page());
    }
    assertThat(page).hasContent(page());
  }

  private static String page() {
    List<String> titles = List.of("Job", "Task", "Instance", "Attempt", "Node");
    List<String> diagrams = Tables.diagrams();
    StringBuilder text =
        new StringBuilder(
            """
            # State machines

            Drawn from the tables in `dev.windlass.core.job.Tables` and
            `dev.windlass.core.cluster.NodeTable`; a test compares this page with them. How an attempt
            ended is its outcome, not a state.
            """);
    for (int i = 0; i < titles.size(); i++) {
      text.append("\n## ").append(titles.get(i)).append("\n\n```mermaid\n");
      text.append(diagrams.get(i)).append("```\n");
    }
    return text.toString();
  }

  @Test
  void anEventThatDoesNotFitIsADefect() {
    assertThatThrownBy(() -> Tables.JOB.next(State.FINISHED, JobEvent.RESTARTED))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("RESTARTED")
        .hasMessageContaining("FINISHED");
    assertThat(Tables.JOB.allows(State.FAILED, JobEvent.RESTARTED)).isTrue();
  }

  @Test
  void aTableWithTwoRowsForOneEventIsRefused() {
    var table =
        Transitions.named("t", State.WAITING, JobEvent.class)
            .on(State.WAITING, JobEvent.GAVE_UP, State.FAILED);
    assertThatThrownBy(() -> table.on(State.WAITING, JobEvent.GAVE_UP, State.STOPPED))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void aTableWithAStateThatCannotBeReachedIsRefused() {
    var table =
        Transitions.named("t", State.WAITING, JobEvent.class)
            .on(State.WAITING, JobEvent.GAVE_UP, State.FAILED);
    assertThatThrownBy(() -> table.endingIn(Set.of(State.FAILED)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("reached");
  }
}
