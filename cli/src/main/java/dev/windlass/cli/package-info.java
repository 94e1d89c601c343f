/**
 * The {@code windlass} command. {@link dev.windlass.cli.Main} leads to one class for each command;
 * {@link dev.windlass.cli.Home} opens the engine; {@link dev.windlass.cli.Foreground} waits for
 * jobs and minds Ctrl-C.
 */
@NullMarked
package dev.windlass.cli;

import org.jspecify.annotations.NullMarked;
