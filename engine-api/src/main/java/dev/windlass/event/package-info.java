/** What listeners are told of jobs, tasks, instances and attempts. */
@NullMarked
package dev.windlass.event;

import org.jspecify.annotations.NullMarked;
