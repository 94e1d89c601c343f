package dev.windlass.executor.docker;

import dev.windlass.executor.AttemptSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The files that get an attempt's output, and how long each was before the attempt began: what lies
 * behind that length is ours to write, also a second time.
 *
 * @param stdout gets standard output
 * @param stdoutBase bytes that were there before
 * @param stderr gets standard error
 * @param stderrBase bytes that were there before
 */
record OutputFiles(Path stdout, long stdoutBase, Path stderr, long stderrBase) {

  /** Makes the files where they are missing, and takes their lengths. */
  static OutputFiles prepare(AttemptSpec spec) throws IOException {
    return new OutputFiles(
        spec.stdout(), lengthOf(spec.stdout()), spec.stderr(), lengthOf(spec.stderr()));
  }

  private static long lengthOf(Path file) throws IOException {
    Files.write(file, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return Files.size(file);
  }
}
