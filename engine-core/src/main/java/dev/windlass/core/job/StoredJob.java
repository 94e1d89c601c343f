package dev.windlass.core.job;

import dev.windlass.job.JobDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/**
 * A job as the state store holds it: all that the core needs to go on with it.
 *
 * @param tasks in the order of the description
 * @param open for each task the instances that are active, or wait to be tried again after an
 *     attempt since the job was last submitted or restarted, by index
 * @param again for each task the other instances that had an attempt and are to run again; while a
 *     job has ended, those that did not finish
 * @param begun for each task one more than the highest index that has had an attempt
 * @param finished for each task that another waits for instance by instance those that have
 *     finished; empty for all other tasks
 * @param failed for the same tasks those that have failed for good, while the job has not ended;
 *     empty when it has, since a restart tries them again
 */
public record StoredJob(
    JobRecord job,
    JobDescription description,
    List<TaskRecord> tasks,
    List<List<InstanceRecord>> open,
    List<RoaringBitmap> again,
    List<Integer> begun,
    List<RoaringBitmap> finished,
    List<RoaringBitmap> failed) {

  /** The same, with other records of the job and its tasks. */
  StoredJob with(JobRecord newJob, List<TaskRecord> newTasks) {
    return new StoredJob(newJob, description, newTasks, open, again, begun, finished, failed);
  }

  /**
   * The same, as if nothing of some tasks had finished.
   *
   * @param ordinals their positions in the description
   */
  StoredJob withoutFinishedOf(Set<Integer> ordinals) {
    List<RoaringBitmap> left = new ArrayList<>(finished);
    ordinals.forEach(ordinal -> left.set(ordinal, new RoaringBitmap()));
    return new StoredJob(job, description, tasks, open, again, begun, left, failed);
  }
}
