/** Makes mappings real before an attempt, and publishes outputs and logs after it. */
@NullMarked
package dev.windlass.core.staging;

import org.jspecify.annotations.NullMarked;
