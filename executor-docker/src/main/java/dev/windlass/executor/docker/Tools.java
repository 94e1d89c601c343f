package dev.windlass.executor.docker;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.NodeReport;
import dev.windlass.job.AttemptId;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What every attempt of a session works with.
 *
 * @param daemon the Docker engine
 * @param labels by which containers are known
 * @param images makes images ready
 * @param programs looks for programs
 * @param plan says what containers are like
 * @param copies brings files to containers and back, where they cannot be bound
 * @param accounting knows what containers used
 * @param listeners hear what happens inside nodes
 * @param outputLimitBytes how much output of an attempt is kept
 * @param workers the threads
 * @param lanes the threads for steps about attempts
 * @param departing attempts that have ended, and whose containers are not removed yet; safe for
 *     several threads
 * @param reports takes what the engine is to be told
 * @param nodeReports takes what the engine is to be told of nodes
 * @param closing true if nothing new is to be begun
 */
record Tools(
    Daemon daemon,
    Labels labels,
    Images images,
    Programs programs,
    ContainerPlan plan,
    FileCopies copies,
    Accounting accounting,
    Listeners listeners,
    long outputLimitBytes,
    Workers workers,
    Executor lanes,
    Set<AttemptId> departing,
    Consumer<AttemptReport> reports,
    Consumer<NodeReport> nodeReports,
    BooleanSupplier closing) {}
