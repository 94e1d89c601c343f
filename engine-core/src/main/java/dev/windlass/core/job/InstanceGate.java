package dev.windlass.core.job;

import java.util.List;
import java.util.OptionalInt;
import org.roaringbitmap.RoaringBitmap;

/**
 * Which instances of a task may begin where it waits for other tasks instance by instance: those
 * for which the instance of the same index has finished in each of them, and that is durable. Sets
 * of indexes, never an object an instance.
 */
final class InstanceGate {

  /** The tasks that are waited for by index. */
  private final List<TaskRun> before;

  /** May begin, and have not. */
  private final RoaringBitmap ready = new RoaringBitmap();

  /**
   * Can never begin. Follows from how the instances before them ended, so it is not recorded: they
   * count as waiting until their task ends, and are stopped then.
   */
  private final RoaringBitmap leftOut = new RoaringBitmap();

  InstanceGate(List<TaskRun> before) {
    this.before = List.copyOf(before);
  }

  boolean isAnyBeforeOpen() {
    return before.stream().anyMatch(task -> !task.state().isEnded());
  }

  boolean hasReady() {
    return !ready.isEmpty();
  }

  int readyCount() {
    return ready.getCardinality();
  }

  /** The next one that may begin. */
  int first() {
    return ready.first();
  }

  /** Which one of those that may begin it is, from 0; empty if it is none. */
  OptionalInt placeOf(int index) {
    return ready.contains(index) ? OptionalInt.of(ready.rank(index) - 1) : OptionalInt.empty();
  }

  /** The tasks whose instance of an index has not finished, as far as that is durable. */
  List<TaskRun> awaitedBy(int index) {
    return before.stream().filter(task -> !task.finishedDurably.contains(index)).toList();
  }

  boolean isLeftOut(int index) {
    return leftOut.contains(index);
  }

  /** Those that wait for instances of the same index that may still finish; a copy. */
  RoaringBitmap awaiting() {
    RoaringBitmap indexes = new RoaringBitmap();
    before.forEach(task -> indexes.or(task.unfinished()));
    indexes.andNot(leftOut);
    return indexes;
  }

  int leftOut() {
    return leftOut.getCardinality();
  }

  /** Takes out the next one that may begin. */
  int take() {
    int index = ready.first();
    ready.remove(index);
    return index;
  }

  /** Takes out a certain one; false if it may not begin. */
  boolean take(int index) {
    return ready.checkedRemove(index);
  }

  /**
   * An instance of a task before has finished, and that is durable.
   *
   * @return whether the instance of the same index may begin now
   */
  boolean finishedBefore(int index) {
    boolean all = before.stream().allMatch(task -> task.finishedDurably.contains(index));
    if (all) {
      ready.add(index);
    }
    return all;
  }

  /**
   * Instances of a task before will never have finished.
   *
   * @return those of the same index that are left out now, and were not before
   */
  RoaringBitmap leaveOut(RoaringBitmap indexes) {
    RoaringBitmap news = RoaringBitmap.andNot(indexes, leftOut);
    leftOut.or(news);
    if (news.getCardinality() > 1) {
      leftOut.runOptimize();
    }
    return news;
  }

  /** Nothing waits here any more. */
  void close() {
    ready.clear();
    leftOut.clear();
  }

  /**
   * Works out anew what may begin and what never can, from what is durable.
   *
   * @param stored the job; the tasks before are restored already
   * @param taken indexes that have begun and do not wait to run again
   */
  void restore(StoredJob stored, RoaringBitmap taken) {
    ready.or(before.get(0).finishedDurably);
    for (TaskRun task : before) {
      ready.and(task.finishedDurably);
      leftOut.or(task.neverToFinish(stored.failed().get(task.ordinal)));
    }
    ready.andNot(taken);
    leftOut.runOptimize();
  }

  /** Those that can never begin; a copy. */
  RoaringBitmap indexesLeftOut() {
    return leftOut.clone();
  }
}
