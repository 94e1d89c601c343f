package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.Isolation;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.testkit.contract.Sentence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is declared works; what is not is refused, and nothing starts. */
abstract class CapabilityContract extends NodeContract {

  private static final long MEMORY_BYTES = 64 << 20;

  private void assertRefusedWithout(
      Capability capability, UnaryOperator<AttemptSpec.Builder> request) {
    assertThat(rig().can(capability)).isFalse();
    Attempt attempt = rig().launch(rig().attempt(Script.of(), request));
    assertRefused(attempt, "refused without " + capability, ErrorCode.UNSUPPORTED);
  }

  /** An attempt with several needs is refused for one of them, or runs with all. */
  @Property(tries = TRIES)
  @Sentence(Sentences.REFUSED)
  void anAttemptThatNeedsMoreThanIsDeclaredIsRefused(@ForAll Set<Need> needs) throws IOException {
    Path bound = boundDirectory();
    Attempt attempt = rig().launch(rig().attempt(Script.of(), spec -> needing(needs, spec, bound)));
    if (needs.stream().map(Need::capability).allMatch(rig()::can)) {
      assertExited(attempt, 0);
    } else {
      assertRefused(attempt, "refused, since it needs " + needs, ErrorCode.UNSUPPORTED);
    }
  }

  private AttemptSpec.Builder needing(Set<Need> needs, AttemptSpec.Builder spec, Path bound) {
    return Need.addAll(
        needs, spec, bound, "windlass-contract-" + rig().newName(), image().isPresent());
  }

  /** Each waits until all have begun, so that those that ran one after the other would not end. */
  @Property(tries = TRIES)
  @Sentence(
      "Attempts whose resources together fit into ExecutorInfo.capacity MUST run at the same time;"
          + " none waits for another's end.")
  void whatFitsIntoTheCapacityRunsAtTheSameTime(@ForAll @IntRange(min = 1, max = 6) int count) {
    Resources share = new Resources(rig().executor().info().capacity().cpuMillis() / count, 0, 0);
    List<Attempt> attempts =
        IntStream.range(0, count)
            .mapToObj(i -> rig().attempt(waiting(i), spec -> spec.resources(share)))
            .map(rig()::launch)
            .toList();
    attempts.forEach(Attempt::awaitStart);
    attempts.forEach(Attempt::openGate);
    IntStream.range(0, count).forEach(i -> assertExited(attempts.get(i), i));
  }

  @Test
  @Sentence("Runs the command in the container image that the task names.")
  void anImageIsUsedOrRefused() {
    if (rig().can(Capability.IMAGES)) {
      assertThat(image()).as("an executor of images overrides image()").isPresent();
      assertExited(rig().launch(Script.of(Script.exit(12))), 12);
      assertThat(rig().attempt(Script.of()).spec().image()).isEqualTo(image());
    } else {
      assertRefusedWithout(
          Capability.IMAGES,
          spec ->
              Need.addAll(Set.of(Need.IMAGE), spec, rig().newDirectory("bound"), "none", false));
    }
  }

  @Test
  @Sentence("A file or directory of this host that the program must see at another path.")
  void aBindingBelowTheWorkingDirectoryIsMadeOrRefused() throws IOException {
    Path bound = boundDirectory();
    PathBinding binding = new PathBinding(bound, "data", false);
    if (rig().can(Capability.PROGRAMS)) {
      Script script = Script.of(Script.shell("cat data/in && echo new >data/out"));
      Attempt attempt =
          rig().launch(rig().attempt(script, spec -> spec.bindings(List.of(binding))));
      assertExited(attempt, 0);
      assertThat(attempt.stdout()).isEqualTo("bound\n");
      assertThat(bound.resolve("out")).hasContent("new\n");
    } else {
      assertRefusedWithout(Capability.PROGRAMS, spec -> spec.bindings(List.of(binding)));
    }
    assertThat(bound.resolve("in")).as("what was bound is still there").hasContent("bound\n");
  }

