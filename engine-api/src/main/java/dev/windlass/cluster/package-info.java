/** Clusters: named pools of nodes. */
@NullMarked
package dev.windlass.cluster;

import org.jspecify.annotations.NullMarked;
