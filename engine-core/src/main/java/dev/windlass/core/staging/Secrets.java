package dev.windlass.core.staging;

import dev.windlass.SecretProvider;
import dev.windlass.job.TaskDescription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets the values of secrets from the host. Blocks as long as the host does. */
public final class Secrets {
  private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);

  /** Longest variable of a program with its name and {@code =}, in bytes (Linux, execve(2)). */
  private static final int LONGEST_BYTES = 131_071;

  private final Optional<SecretProvider> provider;

  /** Of an engine whose host has a provider, or none. */
  public Secrets(Optional<SecretProvider> provider) {
    this.provider = provider;
  }

  /** Whether there is anybody to ask. */
  public boolean areProvided() {
    return provider.isPresent();
  }

  /**
   * Gets all secrets of a task.
   *
   * @return variable to value, in the order of the task
   * @throws StagingException if one of them cannot be had, now or at all
   */
  public Map<String, String> fetch(TaskDescription task) throws StagingException {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, String> secret : task.secrets().entrySet()) {
      values.put(secret.getKey(), fetch(secret.getKey(), secret.getValue()));
    }
    return values;
  }

  private String fetch(String variable, String name) throws StagingException {
    if (provider.isEmpty()) {
      throw refused(name, "this engine was given no provider of secrets");
    }
    String value;
    try {
      value = provider.get().fetch(name).orElse(null);
    } catch (IOException e) {
      throw new StagingException("the secret '" + name + "' cannot be had now: " + e, true, e);
    } catch (RuntimeException | Error e) {
      // Foreign code, and what it says may hold what nobody is to see: the type of it is enough.
      LOG.warn("the provider of secrets failed with {}", e.getClass().getName());
      throw new StagingException(
          "the provider of secrets failed on '" + name + "' with " + e.getClass().getName(),
          true,
          null);
    }
    if (value == null) {
      throw refused(name, "there is none of this name");
    }
    if (value.indexOf('\0') >= 0) {
      throw refused(name, "its value holds NUL");
    }
    int bytes = variable.length() + 1 + value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST_BYTES) {
      throw refused(name, "its value is longer than a variable can be");
    }
    return value;
  }

  private static StagingException refused(String name, String why) {
    return new StagingException("the secret '" + name + "' cannot be had: " + why, false, null);
  }
}
