/** The report as one HTML file. */
@NullMarked
package dev.windlass.report.page;

import org.jspecify.annotations.NullMarked;
