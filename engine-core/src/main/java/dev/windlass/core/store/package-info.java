/** The durable record of jobs, and its SQLite form. */
@NullMarked
package dev.windlass.core.store;

import org.jspecify.annotations.NullMarked;
