package dev.windlass.executor.docker;

import dev.windlass.executor.AttemptReport;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The end of an attempt as text, in the format of {@link Properties}. */
final class EndRecord {

  private EndRecord() {}

  static String write(AttemptReport.Ended end) {
    Properties text = new Properties();
    text.setProperty("at", end.at().toString());
    text.setProperty("kind", end.outcome().kind().name());
    writeOutcome(end.outcome(), text);
    end.usage().wall().ifPresent(wall -> text.setProperty("wall", wall.toString()));
    end.usage().cpu().ifPresent(cpu -> text.setProperty("cpu", cpu.toString()));
    end.usage()
        .peakMemoryBytes()
        .ifPresent(bytes -> text.setProperty("memory", Long.toString(bytes)));
    try {
      StringWriter written = new StringWriter();
      text.store(written, null);
      return written.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeOutcome(Outcome outcome, Properties text) {
    switch (outcome.kind()) {
      case EXITED -> text.setProperty("code", Integer.toString(((Outcome.Exited) outcome).code()));
      case OUT_OF_MEMORY -> text.setProperty("why", ((Outcome.OutOfMemory) outcome).evidence());
      case LOST -> text.setProperty("why", ((Outcome.Lost) outcome).reason());
      case REFUSED -> {
        Outcome.Refused refused = (Outcome.Refused) outcome;
        text.setProperty("why", refused.reason());
        text.setProperty("retryable", Boolean.toString(refused.retryable()));
      }
      case CANCELLED -> {}
      case SIGNALLED, TIMED_OUT, STAGE_IN_FAILED, STAGE_OUT_FAILED ->
          throw new AssertionError("never the end of a container: " + outcome);
    }
  }

  static AttemptReport.Ended read(AttemptId id, String record) {
    Properties text = new Properties();
    try {
      text.load(new StringReader(record));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Usage usage =
        new Usage(
            Optional.ofNullable(text.getProperty("wall")).map(Duration::parse),
            Optional.ofNullable(text.getProperty("cpu")).map(Duration::parse),
            memory(text.getProperty("memory")));
    return new AttemptReport.Ended(id, Instant.parse(text.getProperty("at")), outcome(text), usage);
  }

  private static OptionalLong memory(@Nullable String bytes) {
    return bytes == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(bytes));
  }

  private static Outcome outcome(Properties text) {
    String why = text.getProperty("why", "");
    return switch (Outcome.Kind.valueOf(text.getProperty("kind"))) {
      case EXITED -> new Outcome.Exited(Integer.parseInt(text.getProperty("code")));
      case OUT_OF_MEMORY -> new Outcome.OutOfMemory(why);
      case LOST -> new Outcome.Lost(why);
      case REFUSED -> new Outcome.Refused(why, Boolean.parseBoolean(text.getProperty("retryable")));
      case CANCELLED -> new Outcome.Cancelled();
      case SIGNALLED, TIMED_OUT, STAGE_IN_FAILED, STAGE_OUT_FAILED ->
          throw new AssertionError("never the end of a container");
    };
  }
}
