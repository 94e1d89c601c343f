package dev.windlass.testkit.engine;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.AttemptId;
import dev.windlass.testkit.script.ScriptedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of an attempt as its program sees them. */
final class AttemptFiles implements ScriptedRun {
  private final AttemptSpec spec;

  AttemptFiles(AttemptSpec spec) {
    this.spec = spec;
  }

  @Override
  public AttemptId id() {
    return spec.id();
  }

  @Override
  public List<String> arguments() {
    return spec.arguments();
  }

  @Override
  public Map<String, String> environment() {
    return spec.environment();
  }

  @Override
  public Path path(String path) {
    Optional<PathBinding> binding =
        spec.bindings().stream()
            .filter(one -> path.equals(one.program()) || path.startsWith(one.program() + "/"))
            .max(Comparator.comparingInt(one -> one.program().length()));
    if (binding.isPresent()) {
      String rest = path.substring(binding.get().program().length());
      return binding.get().host().resolve(rest.startsWith("/") ? rest.substring(1) : rest);
    }
    if (path.startsWith("/")) {
      throw new IllegalArgumentException("no mapping of " + spec.id() + " shows the path " + path);
    }
    return spec.workDirectory().resolve(path);
  }

  @Override
  public String read(String path) {
    try {
      return Files.readString(path(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void write(String path, String text) {
    put(path(path), text, StandardOpenOption.TRUNCATE_EXISTING);
  }

  @Override
  public void print(String text) {
    put(spec.stdout(), text, StandardOpenOption.APPEND);
  }

  @Override
  public void printError(String text) {
    put(spec.stderr(), text, StandardOpenOption.APPEND);
  }

  private static void put(Path file, String text, StandardOpenOption how) {
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
