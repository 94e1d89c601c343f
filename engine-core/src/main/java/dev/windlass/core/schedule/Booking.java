package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an attempt holds: a part of a node, devices of it, and named resources. */
public final class Booking {
  private final @Nullable Node node;
  private final Resources request;
  private final List<Integer> gpuDevices;
  private final NamedOffer.Held named;

  /** The claims on the node since which this was placed. */
  private final List<Claim> claims;

  private boolean freed;

  private Booking(
      @Nullable Node node, Resources request, List<Integer> gpuDevices, NamedOffer.Held named) {
    this.node = node;
    this.request = request;
    this.gpuDevices = gpuDevices;
    this.named = named;
    this.claims = node == null ? List.of() : node.claims();
    claims.forEach(claim -> claim.placed(request));
  }

  /** Books a request that fits. */
  static Booking of(Node node, Resources request, NamedOffer offer) {
    return new Booking(node, request, node.book(request), offer.book(request.named()));
  }

  /**
   * Books what already runs, whether it fits or not; nothing more is then placed until it does.
   *
   * @param node where it runs; empty if the node is not there any more
   * @param gpuDevices those that it was told
   * @param offer the named resources of its cluster
   */
  public static Booking adopted(
      Optional<Node> node, Resources request, List<Integer> gpuDevices, NamedOffer offer) {
    node.ifPresent(known -> known.adopt(request, gpuDevices));
    return new Booking(node.orElse(null), request, gpuDevices, offer.book(request.named()));
  }

  /** Where it is; empty if the node is not there any more. */
  public Optional<Node> node() {
    return Optional.ofNullable(node);
  }

  /** What was asked for. */
  public Resources request() {
    return request;
  }

  /** The devices of the node that it holds, ascending. */
  public List<Integer> gpuDevices() {
    return gpuDevices;
  }

  /** Gives it all back in a copy of where it is booked, and nowhere else. */
  void freeIn(NodePool copy, NamedOffer original, NamedOffer copied) {
    if (node != null) {
      Node there = copy.node(node.name());
      there.free(request, gpuDevices);
      there.claims().stream()
          .filter(claim -> claims.stream().anyMatch(claim::isCopyOf))
          .forEach(claim -> claim.ended(request));
    }
    named.giveBackIn(original, copied);
  }

  /** Gives it all back. */
  public void free() {
    if (freed) {
      throw new AssertionError(request + " was given back before");
    }
    freed = true;
    if (node != null) {
      node.free(request, gpuDevices);
    }
    claims.forEach(claim -> claim.ended(request));
    named.giveBack();
  }
}
