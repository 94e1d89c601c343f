package dev.windlass.executor.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/**
 * A registry on this host, which Docker engines trust without TLS. It has one image, {@code
 * image:1}, made of a layer that is given.
 */
final class FakeRegistry implements AutoCloseable {

  private static final byte[] LIMITED =
      "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"slow down\"}]}".getBytes(UTF_8);

  private static final byte[] ERRORS =
      "{\"errors\":[{\"code\":\"UNKNOWN\",\"message\":\"no such image\"}]}".getBytes(UTF_8);

  private static final byte[] UNAUTHORIZED =
      "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"who are you\"}]}".getBytes(UTF_8);

  /** The first byte of a TLS connection. */
  private static final int TLS = 0x16;

  private final HttpServer server;
  private final ServerSocket front;
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final AtomicInteger fetches = new AtomicInteger();
  private final byte[] manifest;
  private volatile int answer = 200;
  private volatile String credentials = "";

  /** A registry whose image's only layer is a tar. */
  FakeRegistry(byte[] tar) throws IOException {
    byte[] layer = compress(tar);
    byte[] config =
        """
        {"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"]},
         "rootfs":{"type":"layers","diff_ids":["%s"]}}
        """
            .formatted(digest(tar))
            .getBytes(UTF_8);
    blobs.put(digest(layer), layer);
    blobs.put(digest(config), config);
    this.manifest =
        """
        {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
         "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%d,"digest":"%s"},
         "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":%d,"digest":"%s"}]}
        """
            .formatted(config.length, digest(config), layer.length, digest(layer))
            .getBytes(UTF_8);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/v2/", this::serve);
    server.start();
    front = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.getExecutor().execute(this::accept);
  }

  /** The Docker engine tries TLS first, and would wait long for an answer to it. */
  private void accept() {
    while (!front.isClosed()) {
      try {
        Socket client = front.accept();
        int first = client.getInputStream().read();
        if (first == TLS || first < 0) {
          client.close();
        } else {
          Socket own = new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort());
          own.getOutputStream().write(first);
          server.getExecutor().execute(() -> pump(client, own));
          server.getExecutor().execute(() -> pump(own, client));
        }
      } catch (IOException e) {
        // Closed, or a client that went away.
      }
    }
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One of them is gone.
    }
  }

  private static byte[] compress(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(content);
    }
    return bytes.toByteArray();
  }

  private static String digest(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The name of its image. */
  String image() {
    return "127.0.0.1:" + front.getLocalPort() + "/image:1";
  }

  /** How often the image was asked for. */
  int fetches() {
    return fetches.get();
  }

  /** From now on answers all requests for the image with a status. */
  void answerWith(int status) {
    answer = status;
  }

  /** From now on answers only who shows a user and a password. */
  void require(String user, String password) {
    byte[] both = (user + ":" + password).getBytes(UTF_8);
    credentials = "Basic " + Base64.getEncoder().encodeToString(both);
  }

  private boolean isKnown(HttpExchange exchange) {
    String shown = exchange.getRequestHeaders().getFirst("Authorization");
    return credentials.isEmpty() || credentials.equals(shown);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (!isKnown(exchange)) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"test\"");
        send(exchange, 401, "application/json", UNAUTHORIZED);
      } else if (path.equals("/v2/")) {
        send(exchange, 200, "application/json", "{}".getBytes(UTF_8));
      } else if (answer != 200) {
        send(exchange, answer, "application/json", answer == 429 ? LIMITED : ERRORS);
      } else if (path.contains("/manifests/")) {
        if (path.endsWith("/1")) {
          fetches.incrementAndGet();
        }
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest(manifest));
        send(exchange, 200, "application/vnd.docker.distribution.manifest.v2+json", manifest);
      } else {
        byte[] blob = blobs.get(path.substring(path.lastIndexOf('/') + 1));
        send(
            exchange,
            blob == null ? 404 : 200,
            "application/octet-stream",
            blob == null ? new byte[0] : blob);
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] content)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
    }
    exchange.sendResponseHeaders(status, head || content.length == 0 ? -1 : content.length);
    if (!head && content.length > 0) {
      exchange.getResponseBody().write(content);
    }
  }

  @Override
  public void close() throws IOException {
    front.close();
    server.stop(0);
    ((java.util.concurrent.ExecutorService) server.getExecutor()).shutdownNow();
  }
}
