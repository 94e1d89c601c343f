/**
 * Runs attempts as processes of this host, so that neither a crash of the host's JVM nor the
 * cunning of a program leads to a wrong outcome, a second run or a leftover.
 *
 * <p>The door is {@link dev.windlass.executor.local.LocalExecutor}. This page tells how it works.
 *
 * <h2>Who does what</h2>
 *
 * <pre>
 *   JVM        makes the evidence: a directory with all records at full length, and the plan
 *    |         starts the launcher, with no pipe between them
 *    v
 *   launcher   setsid sh launch.sh: notes who it is, takes the claim, waits, writes down the end
 *    |
 *    v
 *   helper     setsid -f -w: the program's parent; knows how it died
 *    |
 *    v
 *   program    begins as sh begin.sh, in a session of its own: joins its control groups, enters its
 *              mount namespace, notes that it begins, and execs the program without forking
 * </pre>
 *
 * <h2>Evidence</h2>
 *
 * <p>One directory for each attempt, named after its id. Each record is one line of 128 bytes,
 * written in full before the launcher starts and later overwritten in place, so that a full disk
 * cuts none; one of another length or form proves nothing.
 *
 * <ul>
 *   <li>{@code launcher}: {@code pending BOOT}, then {@code launcher PID TICKS BOOT}, before the
 *       claim.
 *   <li>{@code claim}: created with O_EXCL, once, by the launcher or by the JVM that fences or
 *       cancels the attempt. Only who created it decides whether the program begins.
 *   <li>{@code program}: {@code begun PID TICKS}, right before the program's first instruction, or
 *       {@code refused STEP}.
 *   <li>{@code exit}: {@code exit CODE} or {@code signal NUMBER}, by the launcher; {@code fenced}
 *       or {@code cancelled}, by the JVM that took the claim.
 *   <li>{@code cancel}: exists from before the first signal that the engine asked for.
 *   <li>{@code setup}, {@code bindings}, {@code fstab.*}, {@code command}: the plan, as shell.
 *   <li>{@code secrets}: variables that nobody else is to see, as shell; empty once the program has
 *       them. {@code groups}: the control groups. {@code log}, {@code wait}, {@code times}: what
 *       the launcher's tools said.
 * </ul>
 *
 * <h2>What becomes of an attempt</h2>
 *
 * <p>As long as the launcher lives, it runs. Once the launcher is gone, everything the attempt
 * started is ended, and then the records are read: {@code program} and {@code exit} give the
 * outcome. {@code exit} missing after {@code begun} means lost: somebody killed the launcher. No
 * {@code begun} means that the program never ran, whatever else happened, because that record is
 * complete before the exec. After a restart of the JVM the same rules hold, but first the claim is
 * taken of whatever has not taken it. Since the launcher says who it is <em>before</em> it claims,
 * a claim that cannot be taken always has a launcher that can be looked for; there is no moment at
 * which one would have to wait and guess.
 *
 * <p>Processes are told apart by boot id, pid and start ticks. After a reboot nothing is adopted: a
 * record of success may have reached the disk when the output it speaks of has not, so such an
 * attempt is lost and runs again.
 *
 * <h2>Exit code or signal</h2>
 *
 * <p>A shell cannot tell {@code exit 137} from signal 9: both are 137 to it. The wait status itself
 * is seen only by the parent. {@code setsid -w} of util-linux is a parent that does not hide it:
 * for a program that exits it exits with the same code in silence; for one that dies of a signal it
 * complains on its standard error and exits with the low byte of the wait status, which is the
 * signal and the core flag. So a complaint in {@code wait}, a record reserved like the others, is
 * the proof of a signal. Rejected: the shell's own message about a signalled job, which is not
 * printed for INT and PIPE; field 52 of a zombie's {@code /proc/pid/stat}, which bash reaps before
 * anybody can read it.
 *
 * <h2>Nothing left behind</h2>
 *
 * <p>With control groups, everything is in one and the kernel kills it at once; that is {@code
 * SEALED}, and is done wherever possible, asked for or not. Without, the attempt's session is
 * searched for and, in the environment of each process, a cookie that children inherit, until two
 * walks over {@code /proc} find nothing.
 *
 * <h2>The host's tools</h2>
 *
 * <p>{@code sh} (dash and bash are known to do) and {@code setsid} of util-linux 2.32 or later; for
 * bindings also {@code unshare}, {@code mount}, {@code umount}, {@code pivot_root} (util-linux),
 * {@code mkdir} and {@code ln}. They are taken from the system's directories, not from the PATH of
 * the JVM.
 */
@NullMarked
package dev.windlass.executor.local;

import org.jspecify.annotations.NullMarked;
