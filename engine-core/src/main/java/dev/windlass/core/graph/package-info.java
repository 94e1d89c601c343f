/**
 * From a description to a graph that can be run: what must hold of a job, whoever made its
 * description, and the compact form of its dependencies. Pure: no I/O, no clock.
 */
@NullMarked
package dev.windlass.core.graph;

import org.jspecify.annotations.NullMarked;
