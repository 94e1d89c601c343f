package dev.windlass.core.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A group of changes was written and synced; it took as long as the event lasts. */
@Name("dev.windlass.Commit")
@Label("Commit")
@Category("Windlass")
@Description("A group of changes was written to the state store and synced")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class CommitFlight extends Event {
  @Label("Changes")
  private int changes;

  /** Ends it, and writes it down if that is wanted. */
  public void committed(int count) {
    end();
    if (shouldCommit()) {
      changes = count;
      commit();
    }
  }
}
