package dev.windlass.executor.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.core.NameParser;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Credentials for registries, from the host's Docker configuration: by a helper program where that
 * names one ({@code credHelpers}, then {@code credsStore}), otherwise what is written there itself.
 * Read anew each time, since tokens change.
 *
 * <p>docker-java reads only the latter. The protocol of helpers is that of
 * github.com/docker/docker-credential-helpers: {@code docker-credential-NAME get}, with the
 * registry on standard input, answers with JSON.
 */
final class Credentials {

  private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Under this name Docker keeps those of its own registry. */
  private static final String DOCKER_HUB = "https://index.docker.io/v1/";

  /** What a helper says instead of a user if it has a token. */
  private static final String TOKEN = "<token>";

  private final Path file;
  private final UnaryOperator<String> helpers;
  private final Function<String, Optional<AuthConfig>> written;

  /**
   * Credentials of a Docker configuration.
   *
   * @param folder of {@code config.json}
   * @param helpers the command of a helper, by its name
   * @param written what the file itself says for an image
   */
  Credentials(
      Path folder, UnaryOperator<String> helpers, Function<String, Optional<AuthConfig>> written) {
    this.file = folder.resolve("config.json");
    this.helpers = helpers;
    this.written = written;
  }

  /** What to show to the registry of an image; empty for nothing. */
  Optional<AuthConfig> of(String image) {
    String registry = registry(image);
    Optional<String> helper = helper(registry);
    return helper.isPresent() ? ask(helper.get(), registry) : written.apply(image);
  }

  private static String registry(String image) {
    String host = NameParser.resolveRepositoryName(image).hostname;
    boolean hub = host.equals("docker.io") || host.endsWith(".docker.io");
    return hub || host.equals(AuthConfig.DEFAULT_SERVER_ADDRESS) ? DOCKER_HUB : host;
  }

  private Optional<String> helper(String registry) {
    try {
      JsonNode config = JSON.readTree(Files.readString(file));
      JsonNode own = config.path("credHelpers").path(registry);
      String name = own.isTextual() ? own.asText() : config.path("credsStore").asText("");
      return name.isEmpty() ? Optional.empty() : Optional.of(name);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("the Docker configuration {} cannot be read", file, e);
      return Optional.empty();
    }
  }

  /** A helper that fails has no credentials for the registry, which is then asked without. */
  private Optional<AuthConfig> ask(String helper, String registry) {
    try {
      Process process =
          new ProcessBuilder(List.of(helpers.apply(helper), "get"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (OutputStream input = process.getOutputStream()) {
        input.write(registry.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        LOG.warn("the credential helper {} does not end", helper);
        return Optional.empty();
      }
      // A few hundred bytes, which a pipe holds.
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.exitValue() == 0 ? Optional.of(read(answer, registry)) : Optional.empty();
    } catch (IOException e) {
      LOG.warn("the credential helper {} cannot be used: {}", helper, e.toString());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static AuthConfig read(String answer, String registry) throws JsonProcessingException {
    JsonNode said = JSON.readTree(answer);
    String user = said.path("Username").asText();
    String secret = said.path("Secret").asText();
    AuthConfig credentials = new AuthConfig().withRegistryAddress(registry);
    return user.equals(TOKEN)
        ? credentials.withIdentityToken(secret)
        : credentials.withUsername(user).withPassword(secret);
  }
}
