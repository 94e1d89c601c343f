package dev.windlass.testkit.recording;

import dev.windlass.event.Event;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was decided about one job: for the job, each task and each instance a list of decisions in
 * their order.
 */
final class Decisions {
  private final String job;
  private final Map<String, List<String>> lists = new TreeMap<>();
  private final Set<AttemptId> underWay = new HashSet<>();
  private boolean ended;

  private Decisions(String job) {
    this.job = job;
  }

  /** The decisions of a recording, in the order of submission. */
  static List<Decisions> of(Recording recording) {
    return List.copyOf(byJob(recording).values());
  }

  /** The jobs that were over at the end of a recording. */
  static List<JobId> over(Recording recording) {
    List<JobId> over = new ArrayList<>();
    byJob(recording)
        .forEach(
            (job, decisions) -> {
              if (decisions.isOver()) {
                over.add(job);
              }
            });
    return over;
  }

  private static Map<JobId, Decisions> byJob(Recording recording) {
    Map<JobId, Decisions> all = new LinkedHashMap<>();
    for (Recording.Submission submission : recording.submissions()) {
      String name = "job " + (all.size() + 1) + " '" + submission.description().name() + "'";
      all.put(submission.job(), new Decisions(name));
    }
    for (Event.JobEvent event : recording.events()) {
      Decisions decisions = all.get(event.job());
      if (decisions != null) {
        decisions.add(event);
      }
    }
    return all;
  }

  private void add(Event.JobEvent event) {
    switch (event.kind()) {
      case JOB_CHANGED -> {
        Event.JobChanged changed = (Event.JobChanged) event;
        ended = changed.state().isEnded();
        add("", changed.state().name());
      }
      case JOB_DELETED -> add("", "deleted");
      case JOB_OPERATED -> {} // a user's decision
      case TASK_CHANGED -> {
        Event.TaskChanged changed = (Event.TaskChanged) event;
        add(" task " + changed.task(), changed.state().name());
      }
      case INSTANCE_CHANGED -> {
        Event.InstanceChanged changed = (Event.InstanceChanged) event;
        add(instance(changed.instance()), changed.state().name());
      }
      case ATTEMPT_STARTED -> underWay.add(((Event.AttemptStarted) event).attempt());
      case ATTEMPT_ENDED -> {
        Event.AttemptEnded over = (Event.AttemptEnded) event;
        underWay.remove(over.attempt());
        add(
            instance(over.attempt().instance()),
            "attempt " + over.attempt().number() + " " + over.outcome().describe());
      }
      case CLUSTER_CHANGED, NODE_CHANGED -> {} // not of a job
    }
  }

  private static String instance(InstanceId id) {
    return " instance " + id.task() + "/" + id.index();
  }

  private void add(String whose, String decision) {
    lists.computeIfAbsent(whose, key -> new ArrayList<>()).add(decision);
  }

  private boolean isOver() {
    return ended && underWay.isEmpty();
  }

  /** A line for each list that is not the same. */
  static List<String> differences(List<Decisions> recorded, List<Decisions> replayed) {
    List<String> lines = new ArrayList<>();
    if (recorded.size() != replayed.size()) {
      lines.add("there were " + recorded.size() + " jobs, and there are " + replayed.size());
    }
    for (int i = 0; i < Math.min(recorded.size(), replayed.size()); i++) {
      recorded.get(i).compare(replayed.get(i), lines);
    }
    return lines;
  }

  private void compare(Decisions replayed, List<String> lines) {
    boolean whole = isOver() && replayed.isOver();
    Set<String> all = new LinkedHashSet<>(lists.keySet());
    all.addAll(replayed.lists.keySet());
    for (String whose : all) {
      List<String> was = lists.getOrDefault(whose, List.of());
      List<String> is = replayed.lists.getOrDefault(whose, List.of());
      int both = Math.min(was.size(), is.size());
      boolean same = whole ? was.equals(is) : was.subList(0, both).equals(is.subList(0, both));
      if (!same) {
        lines.add(job + whose + ": was " + was + " and is " + is);
      }
    }
  }
}
