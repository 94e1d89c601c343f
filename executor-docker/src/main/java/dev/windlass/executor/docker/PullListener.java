package dev.windlass.executor.docker;

/**
 * Hears how images are fetched. That is told while it happens and not kept: after a crash of the
 * host an image is fetched again, or is there.
 */
@FunctionalInterface
public interface PullListener {

  /** Hears nothing. */
  PullListener NONE = progress -> {};

  /**
   * Something has happened to a fetch. For one fetch it is called one after the other: once with
   * {@link PullProgress.Phase#BEGUN}, then at most twice a second with how far it is, and once with
   * how it ended.
   *
   * @param progress how far it is
   */
  void onPull(PullProgress progress);
}
