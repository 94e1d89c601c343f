/**
 * Runs attempts as containers of a Docker engine, so that neither a crash of the host's JVM nor a
 * restart of the Docker engine leads to a wrong outcome, a second run or a leftover.
 *
 * <p>The door is {@link dev.windlass.executor.docker.DockerExecutor}. This page tells how it works.
 *
 * <h2>Identity and claim</h2>
 *
 * <p>The container of an attempt has a name made of the engine's id, the executor's name and the
 * attempt's id. The Docker engine lets a name exist once, so a create whose answer was lost is
 * harmless. Labels say the same, and where the output belongs; two engines on one daemon list and
 * touch only what carries their own label.
 *
 * <p>{@code start} on a container that has ended would run it again. So a start is asked for only
 * after {@code inspect} said {@code created}, and only by the life of the host that made the
 * container. A later life fences what was not started by removing the container without force: that
 * either works, and then nothing under that name can start, or the Docker engine refuses because it
 * runs, and then it is adopted.
 *
 * <h2>Evidence</h2>
 *
 * <p>The container, and a directory for each attempt with files that say something by being there:
 *
 * <ul>
 *   <li>{@code boot}: the attempt was launched, or fenced, during this boot of the host; whoever
 *       made the directory did it. An attempt is launched only by the one who makes it.
 *   <li>{@code starting}: a start is about to be asked for. Without it, and without a container,
 *       the program never began; with it and without a container, somebody removed the container.
 *   <li>{@code cancelled}: the engine asked for the end, before any signal was sent.
 *   <li>{@code end}: how it ended. Once that is written, and the output is in the attempt's files,
 *       the container is removed and the record is the evidence, until release.
 * </ul>
 *
 * <h2>Threads and connections</h2>
 *
 * <p>One stream of events for all containers, a few workers, a timer. Steps about one attempt run
 * one after the other ({@link dev.windlass.executor.docker.Lane}). Every call has a deadline of
 * ours; one that is not answered is made again later and nothing is concluded from it. When the
 * event stream breaks, and every half minute anyhow, all attempts are looked at.
 *
 * <h2>Outcomes</h2>
 *
 * <p>See {@link dev.windlass.executor.docker.Verdict}. With an init as pid 1 programs get signals
 * as they do elsewhere, and orphans are reaped; but the init would turn a program that is not there
 * into an exit with 127. So the program is looked for before the start ({@link
 * dev.windlass.executor.docker.Programs}).
 *
 * <h2>Output</h2>
 *
 * <p>See {@link dev.windlass.executor.docker.Output}.
 */
@NullMarked
package dev.windlass.executor.docker;

import org.jspecify.annotations.NullMarked;
