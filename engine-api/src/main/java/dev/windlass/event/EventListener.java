package dev.windlass.event;

/** Is told of events. */
@FunctionalInterface
public interface EventListener {

  /**
   * Takes one event.
   *
   * <p>Called in the order of the positions, one event at a time, only after the event is durable,
   * on a thread that this subscription alone has. So a listener may take its time, also for a call
   * over the network: it delays its own later events and nothing else.
   *
   * <p>An event is taken once this has returned. If it throws, that is logged, and the same event
   * is told again after a pause, which grows from a second to a minute; nothing behind it is told
   * before it is taken. After a crash of the host, events that were taken may be told once more.
   *
   * @param recorded what happened, and its position
   */
  void onEvent(RecordedEvent recorded);

  /**
   * Is told that events were purged before this listener could take them ({@link EventRetention}).
   * Goes on with the next event that is kept.
   *
   * @param first position of the first one that is missing
   * @param last position of the last one that is missing
   */
  default void onMissed(long first, long last) {
    // A listener that has to know of every event says so by taking this.
  }
}
