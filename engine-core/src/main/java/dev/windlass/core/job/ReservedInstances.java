package dev.windlass.core.job;

import dev.windlass.core.schedule.Booking;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The instances that failed for good and whose capacity and files are kept until a user releases
 * them, of all jobs, also of those that are over. There are never more than nodes have room for.
 */
final class ReservedInstances {

  /** What is kept; without a node if there is none of that name any more. */
  private record Reserved(ReservedRecord record, Booking booking) {}

  private final Map<JobId, Map<InstanceId, Reserved>> byJob = new HashMap<>();

  /** What was kept and is released, until that is durable. */
  private final Map<AttemptId, Booking> givenBack = new HashMap<>();

  private final Output output;
  private final Placer placer;

  ReservedInstances(Output output, Placer placer) {
    this.output = output;
    this.placer = placer;
  }

  /** An instance fails for good: what it booked stays booked. */
  void keep(LiveInstance instance, Now now) {
    ReservedRecord record =
        new ReservedRecord(
            instance.id,
            instance.task.job.sequence,
            instance.task.ordinal,
            instance.attempt,
            instance.nodeName,
            instance.request,
            instance.gpuDevices,
            now.wall());
    put(new Reserved(record, placer.keep(instance)));
    output.change(new Change.CapacityReserved(record));
  }

  /** An earlier core kept it. */
  void recovered(ReservedRecord record) {
    put(new Reserved(record, placer.keepAgain(record)));
  }

  private void put(Reserved reserved) {
    ReservedRecord record = reserved.record();
    byJob
        .computeIfAbsent(record.id().job(), job -> new LinkedHashMap<>())
        .put(record.id(), reserved);
  }

  /** Says whether all files of an attempt are kept. */
  boolean keepsFilesOf(AttemptId attempt) {
    Reserved reserved = of(attempt.job()).get(attempt.instance());
    return reserved != null && reserved.record().attemptId().equals(attempt);
  }

  /** Releases those instances of a job that are meant; false if none of them was reserved. */
  boolean release(JobId job, Predicate<ReservedRecord> meant) {
    List<Reserved> released =
        of(job).values().stream().filter(one -> meant.test(one.record())).toList();
    for (Reserved one : released) {
      ReservedRecord record = one.record();
      of(job).remove(record.id());
      giveBack(one);
      output.change(
          new Change.CapacityReleased(record.sequence(), record.ordinal(), record.id().index()));
      output.effect(new Effect.ForgetAttemptFiles(record.attemptId()));
    }
    if (of(job).isEmpty()) {
      byJob.remove(job);
    }
    return !released.isEmpty();
  }

  /** That the capacity was released is durable: others may have it. */
  void released(Input.CapacityReleased released) {
    Booking booking = givenBack.remove(released.attempt());
    if (booking != null) {
      placer.release(booking);
    }
  }

  /** A job is no more; its records and files go with it. */
  void removed(JobId job) {
    of(job).values().forEach(this::giveBack);
    byJob.remove(job);
  }

  /** Others may have it only once that is durable: a restart would book it again. */
  private void giveBack(Reserved reserved) {
    AttemptId attempt = reserved.record().attemptId();
    givenBack.put(attempt, reserved.booking());
    output.effect(new Effect.Feed(new Input.CapacityReleased(attempt)));
  }

  private Map<InstanceId, Reserved> of(JobId job) {
    return byJob.getOrDefault(job, new LinkedHashMap<>());
  }
}
