/**
 * Takes down what a real engine did, and lets a test engine decide on the same once more: a run of
 * production becomes a test.
 */
@NullMarked
package dev.windlass.testkit.recording;

import org.jspecify.annotations.NullMarked;
