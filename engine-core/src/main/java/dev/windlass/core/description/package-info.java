/**
 * The JSON format of job descriptions, both ways: that of the BatchCompute service, version
 * 2015-11-11, and one object of our own in it. {@link dev.windlass.core.description.JobJson} is the
 * door.
 */
@NullMarked
package dev.windlass.core.description;

import org.jspecify.annotations.NullMarked;
