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
 * <h2>Nodes</h2>
 *
 * <p>A node is a container with a name of its own, which does nothing but be there; see {@link
 * dev.windlass.executor.docker.Node}. Below the executor's directory there is one for each node:
 *
 * <ul>
 *   <li>{@code image}: from which it is made.
 *   <li>{@code starting}: a start is about to be asked for; without a container it is lost then.
 *   <li>{@code gone}: why it is gone. Written before its container is removed; it is told again,
 *       until the node is ended.
 *   <li>{@code shared}: a directory that the node sees at the same path, with one directory for
 *       each run in it, the bootstrap command's too, and one for each runner.
 *   <li>{@code orders}: the pipes of the runners, which {@code shared} has under other names.
 *   <li>{@code handed}: for each run the name of the runner that it was handed to.
 *   <li>{@code hidden}: what is being made for {@code shared}, and moved there when it is whole.
 * </ul>
 *
 * <p>Attempts that are placed on a node are handed to a runner: a shell inside, begun by the Docker
 * engine's exec, which runs one after the other, each under a supervisor ({@code supervise.sh},
 * which becomes a program by {@code begin.sh}). A runner has a pipe from which it takes the names
 * of its runs, and a directory with {@code exec}, the Docker engine's id, and {@code state}, {@code
 * idle} or {@code busy RUN}. By another pipe, {@code news}, all tell this host where something has
 * happened. Pipes prove nothing, and an exec has no name and no memory, so the directory of the run
 * is the evidence until the end is recorded. Records are lines of 128 bytes that exist before they
 * are written:
 *
 * <ul>
 *   <li>{@code order}: shell text that becomes the supervisor, with the program, its arguments and
 *       its variables.
 *   <li>{@code supervisor}: {@code supervisor PID TICKS INIT TICKS}, before the claim.
 *   <li>{@code claim}: created once, by the supervisor or by the JVM that fences the attempt. Only
 *       who created it decides whether the program begins.
 *   <li>{@code program}: {@code begun PID TICKS} before its first instruction, or {@code refused
 *       STEP}.
 *   <li>{@code exit}: {@code exit CODE KILLS KILLS}, once nothing of the program is left; with the
 *       node's count of kills for want of memory, before and after.
 *   <li>{@code log}, {@code times}: what the supervisor and its tools said.
 * </ul>
 *
 * <p>The supervisor is a child of an init that all orphans of the program come to (a subreaper), so
 * that the tree below is everything the program started. Should the init be gone, a cookie in the
 * environment is looked for too. In the evidence of the attempt {@code node} says that it has no
 * container of its own, and {@code shared} that it was not alone.
 *
 * <h2>Threads and connections</h2>
 *
 * <p>One stream of events for all containers, one pipe of news for all nodes, a few workers, a
 * timer. Steps about one attempt run one after the other ({@link
 * dev.windlass.executor.docker.Lane}). Every call has a deadline of ours; one that is not answered
 * is made again later and nothing is concluded from it. When the event stream breaks, and every
 * half minute anyhow, all attempts are looked at.
 *
 * <h2>Outcomes</h2>
 *
 * <p>See {@link dev.windlass.executor.docker.Verdict}. With an init as pid 1 programs get signals
 * as they do elsewhere, and orphans are reaped; but the init would turn a program that is not there
 * into an exit with 127. So the program is looked for before the start ({@link
 * dev.windlass.executor.docker.Programs}).
 *
 * <h2>Files</h2>
 *
 * <p>Where the Docker engine sees those of this host they are bound into the container. Where it
 * does not, {@link dev.windlass.executor.docker.FileCopies} packs them into the container between
 * its making and its start, and unpacks what comes back between its end and the record of that. A
 * label of the container says what comes back, so that a later life of the host can fetch it; until
 * that is done the attempt goes on. What is on its way lies in {@code arriving}, which the next
 * life empties.
 *
 * <h2>Output</h2>
 *
 * <p>See {@link dev.windlass.executor.docker.Output}.
 */
@NullMarked
package dev.windlass.executor.docker;

import org.jspecify.annotations.NullMarked;
