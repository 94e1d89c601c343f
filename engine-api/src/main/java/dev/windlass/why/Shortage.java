package dev.windlass.why;

/**
 * A resource of which there is too little for a request, on a node or, of a named one, at all.
 *
 * @param resource {@code cpus}, {@code memory}, {@code disk} or {@code gpus} of a node; else the
 *     name of a named resource
 * @param asked how much the request asks for; processors in thousandths, memory in bytes
 * @param free how much of it is not booked on the node; 0 if more is booked than there is
 * @param capacity how much of it the node offers
 */
public record Shortage(String resource, long asked, long free, long capacity) {}
