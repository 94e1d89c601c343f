package dev.windlass.core.runtime;

import dev.windlass.core.job.Change;
import dev.windlass.core.job.StoredJob;
import dev.windlass.core.platform.Lane;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the state store, on a lane that does nothing else. It takes all that the loop has produced
 * since the last commit and commits it at once (group commit), then has the effects carried out
 * that waited for it.
 *
 * <p>After a failure nothing more is written until the store was closed, opened anew and read
 * again. What the loop produced meanwhile rests on a state that may not exist, and is dropped; the
 * owner makes a new core from what the store holds.
 */
final class Committer {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** So many records of removed jobs are deleted in some milliseconds. */
  private static final int COLLECTED_AT_ONCE = 2_000;

  private static final Duration BETWEEN_COLLECTIONS = Duration.ofMillis(20);

  /** What the committer tells its owner. Called on the committer's lane. */
  interface Owner {
    /** A group is durable. */
    void committed(Group group);

    /** A job was read. */
    void loaded(JobId job, Optional<StoredJob> stored, int epoch);

    /** Writing failed; what was handed over since the last {@link #committed} is undone. */
    void failed(EngineException cause);

    /** The store was opened anew and read; work goes on from there. */
    void reopened(StoredState stored, int epoch);

    /** The store cannot be used again. */
    void givenUp(EngineException cause);
  }

  private sealed interface Work {}

  private record Commit(Group group, int epoch) implements Work {}

  /** A change that rests on no state of a core, and so is of no epoch. */
  private record Note(Change change) implements Work {}

  private record Load(JobId job, int epoch) implements Work {}

  private final StateStore store;
  private final Owner owner;
  private final Lane lane;
  private final Queue<Work> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger uncommitted = new AtomicInteger();

  /** True while a run is on its way that will see what is in the queue. */
  private final AtomicBoolean running = new AtomicBoolean();

  // Owned by the lane.

  /** Work of an earlier epoch rests on a state that is gone. */
  private int epoch;

  /** The store has failed and is not open again, or was given up. */
  private boolean broken;

  Committer(StateStore store, Owner owner, Lane lane) {
    this.store = store;
    this.owner = owner;
    this.lane = lane;
  }

  /** Hands over a group of an epoch. */
  void commit(Group group, int groupEpoch) {
    uncommitted.addAndGet(group.changes().size());
    put(new Commit(group, groupEpoch));
  }

  /** Hands over a change that rests on no state of a core; it may be lost if the store fails. */
  void note(Change change) {
    put(new Note(change));
  }

  /**
   * Commits changes on the caller's thread, after {@link #end}. They rest on no state of a core and
   * are lost if the store fails.
   */
  void noteLast(List<Change> changes) {
    if (!changes.isEmpty() && !broken) {
      try {
        store.commit(changes);
      } catch (EngineException e) {
        LOG.warn("the last positions of consumers are lost", e);
      }
    }
  }

  /** Asks for a job, as it stands after all groups handed over before. */
  void load(JobId job, int groupEpoch) {
    put(new Load(job, groupEpoch));
  }

  private void put(Work work) {
    queue.add(work);
    signal();
  }

  private void signal() {
    if (running.compareAndSet(false, true)) {
      lane.execute(guarded(this::run));
    }
  }

  /** Commits what was handed over, then ends. Blocks. */
  void end() {
    lane.end();
    lane.awaitEnd();
  }

  /** How many changes are handed over and not committed. */
  int uncommitted() {
    return uncommitted.get();
  }

  private void run() {
    running.set(false);
    if (broken) {
      return;
    }
    List<Work> batch = new ArrayList<>();
    for (Work work = queue.poll(); work != null; work = queue.poll()) {
      batch.add(work);
    }
    process(batch);
    collect();
  }

  /** Behind all that was handed over, and never much at once. */
  private void collect() {
    if (broken || !queue.isEmpty()) {
      return; // after the next batch
    }
    try {
      if (store.collect(COLLECTED_AT_ONCE)) {
        var unused = lane.later(BETWEEN_COLLECTIONS, this::signal);
      }
    } catch (EngineException e) {
      failed(e);
    }
  }

  /** A defect must not end in silence. */
  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        LOG.error("the committer failed", e);
        broken = true;
        owner.givenUp(new EngineException(ErrorCode.INTERNAL, "", "the committer failed: " + e, e));
      }
    };
  }

  /** Works through a batch in order. */
  private void process(List<Work> batch) {
    List<Group> groups = new ArrayList<>();
    for (Work work : batch) {
      if (work instanceof Commit commit) {
        uncommitted.addAndGet(-commit.group().changes().size());
        if (commit.epoch() == epoch) {
          groups.add(commit.group());
        }
      } else if (work instanceof Note note) {
        groups.add(new Group(List.of(note.change()), List.of()));
      } else if (work instanceof Load load) {
        commit(groups);
        groups.clear();
        load(load);
      }
    }
    commit(groups);
  }

  private void commit(List<Group> groups) {
    if (groups.isEmpty() || broken) {
      return;
    }
    Group group = Group.of(groups);
    try {
      if (!group.changes().isEmpty()) {
        store.commit(group.changes());
      }
    } catch (EngineException e) {
      failed(e);
      return;
    }
    owner.committed(group);
  }

  private void load(Load load) {
    if (load.epoch() != epoch || broken) {
      return;
    }
    try {
      owner.loaded(load.job(), store.load(load.job()), load.epoch());
    } catch (EngineException e) {
      failed(e);
    }
  }

  private void failed(EngineException cause) {
    LOG.error("the state store failed; it is opened anew", cause);
    epoch++;
    broken = true;
    owner.failed(cause);
    reopen(FIRST_PAUSE);
  }

  /** Closes, opens and reads the store until that succeeds; a damaged store is given up. */
  private void reopen(Duration pause) {
    StoredState stored;
    try {
      store.reopen();
      stored = StoredState.of(store);
    } catch (EngineException e) {
      if (e.code() == ErrorCode.STORE_UNAVAILABLE) {
        LOG.warn("the state store cannot be opened yet: {}", e.getMessage());
        lane.later(pause, guarded(() -> reopen(longer(pause))));
      } else {
        owner.givenUp(e);
      }
      return;
    }
    LOG.info("the state store is open again; {} jobs are not over", stored.notOver().size());
    broken = false;
    owner.reopened(stored, epoch);
    signal();
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }
}
