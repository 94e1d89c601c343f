/**
 * Says what becomes of the attempts of a test: which succeed, fail, run out of memory, are lost,
 * and how long they take.
 */
@NullMarked
package dev.windlass.testkit.script;

import org.jspecify.annotations.NullMarked;
