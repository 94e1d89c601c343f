package dev.windlass;

/**
 * An object that an attempt published.
 *
 * @param uri where it is
 * @param bytes its size
 * @param version what its storage calls this content (an ETag, a version id)
 */
public record PublishedObject(String uri, long bytes, String version) {}
