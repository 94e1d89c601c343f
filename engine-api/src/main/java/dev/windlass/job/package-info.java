/** The domain: what a job consists of, how its parts are named, and how they can stand and end. */
@NullMarked
package dev.windlass.job;

import org.jspecify.annotations.NullMarked;
