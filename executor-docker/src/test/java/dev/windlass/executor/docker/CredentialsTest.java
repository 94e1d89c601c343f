package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.AuthConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a Docker configuration asks for credentials, and what it makes of the answer. */
final class CredentialsTest {

  @TempDir Path directory;

  private Credentials credentials() {
    return new Credentials(
        directory,
        name -> directory.resolve("docker-credential-" + name).toString(),
        image -> Optional.of(new AuthConfig().withUsername("written for " + image)));
  }

  private void config(String json) throws IOException {
    Files.writeString(directory.resolve("config.json"), json);
  }

  /** Says what it was asked for, and answers. */
  private void helper(String name, String answer) throws IOException {
    Path helper = directory.resolve("docker-credential-" + name);
    Files.writeString(
        helper,
        "#!/bin/sh\nread -r registry\nprintf '%s %s' \"$1\" \"$registry\" >"
            + directory.resolve("asked")
            + "\n"
            + answer
            + "\n");
    Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void withoutAFileOrAHelperWhatIsWrittenCounts() throws Exception {
    assertThat(credentials().of("a.example/x:1").orElseThrow().getUsername())
        .isEqualTo("written for a.example/x:1");
    config("{\"credHelpers\":{\"b.example\":\"b\"}}");
    assertThat(credentials().of("a.example/x:1").orElseThrow().getUsername())
        .isEqualTo("written for a.example/x:1");
  }

  @Test
  void theHelperOfARegistryComesBeforeTheStoreForAll() throws Exception {
    config("{\"credsStore\":\"all\",\"credHelpers\":{\"b.example:5000\":\"b\"}}");
    helper("b", "echo '{\"Username\":\"me\",\"Secret\":\"hidden\"}'");
    helper("all", "echo '{\"Username\":\"<token>\",\"Secret\":\"a token\"}'");
    AuthConfig own = credentials().of("b.example:5000/x/y").orElseThrow();
    assertThat(own.getUsername()).isEqualTo("me");
    assertThat(own.getPassword()).isEqualTo("hidden");
    assertThat(own.getRegistryAddress()).isEqualTo("b.example:5000");
    assertThat(directory.resolve("asked")).hasContent("get b.example:5000");
    AuthConfig others = credentials().of("debian:12").orElseThrow();
    assertThat(others.getIdentitytoken()).isEqualTo("a token");
    assertThat(others.getUsername()).isNull();
    assertThat(directory.resolve("asked")).hasContent("get https://index.docker.io/v1/");
  }

  /** A registry whose name ends like that of Docker's own must not get its credentials. */
  @Test
  void aRegistryIsAskedForByItsOwnWholeName() throws Exception {
    config("{\"credsStore\":\"all\"}");
    helper("all", "echo '{\"Username\":\"me\",\"Secret\":\"hidden\"}'");
    assertThat(credentials().of("evildocker.io/x")).isPresent();
    assertThat(directory.resolve("asked")).hasContent("get evildocker.io");
    assertThat(credentials().of("docker.io/library/debian:12")).isPresent();
    assertThat(directory.resolve("asked")).hasContent("get https://index.docker.io/v1/");
  }

  @Test
  void aHelperThatHasNoneOrIsNotThereMeansNone() throws Exception {
    config("{\"credsStore\":\"all\"}");
    helper("all", "echo 'credentials not found in native keychain'; exit 1");
    assertThat(credentials().of("a.example/x")).isEmpty();
    config("{\"credsStore\":\"missing\"}");
    assertThat(credentials().of("a.example/x")).isEmpty();
  }

  @Test
  void aDamagedFileIsAsGoodAsNone() throws Exception {
    config("{\"credsStore\":");
    assertThat(credentials().of("a.example/x")).isPresent();
  }
}
