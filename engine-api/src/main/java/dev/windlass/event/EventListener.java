package dev.windlass.event;

/** Is told of events. */
@FunctionalInterface
public interface EventListener {

  /**
   * Takes one event.
   *
   * <p>Called in the order in which things happened, one event at a time, on a thread of the engine
   * that does nothing else, only after the event is durable. A listener that is slow delays later
   * events and nothing else; one that throws is logged and stops nobody. Events that are still
   * under way when the host dies or the state store fails are not repeated.
   *
   * @param event what happened
   */
  void onEvent(Event event);
}