  @Test
  @Sentence("A PathBinding may name any absolute path, not only one below the working directory.")
  void anAbsolutePathIsBoundOrRefused() throws IOException {
    String path = "/windlass-contract-" + rig().newName();
    PathBinding binding = new PathBinding(boundDirectory(), path, false);
    if (rig().can(Capability.ABSOLUTE_PATHS)) {
      Script script = Script.of(Script.shell("cat " + path + "/in"));
      Attempt attempt =
          rig().launch(rig().attempt(script, spec -> spec.bindings(List.of(binding))));
      assertExited(attempt, 0);
      assertThat(attempt.stdout()).isEqualTo("bound\n");
    } else {
      assertRefusedWithout(Capability.ABSOLUTE_PATHS, spec -> spec.bindings(List.of(binding)));
    }
    assertThat(Path.of(path)).as("the host's own tree is not touched").doesNotExist();
  }

  @Test
  @Sentence(
      "A PathBinding can be made read-only, so that a store's own files may be bound without a copy.")
  void aReadOnlyBindingCannotBeChangedOrIsRefused() throws IOException {
    Path bound = boundDirectory();
    PathBinding binding = new PathBinding(bound, "data", true);
    if (rig().can(Capability.READ_ONLY_BINDINGS)) {
      Script script =
          Script.of(
              Script.shell(
                  "cat data/in; (echo x >data/in); (echo x >data/new); chmod 777 data/in; rm data/in"),
              Script.exit(0));
      Attempt attempt =
          rig().launch(rig().attempt(script, spec -> spec.bindings(List.of(binding))));
      assertExited(attempt, 0);
      assertThat(attempt.stdout()).isEqualTo("bound\n");
    } else {
      assertRefusedWithout(Capability.READ_ONLY_BINDINGS, spec -> spec.bindings(List.of(binding)));
    }
    assertThat(bound.toFile().list()).containsExactly("in");
    assertThat(bound.resolve("in")).hasContent("bound\n");
    assertThat(Files.isExecutable(bound.resolve("in"))).isFalse();
  }

  private Path boundDirectory() throws IOException {
    Path bound = rig().newDirectory("bound");
    Files.writeString(bound.resolve("in"), "bound\n");
    return bound;
  }

  /** Nothing tells the descendant but its arguments: no variable, no session, no parent. */
  @Test
  @Sentence("Isolation.SEALED holds for attempts that ask for it.")
  void aSealedAttemptIsEndedWithoutExceptionOrRefused() {
    UnaryOperator<AttemptSpec.Builder> sealed = spec -> spec.isolation(Isolation.SEALED);
    if (rig().can(Capability.SEALED)) {
      Script script =
          Script.of(
              Script.shell(
                  "env -i setsid sh -c 'echo x >>escaped; while :; do sleep 60; done' $"
                      + ExecutorRig.MARK
                      + " &"),
              Script.await("escaped"),
              Script.exit(13));
      assertExited(rig().launch(rig().attempt(script, sealed)), 13);
      assertThat(rig().running()).isEmpty();
    } else {
      assertRefusedWithout(Capability.SEALED, sealed);
    }
  }

  @Test
  @Sentence("OutOfMemory the proof")
  void aBookingOfMemoryIsKeptToOrNotLimited() {
    UnaryOperator<AttemptSpec.Builder> booked =
        spec -> spec.resources(Resources.cpus(1).withMemory(MEMORY_BYTES));
    assertExited(rig().launch(rig().attempt(Script.of(), booked)), 0);
    if (rig().can(Capability.MEMORY_LIMIT)) {
      // The program itself becomes the one that keeps a line without end in its memory.
      Script script = Script.of(Script.shell("exec tail /dev/zero"));
      Attempt attempt = rig().launch(rig().attempt(script, booked));
      assertThat(rig().outcome(attempt)).isInstanceOf(Outcome.OutOfMemory.class);
    }
  }

  @Test
  @Sentence(Sentences.DECLARED)
  void capabilitiesOfProgramsAreDeclaredOfProgramsOnly() {
    Set<Capability> declared = new TreeSet<>(rig().executor().info().capabilities());
    declared.retainAll(
        Set.of(
            Capability.ABSOLUTE_PATHS,
            Capability.READ_ONLY_BINDINGS,
            Capability.IMAGES,
            Capability.SEALED));
    assertThat(declared.isEmpty() || rig().can(Capability.PROGRAMS))
        .as("%s without PROGRAMS", declared)
        .isTrue();
  }
}
