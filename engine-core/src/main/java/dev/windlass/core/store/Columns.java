package dev.windlass.core.store;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import dev.windlass.core.description.RetryJson;
import dev.windlass.core.job.Course;
import dev.windlass.core.job.Ending;
import dev.windlass.core.schedule.Spent;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.Usage;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How values stand in columns. Both directions side by side. */
final class Columns {

  private static final Map<String, State> STATES =
      Arrays.stream(State.values())
          .collect(Collectors.toUnmodifiableMap(State::serviceName, Function.identity()));

  private static final Splitter NUMBERS = Splitter.on(',').omitEmptyStrings();

  private Columns() {}

  static State state(String text) {
    State state = STATES.get(text);
    if (state == null) {
      throw new IllegalStateException("there is no state " + text);
    }
    return state;
  }

  /** The state and the reason stand in two columns; both are empty for none. */
  static void setEnding(PreparedStatement statement, int column, Optional<Ending> ending)
      throws SQLException {
    setText(statement, column, ending.map(decided -> decided.state().serviceName()));
    statement.setString(column + 1, ending.map(Ending::reason).orElse(""));
  }

  static Optional<Ending> ending(ResultSet row) throws SQLException {
    String text = row.getString("ending");
    return text == null
        ? Optional.empty()
        : Optional.of(new Ending(state(text), row.getString("ending_reason")));
  }

  static void setTime(PreparedStatement statement, int column, Optional<Instant> time)
      throws SQLException {
    if (time.isPresent()) {
      statement.setLong(column, ChronoUnit.MICROS.between(Instant.EPOCH, time.get()));
    } else {
      statement.setNull(column, Types.INTEGER);
    }
  }

