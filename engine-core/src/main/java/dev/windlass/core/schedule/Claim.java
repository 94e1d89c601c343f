package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import org.jspecify.annotations.Nullable;

/**
 * What a node keeps for the holder of a reservation. Others are placed there meanwhile, but only
 * beside it: all that was placed since, with what is kept, fits the node. So when what ran before
 * has ended, the holder fits.
 */
final class Claim {
  private final Node node;
  private final Resources request;

  /** What was placed on the node since, and has not ended. */
  private Resources since = Resources.NONE;

  /** The claim of which this is the copy. */
  private final @Nullable Claim original;

  Claim(Node node, Resources request) {
    this(node, request, null);
  }

  private Claim(Node node, Resources request, @Nullable Claim original) {
    this.node = node;
    this.request = request.ofNode();
    this.original = original;
  }

  Node node() {
    return node;
  }

  /** Says whether a request fits beside what is kept, once all that ran before has ended. */
  boolean leavesRoomFor(Resources other) {
    return node.covers(since.plus(request).plus(other.ofNode()));
  }

  void placed(Resources other) {
    since = since.plus(other.ofNode());
  }

  void ended(Resources other) {
    since = since.minus(other.ofNode());
  }

  Claim copy(Node copied) {
    Claim copy = new Claim(copied, request, this);
    copy.since = since;
    return copy;
  }

  boolean isCopyOf(Claim other) {
    return original == other;
  }

  @Override
  public String toString() {
    return request + " beside " + since;
  }
}
