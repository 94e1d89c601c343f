package dev.windlass.error;

/** Events were asked for that the journal does not keep any more. */
public final class EventsPurgedException extends EngineException {

  private static final long serialVersionUID = 1L;

  private final long oldest;

  /**
   * The refusal of a position.
   *
   * @param after the position that was asked for
   * @param oldest position of the oldest event that is kept
   */
  public EventsPurgedException(long after, long oldest) {
    super(
        ErrorCode.EVENTS_PURGED,
        Long.toString(after),
        "the events behind position "
            + after
            + " are not kept any more; the oldest that is kept is "
            + oldest
            + ", so ask for those after "
            + (oldest - 1));
    this.oldest = oldest;
  }

  /**
   * The oldest event that is kept.
   *
   * @return its position
   */
  public long oldest() {
    return oldest;
  }
}
