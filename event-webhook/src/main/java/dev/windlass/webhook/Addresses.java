package dev.windlass.webhook;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Which addresses a webhook must not send to: what only this host or its neighbours can reach. */
final class Addresses {
  private static final int BYTE = 0xff;

  private Addresses() {}

  /**
   * Checks all addresses of the host of a URL, as it resolves now.
   *
   * @throws java.net.UnknownHostException if it has none
   * @throws IOException if one of them is not allowed
   */
  static void check(WebhookConfig config) throws IOException {
    if (config.allowsPrivateAddresses()) {
      return;
    }
    for (InetAddress address : InetAddress.getAllByName(config.url().getHost())) {
      if (!isPublic(address)) {
        throw new IOException(
            "the host of "
                + config.shownUrl()
                + " has the address "
                + address.getHostAddress()
                + ", which is not public; a host that means it allows private addresses");
      }
    }
  }

  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    int first = bytes[0] & BYTE;
    int second = bytes[1] & BYTE;
    if (address instanceof Inet4Address) {
      // This network, shared addresses (RFC 6598), IETF and benchmarks, reserved and broadcast.
      return first != 0
          && !(first == 100 && (second & 0xc0) == 64)
          && !(first == 192 && second == 0)
          && !(first == 198 && (second & 0xfe) == 18)
          && first < 240;
    }
    return !(address instanceof Inet6Address) || isPublic6(bytes, first, second);
  }

  /** Not unique local (RFC 4193), and no IPv4 address in another dress (RFC 6052, 3056, 4380). */
  private static boolean isPublic6(byte[] bytes, int first, int second) {
    boolean uniqueLocal = (first & 0xfe) == 0xfc;
    boolean translated = first == 0x00 && second == 0x64;
    boolean tunnelled = first == 0x20 && second == 0x02;
    boolean teredo = first == 0x20 && second == 0x01 && bytes[2] == 0 && bytes[3] == 0;
    boolean compatible = first == 0 && second == 0;
    return !(uniqueLocal || translated || tunnelled || teredo || compatible);
  }
}
