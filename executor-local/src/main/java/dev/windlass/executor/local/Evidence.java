package dev.windlass.executor.local;

import dev.windlass.job.AttemptId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept on disk about one attempt, from before its launch until its release. The package's
 * description tells what each file means and who writes it.
 *
 * <p>Records are lines of {@value #RECORD_LENGTH} bytes that exist in full before the launcher
 * starts and are overwritten in place. A record of another length or form proves nothing and is
 * read as absent.
 */
final class Evidence {

  static final int RECORD_LENGTH = 128;

  private static final Logger LOG = LoggerFactory.getLogger(Evidence.class);

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Pattern LAUNCHER =
      Pattern.compile("launcher (\\d{1,18}) (\\d{1,18}) ([0-9a-f-]{36})");
  private static final Pattern PENDING = Pattern.compile("pending ([0-9a-f-]{36})");
  private static final Pattern BEGUN = Pattern.compile("begun (\\d{1,18}) (\\d{1,18})");
  private static final Pattern REFUSED = Pattern.compile("refused ([a-z-]+)");
  private static final Pattern EXIT = Pattern.compile("exit (\\d{1,3})");
  private static final Pattern SIGNAL = Pattern.compile("signal (\\d{1,3})");

  private final AttemptId id;
  private final Path directory;
  private boolean cancelled;

  Evidence(Path attempts, AttemptId id) {
    this.id = id;
    this.directory = attempts.resolve(directoryName(id));
  }

  /** Job, task, index and number with dots between; none of them can hold a dot. */
  static String directoryName(AttemptId id) {
    return id.toString().replace('/', '.');
  }

  /** The inverse of {@link #directoryName}; empty for what is none of ours. */
  static Optional<AttemptId> idOf(Path directory) {
    try {
      AttemptId id = AttemptId.parse(directory.getFileName().toString().replace('.', '/'));
      return Optional.of(id);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  AttemptId id() {
    return id;
  }

  Path directory() {
    return directory;
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /**
   * Makes the directory with all records at their full length.
   *
   * @return false if it is there already, which means that the attempt was launched or fenced
   *     before
   */
  boolean create() throws IOException {
    String boot = ProcFs.bootId();
    try {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    write("launcher", "pending " + boot);
    write("program", "pending");
    write("exit", "pending");
    write("wait", "");
    write("times", "");
    Files.createFile(file("log"));
    return true;
  }

  /**
   * Takes the claim, so that the program can never begin.
   *
   * @return false if the launcher, or an earlier fence, has it
   */
  boolean takeClaim() {
    try {
      Files.createFile(file("claim"));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("the claim of attempt " + id + " cannot be taken", e);
    }
  }

  /** Says why the claim was taken from outside: {@code fenced} or {@code cancelled}. */
  void recordFence(String why) throws IOException {
    write("exit", why);
  }

  /** Remembers that the engine asked for the end, also across a crash unless it throws. */
  void markCancelled() throws IOException {
    cancelled = true;
    Files.write(file("cancel"), new byte[0]);
  }

  boolean isCancelled() {
    return cancelled || Files.exists(file("cancel"));
  }

  boolean isClaimed() {
    return Files.exists(file("claim"));
  }

  boolean isFromThisBoot() {
    String launcher = record("launcher");
    Matcher pending = PENDING.matcher(launcher);
    Matcher running = LAUNCHER.matcher(launcher);
    String boot = pending.matches() ? pending.group(1) : running.matches() ? running.group(3) : "";
    return boot.equals(ProcFs.bootId());
  }

  Optional<ProcessIdentity> launcher() {
    Matcher matcher = LAUNCHER.matcher(record("launcher"));
    return matcher.matches()
        ? Optional.of(
            new ProcessIdentity(
                matcher.group(3),
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** The program's process, once it has begun; the same process as it was before the program. */
  Optional<ProcessIdentity> program() {
    Matcher matcher = BEGUN.matcher(record("program"));
    return matcher.matches()
        ? launcher()
            .map(
                launcher ->
                    new ProcessIdentity(
                        launcher.boot(),
                        Long.parseLong(matcher.group(1)),
                        Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** The step at which the attempt's own process gave up before the program. */
  Optional<String> refusal() {
    return first(REFUSED, "program");
  }

  Optional<Integer> exitCode() {
    return first(EXIT, "exit").map(Integer::valueOf).filter(code -> code <= 255);
  }

  Optional<Integer> exitSignal() {
    return first(SIGNAL, "exit")
        .map(Integer::valueOf)
        .filter(signal -> signal >= 1 && signal <= 127);
  }

  boolean isFencedBy(String why) {
    return record("exit").equals(why);
  }

  Optional<Instant> startedAt() {
    return program().flatMap(program -> modified("program"));
  }

  Optional<Instant> endedAt() {
    return exitCode().isPresent() || exitSignal().isPresent() ? modified("exit") : Optional.empty();
  }

  /**
   * What the launcher's shell and its helpers complained about, on one line, at most 500
   * characters.
   */
  String complaints() {
    String text = (read("log") + " " + read("wait")).replaceAll("\\s+", " ").strip();
    return text.length() <= 500 ? text : text.substring(0, 500);
  }

  /** A whole file as text without the blanks around it; empty if it is not there. */
  String read(String name) {
    return Content.text(file(name));
  }

  void writeFile(String name, String text) throws IOException {
    Files.write(file(name), text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
  }

  /** Removes everything; a crash in between leaves it in the trash, which is no evidence. */
  void delete(Path trash) {
    Path grave = trash.resolve(directory.getFileName());
    try {
      Files.move(directory, grave);
    } catch (NoSuchFileException e) {
      return; // Released before.
    } catch (IOException e) {
      throw new UncheckedIOException("the evidence of attempt " + id + " cannot be removed", e);
    }
    try {
      Trees.delete(grave);
    } catch (IOException e) {
      LOG.debug("{} is left for the next life of the host: {}", grave, e.toString());
    }
  }

  private Optional<String> first(Pattern pattern, String record) {
    Matcher matcher = pattern.matcher(record(record));
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private String record(String name) {
    return Content.bytes(file(name))
        .filter(bytes -> bytes.length == RECORD_LENGTH && bytes[RECORD_LENGTH - 1] == '\n')
        .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).stripTrailing())
        .orElse("");
  }

  private void write(String name, String text) throws IOException {
    String line = text + " ".repeat(RECORD_LENGTH - 1 - text.length()) + "\n";
    // In place: the bytes are reserved, so that a full disk cannot leave half a record.
    Files.write(
        file(name),
        line.getBytes(StandardCharsets.US_ASCII),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
  }

  private Optional<Instant> modified(String name) {
    try {
      return Optional.of(Files.getLastModifiedTime(file(name)).toInstant());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
