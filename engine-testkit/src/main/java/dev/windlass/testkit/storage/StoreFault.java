package dev.windlass.testkit.storage;

/** What can go wrong between a storage and its store. */
public enum StoreFault {
  /** Every transfer breaks off, in either direction, before it has moved 100,000 bytes. */
  BREAKS_OFF,
  /** Nothing is answered, whatever is asked. */
  DOES_NOT_ANSWER
}
