package dev.windlass.core.job;

import dev.windlass.core.schedule.ReadyJob;
import dev.windlass.core.schedule.ReadyTask;
import dev.windlass.job.Resources;
import java.util.OptionalInt;

/**
 * What stands for a task in a rehearsal: how many instances of it could begin, and how many may.
 */
final class StandIn implements ReadyTask {

  /** What stands for a job. */
  static final class Job implements ReadyJob {
    private final JobRun real;
    int priority;
    OptionalInt maxRunning;
    int running;

    Job(JobRun real) {
      this.real = real;
      this.priority = real.priority;
      this.maxRunning = real.maxRunning;
      this.running = real.running;
    }

    @Override
    public int priority() {
      return priority;
    }

    @Override
    public String share() {
      return real.share();
    }

    @Override
    public int weight() {
      return real.weight();
    }

    @Override
    public long sequence() {
      return real.sequence();
    }

    @Override
    public boolean isCapped() {
      return maxRunning.isPresent() && running >= maxRunning.getAsInt();
    }
  }

  final TaskRun real;
  final Job job;
  OptionalInt maxRunning;
  int waiting;
  private int running;
  private int placed;

  StandIn(TaskRun real, Job job) {
    this.real = real;
    this.job = job;
    this.maxRunning = real.maxRunning;
    this.waiting = real.mayBegin() ? real.inLine() : 0;
    this.running = real.running();
  }

  @Override
  public ReadyJob job() {
    return job;
  }

  @Override
  public long remainingPath() {
    return real.remainingPath();
  }

  @Override
  public int ordinal() {
    return real.ordinal();
  }

  @Override
  public Resources request() {
    return real.request();
  }

  @Override
  public String executor() {
    return real.executor();
  }

  @Override
  public boolean isReady() {
    return waiting > 0 && !isCapped();
  }

  boolean isCapped() {
    return maxRunning.isPresent() && running >= maxRunning.getAsInt();
  }

  int running() {
    return running;
  }

  void began() {
    waiting--;
    running++;
    job.running++;
    placed++;
  }

  void left() {
    running--;
    job.running--;
  }

  /** How many instances began in the rehearsal. */
  int placed() {
    return placed;
  }
}
