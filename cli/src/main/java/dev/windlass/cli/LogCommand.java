package dev.windlass.cli;

import dev.windlass.Engine;
import dev.windlass.LogKind;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "log",
    description = {
      "Prints what the program of an instance wrote, byte for byte; of its last attempt,",
      "or of any other. Where a log was shortened, one line says how much was left out.",
      "Looks only, and may do so while another process runs the jobs."
    })
final class LogCommand implements Callable<Integer> {

  private static final int CHUNK_BYTES = 8_192;

  @Parameters(index = "0", paramLabel = "ID", description = "The job, or how its id begins.")
  private String id = "";

  @Parameters(index = "1", paramLabel = "TASK", description = "The task.")
  private String task = "";

  @Parameters(index = "2", paramLabel = "INDEX", description = "The instance, from 0.")
  private int index;

  @Option(
      names = "--attempt",
      paramLabel = "N",
      description = "Of which attempt, from 1; 'windlass history' lists them.")
  private @Nullable Integer attempt;

  @Option(
      names = "--from",
      paramLabel = "BYTE",
      description = "Leave out so many bytes at the beginning, to go on where you stopped.",
      defaultValue = "0")
  private long from;

  @Option(names = "--stderr", description = "Standard error instead of standard output.")
  private boolean stderr;

  @Option(names = "--follow", description = "Wait for more until the attempt is over.")
  private boolean follow;

  @Mixin private Home home = new Home();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws IOException {
    if (from < 0) {
      throw new UsageException("--from must not be negative, was " + from);
    }
    if (follow && output.isJson()) {
      throw new UsageException("--follow has no end to wrap into --json; take one of them");
    }
    LogKind kind = stderr ? LogKind.STDERR : LogKind.STDOUT;
    try (Session session = home.openToRead()) {
      InstanceId instance = Names.instance(JobFinder.find(session.engine(), id), task, index);
      AttemptId of = instance.attempt(number(session.engine(), instance));
      try (InputStream log = session.engine().openLog(of, kind, from, follow)) {
        output.print(() -> Json.log(of, kind, text(log)), () -> copy(log));
      }
    }
    return ExitCode.OK;
  }

  private int number(Engine engine, InstanceId instance) {
    if (attempt != null && attempt < 1) {
      throw new UsageException("--attempt counts from 1, was " + attempt);
    }
    int last = engine.instance(instance).attempts();
    if (last == 0) {
      throw new EngineException(
          ErrorCode.NOT_FOUND,
          instance.toString(),
          "instance " + instance + " has had no attempt, so it has no log");
    }
    return attempt == null ? last : attempt;
  }

  private static String text(InputStream log) {
    try {
      return new String(log.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Flushes as it goes: a reader who follows wants each line now. */
  private static void copy(InputStream log) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      for (int length = log.read(chunk); length >= 0; length = log.read(chunk)) {
        System.out.write(chunk, 0, length);
        System.out.flush();
        if (System.out.checkError()) {
          return; // whoever read us has gone, as 'head' does
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
