package dev.windlass.testkit.crash;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Runs a host out of file descriptors. For a {@link ChildJvm} that was started with {@link
 * #limitedTo}, of which all classes are loaded.
 *
 * <p>To make a directory, and to look whether one is there, takes no descriptor; so directories can
 * be signals meanwhile.
 */
public final class FileDescriptors {
  private FileDescriptors() {}

  /**
   * A wrapper for {@link ChildJvm#start(List, Class, Object...)}. Needs a POSIX shell.
   *
   * @param most how many descriptors the JVM may have; it needs some 100 itself
   * @return the wrapper
   */
  public static List<String> limitedTo(int most) {
    return List.of("sh", "-c", "ulimit -n " + most + "; exec \"$@\"", "sh");
  }

  /**
   * Loads all classes in directories of the class path. One that is needed for the first time while
   * there are no descriptors would never be found again.
   *
   * @throws IOException if a directory cannot be read
   * @throws ClassNotFoundException if a class cannot be loaded
   */
  public static void loadClasses() throws IOException, ClassNotFoundException {
    String separator = System.getProperty("path.separator");
    for (String entry : System.getProperty("java.class.path").split(separator, -1)) {
      Path place = Path.of(entry);
      if (Files.isDirectory(place)) {
        try (Stream<Path> files = Files.walk(place)) {
          for (Path file : (Iterable<Path>) files.filter(FileDescriptors::isClass)::iterator) {
            String name = place.relativize(file).toString().replace('/', '.');
            Class.forName(
                name.substring(0, name.length() - ".class".length()),
                /* initialize= */ false,
                FileDescriptors.class.getClassLoader());
          }
        }
      }
    }
  }

  private static boolean isClass(Path file) {
    return file.toString().endsWith(".class") && !file.toString().contains("-info.class");
  }

  /**
   * Does something while this JVM has no descriptor left. One that is closed meanwhile can be
   * opened again.
   *
   * @param action what to do
   * @param <T> what it comes to
   * @return what it has come to
   * @throws Exception what the action throws, or that there was no descriptor to take
   */
  public static <T> T withNone(Callable<T> action) throws Exception {
    List<InputStream> taken = takeAll();
    try {
      return action.call();
    } finally {
      for (InputStream one : taken) {
        one.close();
      }
    }
  }

  private static List<InputStream> takeAll() throws IOException {
    List<InputStream> taken = new ArrayList<>();
    while (true) {
      try {
        taken.add(new FileInputStream("/dev/null"));
      } catch (FileNotFoundException e) {
        if (taken.isEmpty()) {
          throw e;
        }
        return taken;
      }
    }
  }
}
