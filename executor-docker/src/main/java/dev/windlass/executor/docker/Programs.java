package dev.windlass.executor.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.PathBinding;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Looks for the program before the container is started.
 *
 * <p>With an init as pid 1 a program that is not there shows as an exit with 127, which the program
 * could have given itself; so what can be known beforehand is. What lies in the image is asked of
 * the Docker engine once for each image and path.
 */
final class Programs {

  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final int MOST_REMEMBERED = 4096;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Of Go's FileMode, in which the engine answers. */
  private static final long DIRECTORY = 1L << 31;

  private static final long SYMBOLIC_LINK = 1L << 27;
  private static final long ANY_EXECUTE = 0111;

  /**
   * What the engine says of a path through a file, with a name that is too long, or in a circle of
   * links. It answers them with 500, as what may be better next time; these never are.
   */
  private static final Pattern LEADS_NOWHERE =
      Pattern.compile(": (not a directory|file name too long)\"|: too many links in ");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What there is at a path. */
  private enum Found {
    NOTHING,
    NO_PROGRAM,
    PROGRAM
  }

  private final Daemon daemon;
  private final Map<String, Found> remembered =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
              return size() > MOST_REMEMBERED;
            }
          });

  Programs(Daemon daemon) {
    this.daemon = daemon;
  }

  /**
   * Says why an attempt's program cannot be executed.
   *
   * @param container the attempt's container, not started
   * @param image the image's id
   * @param imagePath the image's own PATH
   * @return empty if it can, as far as one can see
   */
  Optional<String> objection(
      AttemptSpec spec, String container, String image, Optional<String> imagePath) {
    String program = spec.arguments().get(0);
    List<Path> candidates = candidates(program, spec, imagePath);
    boolean there = false;
    for (Path candidate : candidates) {
      Found found = find(candidate, spec, container, image);
      if (found == Found.PROGRAM) {
        return Optional.empty();
      }
      there |= found == Found.NO_PROGRAM;
    }
    return Optional.of(
        there
            ? "the program " + program + " is not an executable file"
            : "there is no program " + program + " in the image or the working directory");
  }

  private static List<Path> candidates(
      String program, AttemptSpec spec, Optional<String> imagePath) {
    if (program.contains("/")) {
      return List.of(spec.workDirectory().resolve(program).normalize());
    }
    String path = spec.environment().getOrDefault("PATH", imagePath.orElse(DEFAULT_PATH));
    return List.of(path.split(":")).stream()
        .map(folder -> spec.workDirectory().resolve(folder).resolve(program).normalize())
        .toList();
  }

  private Found find(Path path, AttemptSpec spec, String container, String image) {
    Optional<Path> onHost = onHost(path, spec);
    if (onHost.isPresent()) {
      return of(onHost.get());
    }
    String key = image + " " + path;
    Found known = remembered.get(key);
    if (known == null) {
      known = ask(path, spec, container);
      remembered.put(key, known);
    }
    return known;
  }

  /**
   * Where on this host a path of the container lies, if it is bound; the innermost binding wins.
   */
  private static Optional<Path> onHost(Path path, AttemptSpec spec) {
    Path within = spec.workDirectory();
    Path source = spec.workDirectory();
    boolean bound = path.startsWith(within);
    for (PathBinding binding : spec.bindings()) {
      Path target = spec.workDirectory().resolve(binding.program());
      boolean closer = !bound || target.getNameCount() >= within.getNameCount();
      if (path.startsWith(target) && closer) {
        within = target;
        source = binding.host();
        bound = true;
      }
    }
    return bound ? Optional.of(source.resolve(within.relativize(path))) : Optional.empty();
  }

  private static Found of(Path file) {
    // A link that is absolute leads somewhere else inside than here; the kernel will say.
    if (Files.isSymbolicLink(file)) {
      return Found.PROGRAM;
    }
    if (!Files.exists(file)) {
      return Found.NOTHING;
    }
    return Files.isRegularFile(file) && Files.isExecutable(file) ? Found.PROGRAM : Found.NO_PROGRAM;
  }

  private Found ask(Path path, AttemptSpec spec, String container) {
    Optional<JsonNode> stat = stat(container, path.toString());
    if (stat.isPresent() && (stat.get().path("mode").asLong() & SYMBOLIC_LINK) != 0) {
      // Followed to its end within the container already.
      Path target = Path.of(stat.get().path("linkTarget").asText());
      Optional<Path> onHost = onHost(target, spec);
      if (onHost.isPresent()) {
        return of(onHost.get());
      }
      stat = stat(container, target.toString());
    }
    if (stat.isEmpty()) {
      return Found.NOTHING;
    }
    long mode = stat.get().path("mode").asLong();
    return (mode & DIRECTORY) == 0 && (mode & ANY_EXECUTE) != 0 ? Found.PROGRAM : Found.NO_PROGRAM;
  }

  /**
   * The engine packs the file behind the header; it is not read.
   *
   * @return empty if the path leads nowhere
   */
  private Optional<JsonNode> stat(String container, String path) {
    String query = URLEncoder.encode(path, StandardCharsets.UTF_8);
    try {
      return daemon.get(
          "/containers/" + container + "/archive?path=" + query,
          LIMIT,
          response -> {
            String header = response.getHeader("X-Docker-Container-Path-Stat");
            return header == null
                ? Optional.<JsonNode>empty()
                : Optional.of(JSON.readTree(Base64.getDecoder().decode(header)));
          });
    } catch (NotFoundException e) {
      return Optional.empty();
    } catch (DockerException e) {
      if (LEADS_NOWHERE.matcher(String.valueOf(e.getMessage())).find()) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
