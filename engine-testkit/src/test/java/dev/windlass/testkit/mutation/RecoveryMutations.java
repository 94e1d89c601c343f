package dev.windlass.testkit.mutation;

import static dev.windlass.testkit.mutation.Promises.ACCEPTED_FIRST;
import static dev.windlass.testkit.mutation.Promises.CAPACITY;
import static dev.windlass.testkit.mutation.Promises.COMES_TO_AN_END;
import static dev.windlass.testkit.mutation.Promises.CONSUMERS_MISS_NOTHING;
import static dev.windlass.testkit.mutation.Promises.DEVICES;
import static dev.windlass.testkit.mutation.Promises.FINAL;
import static dev.windlass.testkit.mutation.Promises.GOES_ON;
import static dev.windlass.testkit.mutation.Promises.KEPT_FILES;
import static dev.windlass.testkit.mutation.Promises.NOTHING_LEFT;
import static dev.windlass.testkit.mutation.Promises.ONE_RUN;
import static dev.windlass.testkit.mutation.Promises.OPENS;
import static dev.windlass.testkit.mutation.Promises.PAUSE;
import static dev.windlass.testkit.mutation.Promises.STARTED_ONCE;
import static dev.windlass.testkit.mutation.Promises.STOPPED_MEANS_ENDED;
import static dev.windlass.testkit.mutation.World.killed;
import static dev.windlass.testkit.mutation.World.seed;
import static dev.windlass.testkit.mutation.World.written;

/**
 * What waits for its commit, what a restart takes up again, and what is booked: planted in {@code
 * core.job} and {@code core.schedule}.
 */
enum RecoveryMutations implements Mutation {
  GOES_ON_BEFORE_THE_COMMIT(
      "job/Effect",
      "record Feed(Input input) implements Effect { @Override public boolean "
          + "awaitsCommit() { return true;",
      "record Feed(Input input) implements Effect { @Override public boolean "
          + "awaitsCommit() { return false;",
      ACCEPTED_FIRST,
      seed(2)),
  RELEASES_BEFORE_THE_COMMIT(
      "job/Effect",
      "record Release(AttemptId id, boolean keepFiles) implements Effect { @Override public boolean "
          + "awaitsCommit() { return true;",
      "record Release(AttemptId id, boolean keepFiles) implements Effect { @Override public boolean "
          + "awaitsCommit() { return false;",
      COMES_TO_AN_END,
      seed(9)),
  TELLS_A_CONSUMER_ONLY_WHAT_IS_NEW(
      "runtime/Feed",
      "long after = store.consumer(consumer).orElseThrow();",
      "long after = store.eventSpan().last();",
      CONSUMERS_MISS_NOTHING,
      killed("chain")),
  TELLS_A_START_AGAIN_AFTER_A_CRASH(
      "job/Progress", "if (instance.started.isEmpty()) {", "if (true) {", STARTED_ONCE, seed(1)),
  REPLIES_BEFORE_THE_COMMIT(
      "job/Effect",
      "record Reply(long request) implements Effect { @Override public boolean "
          + "awaitsCommit() { return true;",
      "record Reply(long request) implements Effect { @Override public boolean "
          + "awaitsCommit() { return false;",
      OPENS,
      killed("chain")),
  FORGETS_USED_RETRIES_AT_A_RESTART(
      "job/LiveInstance", "this.spent = record.spent();", "", FINAL, seed(94)),
  FORGETS_A_STRAY("job/Recovery", "strays.add(each.id());", "", NOTHING_LEFT, seed(26)),
  FORGETS_A_STOP_AT_A_RESTART(
      "job/Recovery",
      "completion.cancel(instance);",
      "",
      STOPPED_MEANS_ENDED,
      killed("stop of a job that would go on for long")),
  RELAUNCHES_WHAT_RUNS(
      "job/Recovery",
      "if (node.isEmpty() || id.number() != expected",
      "if (node.isPresent() || id.number() != expected",
      ONE_RUN,
      seed(2)),
  FORGETS_WHAT_IS_BOOKED_AT_A_RESTART(
      "schedule/Booking",
      "node.ifPresent(known -> known.adopt(request, gpuDevices));",
      "",
      GOES_ON,
      seed(1)),
  FORGETS_THE_DEVICES_AT_A_RESTART(
      "job/LiveInstance",
      "this.gpuDevices = record.gpuDevices();",
      "",
      DEVICES,
      killed("devices and licences")),
  FORGETS_THE_DEVICES_OF_WHAT_HAS_NO_RECORD(
      "job/Recovery",
      "List<Integer> devices = isThere ? alive.gpuDevices() : List.of();",
      "List<Integer> devices = List.of();",
      DEVICES,
      written("store that fails under work on devices")),
  FORGETS_THE_TOTALS_AT_A_RESTART(
      "job/Core",
      "recovered.totals().forEach(placer::setNamedTotal);",
      "",
      COMES_TO_AN_END,
      killed("devices and licences")),
  FREES_THE_NODE_AT_CANCEL(
      "job/Completion",
      "instance.cancelled = true;",
      "instance.cancelled = true; placer.free(instance);",
      CAPACITY,
      seed(1)),
  KEEPS_THE_NODE(
      "schedule/Booking", "node.free(request, gpuDevices);", "", COMES_TO_AN_END, seed(1)),
  BOOKS_CAPACITY_TWICE(
      "schedule/Node",
      "does not fit on \" + this); } booked = booked.plus(request.ofNode());",
      "does not fit on \" + this); } booked = booked.plus(request.ofNode()).plus(request.ofNode());",
      COMES_TO_AN_END,
      seed(1)),
  BOOKS_NOTHING(
      "schedule/Node",
      "does not fit on \" + this); } booked = booked.plus(request.ofNode());",
      "does not fit on \" + this); }",
      CAPACITY,
      seed(2)),
  IGNORES_WHAT_IS_BOOKED(
      "schedule/Node",
      "return capacity.covers(booked.plus(request.ofNode()));",
      "return capacity.covers(request.ofNode());",
      CAPACITY,
      seed(2)),
  FORGETS_WHAT_IS_KEPT_AT_A_RESTART(
      "job/Core",
      "reserved.recovered(found.record());",
      "",
      KEPT_FILES,
      killed("failures that keep their capacity")),
  RELEASES_CAPACITY_BEFORE_THE_COMMIT(
      "job/ReservedInstances",
      "output.effect(new Effect.Feed(new Input.CapacityReleased(attempt)));",
      "released(new Input.CapacityReleased(attempt));",
      CAPACITY,
      seed(63)),
  GIVES_BACK_WHAT_IS_TO_BE_KEPT(
      "job/Placer",
      "node -> keepOn(node, instance.request)",
      "node -> node.free(instance.request, booking.gpuDevices())",
      CAPACITY,
      seed(15)),
  DOES_NOT_LENGTHEN_THE_PAUSE("schedule/Retries", "nanos * 2", "nanos + 1", PAUSE, seed(45));

  @SuppressWarnings("ImmutableEnumChecker") // a record of records of texts
  private final Defect defect;

  RecoveryMutations(String file, String old, String replacement, String promise, World world) {
    this.defect = new Defect(new Change(file, old, replacement), promise, world);
  }

  @Override
  public Defect defect() {
    return defect;
  }
}
