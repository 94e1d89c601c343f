package dev.windlass.core.engine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.windlass.LogBound;
import dev.windlass.Retention;
import dev.windlass.SecretProvider;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.core.platform.Platform;
import dev.windlass.core.store.StateStore;
import dev.windlass.event.EventRetention;
import dev.windlass.executor.Executor;
import dev.windlass.storage.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What an engine is made of. It closes the store, the executors and the storages, and then gives up
 * the ownership.
 *
 * @param directory where the files of attempts and executors lie; nobody else uses it
 * @param store open
 * @param executors by name, not open yet; the first is that of tasks that name none
 * @param storages by scheme
 * @param secrets where the values are that programs get and nobody else sees, if anywhere
 * @param clusters besides the default one
 * @param instanceTypes what the names of machine sizes mean
 * @param stopGrace how long a program may take to end by itself
 * @param logBound how much is kept of the logs of attempts that are over
 * @param retention which jobs that have ended are kept
 * @param eventRetention how much of the journal is kept
 * @param giveUpOwnership lets other engines use the directory
 */
public record Parts(
    Path directory,
    StateStore store,
    ImmutableMap<String, Executor> executors,
    ImmutableMap<String, Storage> storages,
    Optional<SecretProvider> secrets,
    ImmutableList<ClusterDescription> clusters,
    InstanceTypes instanceTypes,
    Duration stopGrace,
    LogBound logBound,
    Retention retention,
    EventRetention eventRetention,
    Platform platform,
    Runnable giveUpOwnership) {}
