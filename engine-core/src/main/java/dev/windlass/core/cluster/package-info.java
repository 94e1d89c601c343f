/** Clusters that are made and changed while the engine runs, and their nodes. Pure. */
@NullMarked
package dev.windlass.core.cluster;

import org.jspecify.annotations.NullMarked;
