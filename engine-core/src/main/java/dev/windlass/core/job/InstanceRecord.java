package dev.windlass.core.job;

import dev.windlass.core.schedule.Spent;
import dev.windlass.job.InstanceId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the state store keeps of an instance that has had an attempt. The others have no record:
 * they stand as their task does.
 *
 * @param sequence the job's
 * @param ordinal the task's
 * @param attempt number of the last attempt
 * @param active true while the last attempt is not proven over
 * @param spent retries used up since the last submission or restart
 * @param booked what the last attempt booked; stays as it is when its task asks for something else
 * @param gpuDevices the devices of its node that the last attempt has or had, ascending; none is
 *     known of attempts of versions that counted them only
 * @param node where the last attempt runs or ran
 * @param executor what runs or ran it
 * @param attemptStarted when its program began
 * @param attemptEnded when it was over
 * @param outcome how it ended
 */
public record InstanceRecord(
    InstanceId id,
    long sequence,
    int ordinal,
    State state,
    int attempt,
    boolean active,
    Spent spent,
    Resources booked,
    List<Integer> gpuDevices,
    String node,
    String executor,
    Optional<Instant> attemptStarted,
    Optional<Instant> attemptEnded,
    Optional<Outcome> outcome,
    Usage usage,
    Course course) {}
