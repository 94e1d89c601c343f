package dev.windlass.executor.docker;

import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where the program of one attempt runs: a container of its own, or a node.
 *
 * <p>What stands outside of this JVM is told as a {@link ContainerState}, for a run inside a node
 * too. Methods that ask the Docker engine throw {@link DaemonSilentException} if it does not
 * answer, and docker-java's {@code DockerException} if it answers with an error. Used on the lane
 * of its attempt only.
 */
interface Place {

  /**
   * Has itself told when the run is over, where the event stream does not name the attempt.
   *
   * @param over may be run on any thread
   */
  void watch(Runnable over);

  /**
   * The attempt is to end: what takes long before its start need not be brought to its end. May be
   * called on any thread.
   */
  void abandon();

  /** Begins the program. Only for what was made, and never started. */
  void start();

  /**
   * Says since when the program runs, if that can be seen without the Docker engine.
   *
   * @return empty if it has not begun, or if this place {@linkplain #isWitness is no witness}
   */
  Optional<Instant> begun();

  /**
   * The outcome of an attempt whose start failed.
   *
   * @param error what the Docker engine said
   */
  Outcome notStarted(String error);

  /** Where the run stands. */
  ContainerState state();

  /**
   * Keeps what was made from ever starting.
   *
   * @param made its state when that was looked at
   * @return false if that cannot be done any more, since it has begun
   */
  boolean fence(ContainerState made);

  /**
   * Says whether a signal would reach the program.
   *
   * @return empty if that cannot be told
   */
  Optional<Boolean> hasProgram();

  /** Sends TERM to the program, or KILL to everything that belongs to the attempt. */
  void signal(String signal);

  /** Brings into files what the program has written up to now. */
  void follow();

  /** Brings into files whatever the program has written. */
  void complete(ContainerState ended) throws IOException;

  /** What was used, by a run that is over. */
  Usage usage(Optional<Duration> wall);

  /**
   * True if it shows by itself that the program has begun, and how it ended, also where the event
   * stream told nothing: an exit code is the program's own then.
   */
  boolean isWitness();

  /** Who says that the kernel killed the program for want of memory. */
  String oomWitness();

  /** Why there is nothing left of a run that was started. */
  String lossReason();

  /** Leaves nothing of it, so that it can never start any more. */
  void remove();

  /** True if that takes no call of the Docker engine, and so need not wait for one. */
  boolean isRemovedAtOnce();
}
