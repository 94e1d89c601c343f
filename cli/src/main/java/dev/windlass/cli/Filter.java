package dev.windlass.cli;

import dev.windlass.JobQuery;
import dev.windlass.job.State;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which jobs are meant: those for which all that is given holds. */
final class Filter {

  @Option(
      names = "--state",
      description = "Only jobs in this state, or one of these: ${COMPLETION-CANDIDATES}.")
  private Set<State> states = new LinkedHashSet<>();

  @Option(names = "--name", paramLabel = "NAME", description = "Only jobs of this name.")
  private @Nullable String name;

  @Option(names = "--owner", paramLabel = "OWNER", description = "Only jobs of this owner.")
  private @Nullable String owner;

  @Option(
      names = "--label",
      paramLabel = "LABEL=VALUE",
      description = "Only jobs with this label, or all of these.")
  private Map<String, String> labels = new LinkedHashMap<>();

  boolean isEmpty() {
    return states.isEmpty() && name == null && owner == null && labels.isEmpty();
  }

  JobQuery query() {
    JobQuery query = JobQuery.all().inStates(states);
    if (name != null) {
      query = query.named(name);
    }
    if (owner != null) {
      query = query.ownedBy(owner);
    }
    for (Map.Entry<String, String> label : labels.entrySet()) {
      query = query.labelled(label.getKey(), label.getValue());
    }
    return query;
  }
}
