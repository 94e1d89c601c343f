/** A webhook: events as signed JSON, sent to a URL. */
@NullMarked
package dev.windlass.webhook;

import org.jspecify.annotations.NullMarked;
