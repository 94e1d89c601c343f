package dev.windlass.core.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The state store failed, and is opened anew. */
@Name("dev.windlass.StoreFailure")
@Label("Store Failure")
@Category("Windlass")
@Description("The state store failed; it is closed, opened anew and read")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class StoreFailureFlight extends Event {
  @Label("Message")
  private String message = "";

  private StoreFailureFlight() {}

  /** Writes it down if that is wanted. */
  public static void failed(String why) {
    StoreFailureFlight flight = new StoreFailureFlight();
    if (flight.shouldCommit()) {
      flight.message = why;
      flight.commit();
    }
  }
}
