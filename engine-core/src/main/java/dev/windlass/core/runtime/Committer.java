package dev.windlass.core.runtime;

import dev.windlass.core.job.StoredJob;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes the state store. It takes all that the loop has produced since the last
 * commit and commits it at once (group commit), then has the effects carried out that waited for
 * it.
 *
 * <p>After a failure nothing more is written until the store was closed, opened anew and read
 * again. What the loop produced meanwhile rests on a state that may not exist, and is dropped; the
 * owner makes a new core from what the store holds.
 */
final class Committer implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  /** What the committer tells its owner. Called on the committing thread. */
  interface Owner {
    /** A group is durable. */
    void committed(Group group);

    /** A job was read. */
    void loaded(JobId job, Optional<StoredJob> stored, int epoch);

    /** Writing failed; what was handed over since the last {@link #committed} is undone. */
    void failed(EngineException cause);

    /** The store was opened anew and read; work goes on from there. */
    void reopened(List<StoredJob> notOver, int epoch);

    /** The store cannot be used again. */
    void givenUp(EngineException cause);
  }

  private sealed interface Work {}

  private record Commit(Group group, int epoch) implements Work {}

  private record Load(JobId job, int epoch) implements Work {}

  private record End() implements Work {}

  private final StateStore store;
  private final Owner owner;
  private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger uncommitted = new AtomicInteger();

  /** Work of an earlier epoch rests on a state that is gone. Owned by the committing thread. */
  private int epoch;

  private volatile boolean ending;

  Committer(StateStore store, Owner owner) {
    this.store = store;
    this.owner = owner;
  }

  /** Hands over a group of an epoch. */
  void commit(Group group, int groupEpoch) {
    uncommitted.addAndGet(group.changes().size());
    queue.add(new Commit(group, groupEpoch));
  }

  /** Asks for a job, as it stands after all groups handed over before. */
  void load(JobId job, int groupEpoch) {
    queue.add(new Load(job, groupEpoch));
  }

  /** Commits what was handed over, then ends the thread. */
  void end() {
    ending = true;
    queue.add(new End());
  }

  /** How many changes are handed over and not committed. */
  int uncommitted() {
    return uncommitted.get();
  }

  @Override
  public void run() {
    try {
      List<Work> batch = new ArrayList<>();
      while (true) {
        batch.add(queue.take());
        queue.drainTo(batch);
        if (!process(batch)) {
          return;
        }
        batch.clear();
      }
    } catch (InterruptedException e) {
      LOG.error("the committing thread was interrupted; it belongs to the engine alone", e);
      owner.givenUp(
          new EngineException(ErrorCode.INTERNAL, "", "the committing thread was interrupted", e));
    } catch (RuntimeException | Error e) {
      LOG.error("the committing thread failed", e);
      owner.givenUp(
          new EngineException(ErrorCode.INTERNAL, "", "the committing thread failed: " + e, e));
    }
  }

  /** Works through a batch in order; false at the end. */
  private boolean process(List<Work> batch) throws InterruptedException {
    List<Group> groups = new ArrayList<>();
    for (Work work : batch) {
      if (work instanceof Commit commit) {
        if (commit.epoch() == epoch) {
          groups.add(commit.group());
        }
        uncommitted.addAndGet(-commit.group().changes().size());
      } else {
        commit(groups);
        groups.clear();
        if (work instanceof End) {
          return false;
        }
        load((Load) work);
      }
    }
    commit(groups);
    return true;
  }

  private void commit(List<Group> groups) throws InterruptedException {
    if (groups.isEmpty()) {
      return;
    }
    Group group = Group.of(groups);
    try {
      if (!group.changes().isEmpty()) {
        store.commit(group.changes());
      }
    } catch (EngineException e) {
      recover(e);
      return;
    }
    owner.committed(group);
  }

  private void load(Load load) throws InterruptedException {
    if (load.epoch() != epoch) {
      return;
    }
    try {
      owner.loaded(load.job(), store.load(load.job()), load.epoch());
    } catch (EngineException e) {
      recover(e);
    }
  }

  /** Closes, opens and reads the store until that succeeds; a damaged store is given up. */
  private void recover(EngineException cause) throws InterruptedException {
    LOG.error("the state store failed; it is opened anew", cause);
    epoch++;
    owner.failed(cause);
    long pause = FIRST_PAUSE_MILLIS;
    while (!ending) {
      try {
        store.reopen();
        List<StoredJob> notOver = store.loadNotOver();
        LOG.info("the state store is open again; {} jobs are not over", notOver.size());
        owner.reopened(notOver, epoch);
        return;
      } catch (EngineException e) {
        if (e.code() != ErrorCode.STORE_UNAVAILABLE) {
          owner.givenUp(e);
          return;
        }
        LOG.warn("the state store cannot be opened yet: {}", e.getMessage());
        TimeUnit.MILLISECONDS.sleep(pause);
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
      }
    }
  }
}
