package dev.windlass.core.flight;

import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The end of an attempt is durable. */
@Name("dev.windlass.AttemptEnded")
@Label("Attempt Ended")
@Category("Windlass")
@Description("The end of an attempt is durable")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class AttemptFlight extends Event {
  @Label("Job")
  private String job = "";

  @Label("Task")
  private String task = "";

  @Label("Index")
  private int index;

  @Label("Attempt")
  private int attempt;

  @Label("Outcome")
  private String outcome = "";

  @Label("Success")
  private boolean success;

  private AttemptFlight() {}

  /** Writes it down if that is wanted. */
  public static void ended(AttemptId id, Outcome how) {
    AttemptFlight flight = new AttemptFlight();
    if (flight.shouldCommit()) {
      flight.job = id.job().value();
      flight.task = id.instance().task().value();
      flight.index = id.instance().index();
      flight.attempt = id.number();
      flight.outcome = how.describe();
      flight.success = how.isSuccess();
      flight.commit();
    }
  }
}
