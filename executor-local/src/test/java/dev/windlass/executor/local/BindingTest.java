package dev.windlass.executor.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program sees its bindings at the paths given, and the host sees nothing of that. */
@Tag("slow")
class BindingTest {

  private static final String NOWHERE = "/windlass-test-nowhere";

  @TempDir Path root;
  private Bench bench;
  private Path store;

  @BeforeEach
  void open() throws Exception {
    bench = Bench.on(root);
    store = Files.createDirectories(root.resolve("a store"));
    Files.writeString(store.resolve("object"), "content\n");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private void assumeNamespaces() {
    assumeTrue(
        bench.executor().info().can(Capability.ABSOLUTE_PATHS),
        "this host gives no private mount namespace");
  }

  private AttemptSpec bound(String line, PathBinding... bindings) {
    return bench.spec(builder -> builder.bindings(List.of(bindings)), "/bin/sh", "-c", line);
  }

  private void succeeds(AttemptSpec spec) {
    assertThat(bench.outcome(spec))
        .as(() -> Bench.text(spec.stderr()))
        .isEqualTo(new Outcome.Exited(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        NOWHERE,
        NOWHERE + "/deep/er",
        "/usr/windlass-nowhere/in",
        "/bin/windlass-nowhere",
        "/etc",
        "/mnt",
        "/tmp/windlass-nowhere"
      })
  void anAbsolutePathIsSeenAsGiven(String target) {
    assumeNamespaces();
    boolean before = Files.exists(Path.of(target));
    succeeds(
        bound(
            "cat " + target + "/object && echo new >" + target + "/made && echo here >done",
            new PathBinding(store, target, false)));
    assertThat(store.resolve("made")).hasContent("new\n");
    assertThat(Files.exists(Path.of(target))).isEqualTo(before);
  }

  @Test
  void theRestOfTheHostIsAsItWas() {
    assumeNamespaces();
    succeeds(
        bound(
            "for f in /*; do [ -e \"$f\" ] || [ -h \"$f\" ] && echo \"$f $(stat -c %a \"$f\")\";"
                + " done | grep -v nowhere >inside; stat -c '%a' / >>inside;"
                + " grep -c windlass /proc/self/mountinfo >/dev/null;"
                + " test -w /tmp && test -c /dev/null && test -r /proc/$$/stat",
            new PathBinding(store, NOWHERE, false)));
    AttemptSpec outside =
        bench.shell(
            "for f in /*; do [ -e \"$f\" ] || [ -h \"$f\" ] && echo \"$f $(stat -c %a \"$f\")\";"
                + " done >inside; stat -c '%a' / >>inside");
    succeeds(outside);
    // The last attempt's directory is the outer one's; only the first's is compared with it.
    assertThat(outside.directory().getParent().resolve("0/work/inside"))
        .hasSameTextualContentAs(outside.workDirectory().resolve("inside"));
  }

  @Test
  void aReadOnlyBindingCannotBeWrittenAlsoBelowNestedMounts() {
    assumeNamespaces();
    AttemptSpec spec =
        bound(
            "! touch "
                + NOWHERE
                + "/x && ! rm "
                + NOWHERE
                + "/object && ! mount -o remount,bind,rw "
                + NOWHERE
                + " && ! touch in/x && cat in/object",
            new PathBinding(store, NOWHERE, true),
            new PathBinding(store, "in", true));
    succeeds(spec);
    assertThat(store.resolve("x")).doesNotExist();
    AttemptSpec nested =
        bound(
            "! touch " + NOWHERE + "/shm/x && ls " + NOWHERE + "/shm",
            new PathBinding(Path.of("/dev"), NOWHERE, true));
    succeeds(nested);
  }

  @Test
  void filesAndRelativePathsAreBoundToo() {
    assumeNamespaces();
    AttemptSpec spec =
        bound(
            "cat " + NOWHERE + "/f && cat sub/dir/object && cat one && echo more >>one",
            new PathBinding(store.resolve("object"), NOWHERE + "/f", true),
            new PathBinding(store, "sub/dir", true),
            new PathBinding(store.resolve("object"), "one", false));
    succeeds(spec);
    assertThat(Bench.stdout(spec)).isEqualTo("content\n".repeat(3));
    assertThat(store.resolve("object")).hasContent("content\nmore\n");
  }

  @Test
  void aLaterBindingLiesInOrCoversAnEarlierOne() throws Exception {
    assumeNamespaces();
    Path other = Files.createDirectories(root.resolve("other"));
    Files.writeString(other.resolve("inner"), "inner\n");
    AttemptSpec spec =
        bound(
            "cat "
                + NOWHERE
                + "/object "
                + NOWHERE
                + "/not/there/inner && ! touch "
                + NOWHERE
                + "/y && touch "
                + NOWHERE
                + "/not/there/z",
            new PathBinding(store, NOWHERE, true),
            new PathBinding(other, NOWHERE + "/not/there", false));
    succeeds(spec);
    assertThat(Bench.stdout(spec)).isEqualTo("content\ninner\n");
    assertThat(store.resolve("not")).doesNotExist();
    assertThat(other.resolve("z")).exists();
    AttemptSpec covering =
        bound(
            "ls " + NOWHERE,
            new PathBinding(store, NOWHERE + "/below", false),
            new PathBinding(other, NOWHERE, false));
    succeeds(covering);
    assertThat(Bench.stdout(covering)).isEqualTo("inner\nz\n");
  }

  @Test
  void aBindingOverTheAttemptsOwnPlaceDoesNotHideIt() {
    assumeNamespaces();
    Path top = root.toAbsolutePath().getRoot().resolve(root.toAbsolutePath().getName(0));
    AttemptSpec spec =
        bound("cat " + top + "/object && echo here", new PathBinding(store, top.toString(), false));
    succeeds(spec);
    assertThat(Bench.stdout(spec)).isEqualTo("content\nhere\n");
  }

  @Test
  void aProgramThatLiesInABindingIsFound() throws Exception {
    assumeNamespaces();
    Path program = store.resolve("tool");
    Files.writeString(program, "#!/bin/sh\nid -u\nexit 5\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    AttemptSpec spec =
        bench.spec(
            builder -> builder.bindings(List.of(new PathBinding(store, NOWHERE, true))),
            NOWHERE + "/tool");
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(5));
    AttemptSpec plain = bench.spec("id", "-u");
    succeeds(plain);
    assertThat(Bench.stdout(spec)).as("the same user").isEqualTo(Bench.stdout(plain));
  }

  @Test
  void signalsAndLeftoversAreAsOutside() {
    assumeNamespaces();
    PathBinding binding = new PathBinding(store, NOWHERE, false);
    assertThat(bench.outcome(bound("ulimit -c 0; kill -SEGV $$", binding)))
        .isEqualTo(new Outcome.Signalled(11));
    succeeds(bound("setsid sleep 999 & exit 0", binding));
    assertThat(bench.leftovers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/proc", "/proc/x", "/sys/fs", "/dev", "/dev/shm/x", "a/../..", ".."})
  void reservedPathsAreRefused(String target) {
    AttemptSpec spec = bound("true", new PathBinding(store, target, false));
    assertThatThrownBy(() -> bench.executor().launch(spec))
        .isInstanceOfSatisfying(
            ExecutorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
    assertThat(bench.recover()).isEmpty();
  }

  @Test
  void withoutNamespacesWritableRelativeBindingsStillWorkAndOthersAreRefused() {
    try (Bench bare = Bench.unprivileged(root.resolve("bare"))) {
      AttemptSpec linked =
          bare.spec(
              builder -> builder.bindings(List.of(new PathBinding(store, "in/here", false))),
              "cat",
              "in/here/object");
      assertThat(bare.outcome(linked)).isEqualTo(new Outcome.Exited(0));
      for (PathBinding binding :
          List.of(new PathBinding(store, NOWHERE, false), new PathBinding(store, "in", true))) {
        AttemptSpec refused = bare.spec(builder -> builder.bindings(List.of(binding)), "true");
        assertThatThrownBy(() -> bare.executor().launch(refused))
            .isInstanceOf(ExecutorException.class)
            .hasMessageContaining("mount namespace");
      }
    }
  }
}
