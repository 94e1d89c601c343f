package dev.windlass.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.JobQuery;
import dev.windlass.core.job.Change;
import dev.windlass.error.EngineException;
import dev.windlass.testkit.store.DiskFaults.HostCrashed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * What the simulated store has acknowledged or shown is there for ever, in order, and nothing else
 * but perhaps the group whose commit was not answered.
 */
@Tag("slow")
final class SimulatedStoreDurabilityTest {
  private static final int STEPS = 80;

  @Property(tries = 2000)
  void aReopenedStoreHoldsAllThatWasAcknowledgedAndAtMostOneGroupMore(
      @ForAll long seed,
      @ForAll @IntRange(max = 300) int errorsPerThousand,
      @ForAll @IntRange(max = 100) int crashesPerThousand) {
    new Trial(new Random(seed), errorsPerThousand, crashesPerThousand).run();
  }

  private static final class Trial {
    private final Random random;
    private final DiskFaults faults;
    private final SimulatedDisk disk;
    private final GroupTable groups = new GroupTable();

    /** What must be there: by group, the sequence of the job that it accepts. */
    private final List<Long> known = new ArrayList<>();

    /** The job whose commit got no answer. */
    private Optional<Long> unanswered = Optional.empty();

    /** The store that is open must be opened anew. */
    private boolean failed;

    private long sequence;
    private @Nullable SimulatedStore store;

    Trial(Random random, int errorsPerThousand, int crashesPerThousand) {
      this.random = random;
      faults = DiskFaults.random(random, errorsPerThousand, crashesPerThousand);
      disk = new SimulatedDisk(faults, random);
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        try {
          step();
        } catch (HostCrashed e) {
          end();
        } catch (EngineException e) {
          assertThat(e).hasCauseInstanceOf(IOException.class);
          failed = true;
        }
      }
      faults.end();
      end();
      open();
    }

    private void step() {
      int choice = random.nextInt(20);
      if (store == null) {
        open();
      } else if (choice == 0) {
        end();
      } else if (choice == 1 || failed) {
        store.reopen();
        check(store);
      } else {
        commit(store);
      }
    }

    private void commit(SimulatedStore target) {
      sequence++;
      List<Change> group = Groups.accepting(sequence);
      unanswered = Optional.of(sequence);
      target.commit(group);
      unanswered = Optional.empty();
      known.add(sequence);
    }

    /** The host ends; half of the time because the power is cut. */
    private void end() {
      store = null;
      if (random.nextBoolean()) {
        disk.crash();
      }
    }

    private void open() {
      SimulatedStore opened = SimulatedStore.open(disk, groups, "engine");
      store = opened;
      check(opened);
    }

    private void check(SimulatedStore opened) {
      List<Long> held = new ArrayList<>();
      for (int number : opened.committed()) {
        held.add(((Change.JobAccepted) groups.get(number).get(0)).record().sequence());
      }
      List<Long> more = new ArrayList<>(known);
      unanswered.ifPresent(more::add);
      assertThat(held).isIn(known, more);
      assertThat(opened.jobs(JobQuery.all().limit(1000)).items()).hasSameSizeAs(held);
      assertThat(opened.lastSequence()).isEqualTo(held.isEmpty() ? 0 : held.get(held.size() - 1));
      known.clear();
      known.addAll(held);
      unanswered = Optional.empty();
      failed = false;
    }
  }
}
