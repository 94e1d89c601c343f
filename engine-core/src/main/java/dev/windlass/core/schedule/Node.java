package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.ArrayList;
import java.util.List;

/** A unit of capacity on one executor, and what is booked on it. Named resources are elsewhere. */
public final class Node {
  private final String name;
  private final String executor;
  private final Resources capacity;
  private final Devices devices;
  private Resources booked = Resources.NONE;
  private int attempts;
  private boolean open = true;

  /** The part of it that does not come free by itself. */
  private Resources kept = Resources.NONE;

  /** What it keeps for those that wait for it. */
  private final List<Claim> claims = new ArrayList<>();

  /**
   * An empty node.
   *
   * @param name unique within the engine
   * @param executor name of the executor that runs what is placed here
   * @param capacity what it offers
   */
  public Node(String name, String executor, Resources capacity) {
    this.name = name;
    this.executor = executor;
    this.capacity = capacity;
    this.devices = new Devices(capacity.gpus());
  }

  /** Its name, unique within the engine. */
  public String name() {
    return name;
  }

  /** The executor that runs what is placed here. */
  public String executor() {
    return executor;
  }

  /** What it offers. */
  public Resources capacity() {
    return capacity;
  }

  /**
   * What is booked on it. More than the capacity only if a restart found more running than fits.
   */
  public Resources booked() {
    return booked;
  }

  /** Says whether a request fits beside what is booked. */
  public boolean fits(Resources request) {
    return capacity.covers(booked.plus(request.ofNode()));
  }

  /** Says whether nothing is booked on it. */
  public boolean isIdle() {
    return attempts == 0;
  }

  /** Says whether anything may be placed on it. */
  public boolean isOpen() {
    return open;
  }

  /** Lets it take new work, or no more; what is booked stays. */
  public void setOpen(boolean takesWork) {
    open = takesWork;
  }

  /**
   * How much must come free before a request fits: the largest part that it lacks of any resource
   * that the node offers, 0 to 1.
   */
  public double lack(Resources request) {
    double lack = lack(booked.cpuMillis() + request.cpuMillis(), capacity.cpuMillis());
    lack =
        Math.max(lack, lack(booked.memoryBytes() + request.memoryBytes(), capacity.memoryBytes()));
    lack = Math.max(lack, lack(booked.diskBytes() + request.diskBytes(), capacity.diskBytes()));
    return Math.max(lack, lack((long) booked.gpus() + request.gpus(), capacity.gpus()));
  }

  private static double lack(long wanted, long offered) {
    return wanted <= offered ? 0 : (double) (wanted - offered) / offered;
  }

  /**
   * Books a request that fits.
   *
   * @return the devices that go with it, ascending
   */
  public List<Integer> book(Resources request) {
    if (!fits(request)) {
      throw new AssertionError(request + " does not fit on " + this);
    }
    booked = booked.plus(request.ofNode());
    attempts++;
    return devices.take(request.gpus());
  }

  /**
   * Books what already runs, whether it fits or not; nothing more is then placed until it does.
   *
   * @param held the devices that it has; none if they are not known
   */
  public void adopt(Resources request, List<Integer> held) {
    booked = booked.plus(request.ofNode());
    attempts++;
    devices.hold(held);
  }

  /** Says whether a request would fit if all came free that does so by itself. */
  boolean covers(Resources request) {
    return capacity.covers(kept.plus(request.ofNode()));
  }

  /** From now on others are placed only beside a request that waits for this node. */
  Claim claim(Resources request) {
    Claim claim = new Claim(this, request);
    claims.add(claim);
    return claim;
  }

  /** What was claimed is kept no longer. */
  void letGo(Claim claim) {
    claims.remove(claim);
  }

  /** The claims that it has; whatever is booked now counts as placed since. */
  List<Claim> claims() {
    return List.copyOf(claims);
  }

  /** What was booked stays so until it is released. */
  public void keep(Resources request) {
    kept = kept.plus(request.ofNode());
  }

  /** What was kept is about to be given back. */
  public void release(Resources request) {
    kept = kept.minus(request.ofNode());
  }

  /** Gives back what was booked, with its devices. */
  public void free(Resources request, List<Integer> held) {
    booked = booked.minus(request.ofNode());
    attempts--;
    devices.giveBack(held);
  }

  /** The same with more capacity, for a copy of the pool. */
  Node copy(Resources more) {
    Node copy = new Node(name, executor, capacity.plus(more));
    copy.booked = booked;
    copy.kept = kept;
    copy.attempts = attempts;
    copy.open = open;
    copy.devices.holdAll(devices);
    claims.forEach(claim -> copy.claims.add(claim.copy(copy)));
    return copy;
  }

  @Override
  public String toString() {
    String kept = claims.isEmpty() ? "" : ", keeps " + claims;
    return "node " + name + " (" + booked + " of " + capacity + " booked)" + kept;
  }
}
