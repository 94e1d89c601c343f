package dev.windlass.report.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.windlass.job.Outcome;
import dev.windlass.report.AttemptReport;
import dev.windlass.report.JobReport;
import dev.windlass.report.Phase;
import dev.windlass.report.Span;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The timeline: what the page's script draws it from, and the controls that the script brings to
 * life.
 *
 * <p>The data are columns of numbers, for a job has many attempts. Times are milliseconds since
 * {@code zero}; a phase is where it begins and how long it is, and -1 for both if it is unknown.
 */
final class TimelineSection {

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder().characterEscapes(new ScriptEscapes()).build();

  /** Within a script element no text may look like its end, or like a comment. */
  private static final class ScriptEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = CharacterEscapes.standardAsciiEscapesForJSON();
      codes['<'] = CharacterEscapes.ESCAPE_STANDARD;
      codes['>'] = CharacterEscapes.ESCAPE_STANDARD;
      codes['&'] = CharacterEscapes.ESCAPE_STANDARD;
      return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return new SerializedString(String.format("\\u%04x", character));
    }
  }

  private final Markup out;
  private final JobReport report;
  private final ZoneId zone;

  TimelineSection(Markup out, JobReport report, ZoneId zone) {
    this.out = out;
    this.report = report;
    this.zone = zone;
  }

  void write() {
    out.open("section", "id", "timeline").element("h2", "Timeline");
    if (spans().isEmpty()) {
      out.element("p", "There is nothing to draw: no attempt has begun.").close("section");
      return;
    }
    out.element(
        "noscript",
        "The timeline is drawn by a script, which does not run here. The tables below tell the same"
            + " in numbers.");
    out.verbatim(
        """
        <div id="timeline-tools" class="tools" hidden>
        <span role="radiogroup" aria-label="Rows">
        <label><input type="radio" name="mode" value="task" checked> by task</label>
        <label><input type="radio" name="mode" value="node"> by node</label>
        </span>
        <span role="group" aria-label="Shown time">
        <button type="button" data-do="in" title="Zoom in (+)">+ zoom in</button>
        <button type="button" data-do="out" title="Zoom out (-)">\u2212 zoom out</button>
        <button type="button" data-do="earlier" title="Earlier (left arrow)">\u2190 earlier</button>
        <button type="button" data-do="later" title="Later (right arrow)">later \u2192</button>
        <button type="button" data-do="whole" title="The whole time (0)">whole</button>
        </span>
        <span role="search">
        <label>Instance <input id="timeline-find" size="18" placeholder="task/index"></label>
        <button type="button" data-do="find">find</button>
        </span>
        </div>
        <ul class="legend">
        <li><svg width="22" height="12"><rect class="p-waiting" width="22" height="12"/></svg> waiting</li>
        <li><svg width="22" height="12"><rect class="p-staging" width="22" height="12"/><path class="hatch" d="M-6 12L6 0M0 12L12 0M6 12L18 0M12 12L24 0M18 12L30 0"/></svg> staging</li>
        <li><svg width="22" height="12"><rect class="p-running" width="22" height="12"/></svg> running</li>
        <li><svg width="22" height="12"><rect class="p-publishing" width="22" height="12"/><path class="hatch" d="M-6 0L6 12M0 0L12 12M6 0L18 12M12 0L24 12M18 0L30 12"/></svg> publishing</li>
        <li><svg width="12" height="12"><path class="failed" d="M1 1H11L6 10z"/></svg> an attempt failed</li>
        </ul>
        <div id="timeline-view"></div>
        <p id="timeline-said" role="status">\u00a0</p>
        """);
    out.element(
        "p",
        "The height of a row is how many attempts were in a phase at once: above those that wait, below"
            + " those that have their place, each to its own scale, whose end stands beside it. Open a"
            + " row to see its attempts one by one; of very many, those that have their place in the"
            + " shown time. Keys: + and \u2212 zoom, left and right move, 0 shows the whole time, comma"
            + " and full stop go from attempt to attempt; the mouse drags, and zooms with Ctrl and the"
            + " wheel.",
        "class",
        "note screen");
    out.open("script", "type", "application/json", "id", "timeline-data");
    out.verbatim(json()).close("script");
    out.close("section").newline();
  }

  private List<Span> spans() {
    List<Span> spans = new ArrayList<>();
    for (AttemptReport attempt : report.attempts()) {
      for (Phase phase : Phase.values()) {
        attempt.phases().get(phase).ifPresent(spans::add);
      }
    }
    return spans;
  }

  private String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      write(json);
    } catch (IOException impossible) {
      throw new AssertionError("text in memory cannot fail to be written", impossible);
    }
    return text.toString();
  }

  private void write(JsonGenerator json) throws IOException {
    List<Span> spans = spans();
    Instant zero = spans.stream().map(Span::from).min(Instant::compareTo).orElseThrow();
    Instant end = spans.stream().map(Span::to).max(Instant::compareTo).orElseThrow();
    List<AttemptReport> attempts = report.attempts();
    json.writeStartObject();
    json.writeNumberField("zero", zero.toEpochMilli());
    json.writeNumberField("end", end.toEpochMilli() - zero.toEpochMilli());
    offsets(json, zero, end);
    names(json, "tasks", report.tasks().stream().map(task -> task.name().value()).toList());
    names(json, "nodes", report.nodes().stream().map(node -> node.name()).toList());
    Map<String, Integer> outcomes = new LinkedHashMap<>();
    outcomes.put("not over", 0);
    attempts.forEach(one -> outcomes.putIfAbsent(outcome(one), outcomes.size()));
    names(json, "outcomes", List.copyOf(outcomes.keySet()));
    Map<String, Integer> tasks =
        numbers(report.tasks().stream().map(t -> t.name().value()).toList());
    Map<String, Integer> nodes = numbers(report.nodes().stream().map(n -> n.name()).toList());
    column(json, "task", attempts, one -> tasks.getOrDefault(one.task().value(), 0));
    column(json, "node", attempts, one -> nodes.getOrDefault(one.status().node(), 0));
    column(json, "index", attempts, one -> one.instanceId().index());
    column(json, "number", attempts, one -> one.status().id().number());
    column(json, "outcome", attempts, one -> outcomes.getOrDefault(outcome(one), 0));
    column(json, "failed", attempts, one -> one.hasFailed() ? 1 : 0);
    json.writeArrayFieldStart("phases");
    for (AttemptReport attempt : attempts) {
      for (Phase phase : Phase.values()) {
        Optional<Span> span = attempt.phases().get(phase);
        json.writeNumber(
            span.map(one -> one.from().toEpochMilli() - zero.toEpochMilli()).orElse(-1L));
        json.writeNumber(
            span.map(one -> one.to().toEpochMilli() - one.from().toEpochMilli()).orElse(-1L));
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Since when the clocks of the zone are how far ahead of UTC: the page cannot know that. */
  private void offsets(JsonGenerator json, Instant zero, Instant end) throws IOException {
    json.writeArrayFieldStart("offsets");
    json.writeNumber(0);
    json.writeNumber(zone.getRules().getOffset(zero).getTotalSeconds() * 1_000L);
    ZoneOffsetTransition next = zone.getRules().nextTransition(zero);
    while (next != null && !next.getInstant().isAfter(end)) {
      json.writeNumber(next.getInstant().toEpochMilli() - zero.toEpochMilli());
      json.writeNumber(next.getOffsetAfter().getTotalSeconds() * 1_000L);
      next = zone.getRules().nextTransition(next.getInstant());
    }
    json.writeEndArray();
  }

  private static String outcome(AttemptReport attempt) {
    return attempt.status().outcome().map(Outcome::describe).orElse("not over");
  }

  private static Map<String, Integer> numbers(List<String> names) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    names.forEach(name -> numbers.put(name, numbers.size()));
    return numbers;
  }

  private static void names(JsonGenerator json, String field, List<String> names)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String name : names) {
      json.writeString(name);
    }
    json.writeEndArray();
  }

  @FunctionalInterface
  private interface Column {
    int of(AttemptReport attempt);
  }

  private static void column(
      JsonGenerator json, String field, List<AttemptReport> attempts, Column column)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (AttemptReport attempt : attempts) {
      json.writeNumber(column.of(attempt));
    }
    json.writeEndArray();
  }
}
