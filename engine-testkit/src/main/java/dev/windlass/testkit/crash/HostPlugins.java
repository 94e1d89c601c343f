package dev.windlass.testkit.crash;

import dev.windlass.executor.Executor;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.Storage;
import java.nio.file.Path;

/**
 * What the host that is to be killed or closed is made of.
 *
 * <p>It is made by its class's name in a JVM of its own, again and again; so the class MUST have a
 * constructor without parameters, and each of its objects MUST give an executor that finds what the
 * one before it left.
 */
public interface HostPlugins {

  /**
   * Makes the executor that is to be proven.
   *
   * @return an executor, not yet open; it declares {@code PROGRAMS} and, unless it is only closed,
   *     {@code SURVIVES_HOST}
   */
  Executor executor();

  /**
   * Makes the storage from which the programs get their inputs and to which their outputs go.
   *
   * @param directory an existing directory of this trial
   * @return a storage that keeps everything below the directory, serves any scheme, and offers
   *     local paths, such as {@code DirectoryStorage.at(directory)}
   */
  Storage storage(Path directory);

  /**
   * Adds what every task needs on this executor, such as a container image that has {@code sh}. The
   * default adds nothing.
   *
   * @param task a task of the ledger job
   */
  default void prepare(TaskDescription.Builder task) {}
}
