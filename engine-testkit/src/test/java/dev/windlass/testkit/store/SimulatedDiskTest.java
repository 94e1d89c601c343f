package dev.windlass.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.testkit.store.DiskFaults.HostCrashed;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What the simulated disk keeps, and what it may lose. */
final class SimulatedDiskTest {
  private static final int SEEDS = 200;
  private static final byte[] FIRST = text(700, 'a');
  private static final byte[] SECOND = text(1500, 'b');
  private static final byte[] THIRD = text(300, 'c');

  private final DiskFaults faults = DiskFaults.none();

  private static byte[] text(int length, char letter) {
    byte[] text = new byte[length];
    Arrays.fill(text, (byte) letter);
    return text;
  }

  private static byte[] concat(byte[]... parts) {
    byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int length = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, length, part.length);
      length += part.length;
    }
    return all;
  }

  /** Something done to a disk. */
  @FunctionalInterface
  private interface Story {
    void happenOn(SimulatedDisk disk) throws IOException;
  }

  /** What is there after a story and a power cut, with one seed. */
  private byte[] afterPowerCut(long seed, Story story) {
    SimulatedDisk disk = new SimulatedDisk(faults, new Random(seed));
    try {
      story.happenOn(disk);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    disk.crash();
    byte[] content = disk.content();
    disk.crash();
    assertThat(disk.content()).as("what was found stays").isEqualTo(content);
    return content;
  }

  private boolean always(Story story, Predicate<byte[]> holds) {
    return new Random(1).longs(SEEDS).allMatch(seed -> holds.test(afterPowerCut(seed, story)));
  }

  private boolean never(Story story, Predicate<byte[]> holds) {
    return always(story, holds.negate());
  }

  private static Predicate<byte[]> is(byte[]... parts) {
    return content -> Arrays.equals(content, concat(parts));
  }

  @Test
  void whatWasSyncedSurvives() {
    Story story =
        disk -> {
          disk.append(FIRST);
          disk.append(SECOND);
          disk.sync();
        };
    assertThat(always(story, is(FIRST, SECOND))).isTrue();
  }

  @Test
  void ofWhatWasNotSyncedAnyPartMaySurvive() {
    Story story =
        disk -> {
          disk.append(FIRST);
          disk.sync();
          disk.append(SECOND);
        };
    Predicate<byte[]> syncedPart =
        content -> Arrays.equals(Arrays.copyOf(content, FIRST.length), FIRST);
    assertThat(always(story, syncedPart)).isTrue();
    assertThat(never(story, is(FIRST))).isFalse();
    assertThat(never(story, is(FIRST, SECOND))).isFalse();
    Predicate<byte[]> prefix =
        content ->
            content.length < FIRST.length + SECOND.length
                && Arrays.equals(content, Arrays.copyOf(concat(FIRST, SECOND), content.length));
    assertThat(never(story, prefix)).isFalse();
    assertThat(always(story, prefix.or(is(FIRST, SECOND)))).as("without garbage").isFalse();
  }

  @Test
  void aCutTailIsGoneForGoodWithTheNextSyncOnly() {
    Story cut =
        disk -> {
          disk.append(FIRST);
          disk.append(SECOND);
          disk.sync();
          disk.truncate(FIRST.length);
          assertThat(disk.content()).isEqualTo(FIRST);
        };
    assertThat(always(cut, is(FIRST).or(is(FIRST, SECOND)))).isTrue();
    assertThat(never(cut, is(FIRST))).isFalse();
    assertThat(never(cut, is(FIRST, SECOND))).isFalse();
    Story synced =
        disk -> {
          cut.happenOn(disk);
          disk.sync();
        };
    assertThat(always(synced, is(FIRST))).isTrue();
  }

  @Test
  void whatAFailedSyncLeftIsSeenAndMayBeLostThoughALaterSyncSucceeds() {
    Story story =
        disk -> {
          disk.append(FIRST);
          disk.sync();
          disk.append(SECOND);
          faults.failNextSync();
          assertThatThrownBy(disk::sync).isInstanceOf(IOException.class);
          assertThat(disk.content()).isEqualTo(concat(FIRST, SECOND));
          disk.append(THIRD);
          disk.sync();
        };
    assertThat(never(story, is(FIRST, SECOND, THIRD))).isFalse();
    assertThat(always(story, is(FIRST, SECOND, THIRD))).isFalse();
    assertThat(always(story, startsAndEndsWith(FIRST, THIRD))).isTrue();
  }

  private static Predicate<byte[]> startsAndEndsWith(byte[] start, byte[] end) {
    return content ->
        content.length == FIRST.length + SECOND.length + THIRD.length
            && Arrays.equals(Arrays.copyOf(content, start.length), start)
            && Arrays.equals(
                Arrays.copyOfRange(content, content.length - end.length, content.length), end);
  }

  @Test
  void whatAFailedSyncLeftIsSafeOnceItIsWrittenAgainAndSynced() {
    Story story =
        disk -> {
          disk.append(FIRST);
          disk.sync();
          disk.append(SECOND);
          faults.failNextSync();
          assertThatThrownBy(disk::sync).isInstanceOf(IOException.class);
          disk.rewrite(FIRST.length);
          disk.append(THIRD);
          disk.sync();
        };
    assertThat(always(story, is(FIRST, SECOND, THIRD))).isTrue();
  }

  @Test
  void writingDurableBytesAgainDoesNotEndangerThem() {
    Story story =
        disk -> {
          disk.append(FIRST);
          disk.append(SECOND);
          disk.sync();
          disk.rewrite(100);
          faults.failNextSync();
          assertThatThrownBy(disk::sync).isInstanceOf(IOException.class);
          disk.rewrite(200);
        };
    assertThat(always(story, is(FIRST, SECOND))).isTrue();
  }

  @Test
  void aFullDiskTakesAPrefixOfAnAppend() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(faults, new Random(1));
    disk.append(FIRST);
    faults.failNextWrite();
    assertThatThrownBy(() -> disk.append(SECOND)).isInstanceOf(IOException.class);
    byte[] all = concat(FIRST, SECOND);
    assertThat(disk.content())
        .hasSizeBetween(FIRST.length, all.length - 1)
        .isEqualTo(Arrays.copyOf(all, disk.content().length));
  }

  @Property(tries = 200)
  void theEndOfTheMachineLeavesWhatWasDoneBeforeIt(
      @ForAll long seed, @ForAll @Size(max = 10) @IntRange(max = 3) int[] operations)
      throws IOException {
    DiskFaults crashing = DiskFaults.random(new Random(seed), 0, 200);
    SimulatedDisk disk = new SimulatedDisk(crashing, new Random(seed));
    for (int operation : operations) {
      byte[] before = disk.content();
      byte[] after = before;
      try {
        switch (operation) {
          case 0 -> disk.sync();
          case 1 -> {
            after = Arrays.copyOf(before, before.length / 2);
            disk.truncate(after.length);
          }
          case 2 -> disk.rewrite(before.length / 2);
          default -> {
            after = concat(before, FIRST);
            disk.append(FIRST);
          }
        }
        assertThat(disk.content()).isEqualTo(after);
      } catch (HostCrashed e) {
        assertThat(disk.content())
            .isEqualTo(String.valueOf(e.getMessage()).startsWith("before") ? before : after);
      }
    }
  }
}
