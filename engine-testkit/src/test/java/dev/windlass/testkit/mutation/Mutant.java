package dev.windlass.testkit.mutation;

import dev.windlass.core.job.Core;
import dev.windlass.testkit.simulation.WorldRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * An engine with one change, and a simulator that runs it: both come fresh from their class files,
 * in a loader of their own, with the changed class in the place of the original.
 */
final class Mutant extends ClassLoader {
  private static final String ENGINE = "dev.windlass.core.";
  private static final String SIMULATOR = "dev.windlass.testkit.";

  /** The files of classes that are not changed; the same for all mutants. */
  private static final Map<String, byte[]> ORIGINALS = new ConcurrentHashMap<>();

  private final Map<String, byte[]> changed;

  private Mutant(Map<String, byte[]> changed) {
    super(Mutant.class.getClassLoader());
    this.changed = changed;
  }

  /** The engine as it is, loaded as a mutant is. */
  static Mutant unchanged() {
    return new Mutant(Map.of());
  }

  /**
   * An engine with a change.
   *
   * @throws AssertionError if the change does not fit the source, or cannot be compiled
   */
  static Mutant with(Change change) {
    try {
      return new Mutant(compile(change, source(change)));
    } catch (IOException e) {
      throw new UncheckedIOException("refit the mutation: " + change.file(), e);
    }
  }

  /**
   * The source of the engine with a change.
   *
   * @throws AssertionError if the change does not fit it
   */
  static String source(Change change) throws IOException {
    return change.applyTo(Files.readString(Sources.of(change.file())));
  }

  /**
   * Runs a world in it.
   *
   * @return the promises that were broken, as text
   */
  List<String> run(World world) {
    try {
      @SuppressWarnings("unchecked") // it is a WorldRun
      Function<String, List<String>> run =
          (Function<String, List<String>>)
              loadClass(WorldRun.class.getName()).getDeclaredConstructor().newInstance();
      return run.apply(world.toString());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the simulator of a mutant cannot be made", e);
    }
  }

  // ---- loading ----

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(ENGINE) && !name.startsWith(SIMULATOR)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = changed.get(name);
    if (bytes == null) {
      bytes = ORIGINALS.computeIfAbsent(name, Mutant::read);
    }
    if (bytes.length == 0) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  private static byte[] read(String name) {
    String resource = name.replace('.', '/') + ".class";
    try (InputStream in = Mutant.class.getClassLoader().getResourceAsStream(resource)) {
      return in == null ? new byte[0] : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- compiling ----

  private static Map<String, byte[]> compile(Change change, String source) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    try (StandardJavaFileManager files =
            compiler.getStandardFileManager(problems, null, StandardCharsets.UTF_8);
        JavaFileManager inMemory = new InMemory(files, classes)) {
      List<String> options = List.of("-proc:none", "-nowarn", "-Xlint:none");
      List<JavaFileObject> units = List.of(new Text(change.file(), source));
      if (!compiler.getTask(null, inMemory, problems, options, null, units).call()) {
        List<Diagnostic<? extends JavaFileObject>> errors = problems.getDiagnostics();
        throw new AssertionError("refit the mutation, it does not compile: " + errors);
      }
    }
    Map<String, byte[]> bytes = new HashMap<>();
    classes.forEach((name, written) -> bytes.put(name, written.toByteArray()));
    return bytes;
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(String file, String text) {
      super(URI.create("string:///" + file + Kind.SOURCE.extension), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    InMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(
          URI.create("bytes:///" + className.replace('.', '/') + kind.extension), kind) {
        @Override
        public OutputStream openOutputStream() {
          return classes.computeIfAbsent(className, name -> new ByteArrayOutputStream());
        }
      };
    }
  }

  /** Where the sources of the engine lie. */
  private static final class Sources {
    private static final String CORE = "src/main/java/dev/windlass/core";

    static Path of(String file) {
      return root().resolve(file + ".java");
    }

    /** Beside what was compiled from them, whether that is a folder or an archive. */
    private static Path root() {
      try {
        Path compiled =
            Path.of(Core.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        for (Path folder = compiled; folder != null; folder = folder.getParent()) {
          if (Files.isDirectory(folder.resolve(CORE))) {
            return folder.resolve(CORE);
          }
        }
        throw new AssertionError("the sources of the engine are not beside " + compiled);
      } catch (URISyntaxException e) {
        throw new AssertionError(e);
      }
    }
  }
}
