/** What became of a job: the report as data, and as JSON. */
@NullMarked
package dev.windlass.report;

import org.jspecify.annotations.NullMarked;
