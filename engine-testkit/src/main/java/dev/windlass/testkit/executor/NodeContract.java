package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.executor.Capability;
import dev.windlass.executor.NodeReport;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.Outcome;
import dev.windlass.testkit.contract.Sentence;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The nodes of an executor that keeps nodes. One that does not declare it says so when it is asked
 * all the same.
 */
abstract class NodeContract extends RecoveryContract {
  private static final String WELL = "exit 0";
  private static final String BADLY = "exit 3";

  /** See {@link ExecutorContract}, which documents it for authors. */
  protected abstract boolean loseNode(String node);

  /** Says whether the executor keeps nodes; if not, it refuses to. */
  private boolean keepsNodes() {
    if (rig().can(Capability.NODES)) {
      return true;
    }
    NodeSpec spec = rig().node(WELL);
    assertThatThrownBy(() -> rig().executor().startNode(spec))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> rig().executor().endNode(spec.name()))
        .isInstanceOf(UnsupportedOperationException.class);
    return false;
  }

  private NodeSpec startedNode() {
    NodeSpec node = rig().node(WELL);
    rig().startNode(node);
    assertThat(rig().reportOf(node, 1)).isEqualTo(new NodeReport.Up(node.name()));
    return node;
  }

  private static void assertLost(NodeReport report) {
    assertThat(report).isInstanceOf(NodeReport.Gone.class);
    assertThat(((NodeReport.Gone) report).reason()).as("why it is gone").isNotEmpty();
  }

  @Test
  @Sentence(
      "An executor that declares Capability.NODES MUST report every node that was started as"
          + " NodeReport.Up once its bootstrap command has ended well")
  void aNodeIsUpOnceItsBootstrapCommandHasEndedWell() {
    if (keepsNodes()) {
      NodeSpec node = startedNode();
      assertExited(rig().launch(rig().attempt(Script.of(), spec -> spec.node(node.name()))), 0);
    }
  }

  @Test
  @Sentence(
      "Until endNode there MUST be evidence of the latter two, and it is told again when the node"
          + " is started again.")
  void aNodeWhoseBootstrapCommandFailsIsGoneAndThatIsToldAgain() {
    if (keepsNodes()) {
      NodeSpec node = rig().node(BADLY);
      rig().startNode(node);
      assertLost(rig().reportOf(node, 1));
      rig().startNode(node);
      assertLost(rig().reportOf(node, 2));
      rig().restart();
      rig().startNode(node);
      assertLost(rig().reportOf(node, 3));
    }
  }

  @Test
  @Sentence("A second call for a node that is there changes nothing and has it reported again.")
  void aNodeIsStartedTwiceAndMadeOnce() {
    if (keepsNodes()) {
      NodeSpec node = startedNode();
      Attempt attempt = rig().launch(rig().attempt(waiting(5), spec -> spec.node(node.name())));
      attempt.awaitStart();
      rig().startNode(node);
      assertThat(rig().reportOf(node, 2)).isEqualTo(new NodeReport.Up(node.name()));
      attempt.openGate();
      assertExited(attempt, 5);
    }
  }

  @Test
  @Sentence("May be called again, and for a node that is not known, which is reported as gone too.")
  void aNodeThatIsEndedIsGoneHoweverOftenAndUnknownOnesAreToo() {
    if (keepsNodes()) {
      NodeSpec node = startedNode();
      NodeReport gone = new NodeReport.Gone(node.name(), "");
      rig().endNode(node);
      assertThat(rig().reportOf(node, 2)).isEqualTo(gone);
      rig().endNode(node);
      assertThat(rig().reportOf(node, 3)).isEqualTo(gone);
      NodeSpec unknown = rig().node(WELL);
      rig().endNode(unknown);
      assertThat(rig().reportOf(unknown, 1)).isEqualTo(new NodeReport.Gone(unknown.name(), ""));
    }
  }

  @Test
  @Sentence(
      "A node MUST outlive the host if attempts do. After a restart the engine starts each node"
          + " that it has again, by the same name; that MUST make no second one.")
  void aNodeOutlivesTheHostWithWhatRunsThere() {
    if (keepsNodes() && survivesHost()) {
      NodeSpec node = startedNode();
      Attempt attempt = rig().launch(rig().attempt(waiting(6), spec -> spec.node(node.name())));
      attempt.awaitStart();
      rig().restart();
      rig().startNode(node);
      assertThat(rig().reportOf(node, 2)).isEqualTo(new NodeReport.Up(node.name()));
      attempt.openGate();
      assertExited(attempt, 6);
    }
  }

  @Test
  @Sentence("The attempts of a node that is lost MUST be reported each on its own, as ever.")
  void theAttemptsOfALostNodeAreReportedEachOnItsOwn() {
    if (!keepsNodes()) {
      return;
    }
    NodeSpec node = startedNode();
    List<Attempt> there =
        Stream.of(1, 2)
            .map(code -> rig().attempt(waiting(code), spec -> spec.node(node.name())))
            .map(rig()::launch)
            .toList();
    there.forEach(Attempt::awaitStart);
    Attempt elsewhere = rig().launch(waiting(7));
    assertThat(loseNode(node.name())).as("loseNode is overridden").isTrue();
    assertLost(rig().reportOf(node, 2));
    for (Attempt attempt : there) {
      assertThat(rig().outcome(attempt)).isInstanceOf(Outcome.Lost.class);
    }
    elsewhere.openGate();
    assertExited(elsewhere, 7);
  }
}
