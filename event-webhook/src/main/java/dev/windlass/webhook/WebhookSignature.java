package dev.windlass.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How the requests of a webhook are signed; also for receivers written in Java. */
public final class WebhookSignature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "sha256=";

  private WebhookSignature() {}

  /**
   * The signature of a request.
   *
   * @param secret known to both sides
   * @param timestamp the header {@code Windlass-Timestamp}
   * @param body as it was received, byte for byte
   * @return what the header {@code Windlass-Signature} must be
   */
  public static String of(String secret, String timestamp, byte[] body) {
    return of(secret.getBytes(StandardCharsets.UTF_8), timestamp, body);
  }

  /**
   * Checks a request, in a time that does not tell how wrong a signature is. A receiver should also
   * refuse a timestamp that is too old.
   *
   * @param secret known to both sides
   * @param timestamp the header {@code Windlass-Timestamp}
   * @param body as it was received, byte for byte
   * @param signature the header {@code Windlass-Signature}
   * @return true if it was signed with the secret
   */
  public static boolean matches(String secret, String timestamp, byte[] body, String signature) {
    return MessageDigest.isEqual(
        of(secret, timestamp, body).getBytes(StandardCharsets.UTF_8),
        signature.getBytes(StandardCharsets.UTF_8));
  }

  static String of(byte[] secret, String timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      mac.update(timestamp.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) '.');
      return PREFIX + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every JVM has " + ALGORITHM, impossible);
    }
  }
}