  /** The first time as it is stored that is not before another. */
  static long microsFrom(Instant time) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time);
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).isBefore(time) ? micros + 1 : micros;
  }

  static void setText(PreparedStatement statement, int column, Optional<String> text)
      throws SQLException {
    if (text.isPresent()) {
      statement.setString(column, text.get());
    } else {
      statement.setNull(column, Types.VARCHAR);
    }
  }

  static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull()
        ? Optional.empty()
        : Optional.of(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }

  static void setCourse(PreparedStatement statement, int column, Course course)
      throws SQLException {
    setTime(statement, column, course.waitingSince());
    setTime(statement, column + 1, course.begun());
    setTime(statement, column + 2, course.published());
    statement.setLong(column + 3, course.bytesStaged());
    statement.setLong(column + 4, course.bytesPublished());
  }

  static Course course(ResultSet row) throws SQLException {
    return new Course(
        time(row, "waiting_since"),
        time(row, "begun"),
        time(row, "published"),
        row.getLong("bytes_staged"),
        row.getLong("bytes_published"));
  }

  static void setUsage(PreparedStatement statement, int column, Usage usage) throws SQLException {
    setLong(statement, column, toNanos(usage.wall()));
    setLong(statement, column + 1, toNanos(usage.cpu()));
    setLong(statement, column + 2, usage.peakMemoryBytes());
  }

  private static OptionalLong toNanos(Optional<Duration> time) {
    return time.isPresent() ? OptionalLong.of(time.get().toNanos()) : OptionalLong.empty();
  }

  private static void setLong(PreparedStatement statement, int column, OptionalLong value)
      throws SQLException {
    if (value.isPresent()) {
      statement.setLong(column, value.getAsLong());
    } else {
      statement.setNull(column, Types.INTEGER);
    }
  }

  static Usage usage(ResultSet row) throws SQLException {
    return new Usage(
        duration(row, "wall_nanos"), duration(row, "cpu_nanos"), number(row, "peak_memory_bytes"));
  }

  private static Optional<Duration> duration(ResultSet row, String column) throws SQLException {
    OptionalLong nanos = number(row, column);
    return nanos.isPresent() ? Optional.of(Duration.ofNanos(nanos.getAsLong())) : Optional.empty();
  }

  private static OptionalLong number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  static void setInt(PreparedStatement statement, int column, OptionalInt value)
      throws SQLException {
    if (value.isPresent()) {
      statement.setInt(column, value.getAsInt());
    } else {
      statement.setNull(column, Types.INTEGER);
    }
  }

  static OptionalInt integer(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
  }

  static Spent spent(ResultSet row) throws SQLException {
    return new Spent(
        row.getInt("retries"),
        row.getInt("memory_retries"),
        row.getInt("losses"),
        numbers(row.getString("rule_retries")));
  }

  /** The retry policy that took the place of the described one. */
  static Optional<RetryPolicy> retry(ResultSet row) throws SQLException {
    return Optional.ofNullable(row.getString("retry")).map(RetryJson::read);
  }

  /** Numbers, separated by commas. */
  static String text(List<Integer> numbers) {
    return Joiner.on(',').join(numbers);
  }

  static List<Integer> numbers(String text) {
    return NUMBERS.splitToStream(text).map(Integer::valueOf).toList();
  }

  static void setOutcome(PreparedStatement statement, int column, Optional<Outcome> outcome)
      throws SQLException {
    setText(statement, column, outcome.map(Columns::text));
  }

  static Optional<Outcome> outcome(ResultSet row) throws SQLException {
    return outcome(row, "outcome");
  }

  static Optional<Outcome> outcome(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column)).map(Columns::outcome);
  }

  /** The kind, then what the case carries, separated by blanks; free text last. */
  static String text(Outcome outcome) {
    String detail =
        switch (outcome.kind()) {
          case EXITED -> Integer.toString(((Outcome.Exited) outcome).code());
          case SIGNALLED -> Integer.toString(((Outcome.Signalled) outcome).signal());
          case TIMED_OUT -> ((Outcome.TimedOut) outcome).limit().toString();
          case OUT_OF_MEMORY -> ((Outcome.OutOfMemory) outcome).evidence();
          case LOST -> ((Outcome.Lost) outcome).reason();
          case REFUSED -> {
            Outcome.Refused refused = (Outcome.Refused) outcome;
            yield refused.retryable() + " " + refused.reason();
          }
          case STAGE_IN_FAILED -> {
            Outcome.StageInFailed failed = (Outcome.StageInFailed) outcome;
            yield failed.retryable() + " " + failed.reason();
          }
          case STAGE_OUT_FAILED -> {
            Outcome.StageOutFailed failed = (Outcome.StageOutFailed) outcome;
            yield failed.retryable() + " " + failed.reason();
          }
          case CANCELLED -> "";
        };
    return outcome.kind() + " " + detail;
  }

  static Outcome outcome(String text) {
    int blank = text.indexOf(' ');
    Outcome.Kind kind = Outcome.Kind.valueOf(text.substring(0, blank));
    String detail = text.substring(blank + 1);
    return switch (kind) {
      case EXITED -> new Outcome.Exited(Integer.parseInt(detail));
      case SIGNALLED -> new Outcome.Signalled(Integer.parseInt(detail));
      case TIMED_OUT -> new Outcome.TimedOut(Duration.parse(detail));
      case OUT_OF_MEMORY -> new Outcome.OutOfMemory(detail);
      case LOST -> new Outcome.Lost(detail);
      case REFUSED -> new Outcome.Refused(rest(detail), flag(detail));
      case STAGE_IN_FAILED -> new Outcome.StageInFailed(rest(detail), flag(detail));
      case STAGE_OUT_FAILED -> new Outcome.StageOutFailed(rest(detail), flag(detail));
      case CANCELLED -> new Outcome.Cancelled();
    };
  }

  private static boolean flag(String detail) {
    return Boolean.parseBoolean(detail.substring(0, detail.indexOf(' ')));
  }

  private static String rest(String detail) {
    return detail.substring(detail.indexOf(' ') + 1);
  }
}
