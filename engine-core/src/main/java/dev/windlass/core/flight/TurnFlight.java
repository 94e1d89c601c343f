package dev.windlass.core.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A turn of the loop that took long: meanwhile nothing else is decided. */
@Name("dev.windlass.Turn")
@Label("Turn")
@Category("Windlass")
@Description("A turn of the engine's loop: inputs are taken and work is placed")
@StackTrace(false)
@Threshold("10 ms")
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class TurnFlight extends Event {
  @Label("Inputs")
  private int inputs;

  /** Ends it, and writes it down if that is wanted. */
  public void ended(int count) {
    end();
    if (shouldCommit()) {
      inputs = count;
      commit();
    }
  }
}
