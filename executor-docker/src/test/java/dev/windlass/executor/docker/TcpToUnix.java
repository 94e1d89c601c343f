package dev.windlass.executor.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A proxy before a Docker engine, on TCP or on a socket of its own, that can stop answering and can
 * cut what is open.
 */
final class TcpToUnix implements AutoCloseable {

  private final ServerSocketChannel server;
  private final Path target;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private volatile boolean stalled;

  private TcpToUnix(ServerSocketChannel server, String host) {
    this.server = server;
    this.target = Path.of(host.substring("unix://".length()));
    thread(this::accept);
  }

  /** On TCP. */
  static TcpToUnix to(String host) {
    try {
      SocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      return new TcpToUnix(ServerSocketChannel.open().bind(any), host);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** On a socket of its own. */
  static TcpToUnix to(String host, Path socket) {
    try {
      ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      return new TcpToUnix(channel.bind(UnixDomainSocketAddress.of(socket)), host);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  String host() {
    try {
      SocketAddress address = server.getLocalAddress();
      return address instanceof InetSocketAddress tcp
          ? "tcp://127.0.0.1:" + tcp.getPort()
          : "unix://" + address;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on nothing that is sent arrives, and nothing is answered. */
  void stall() {
    stalled = true;
  }

  /** Cuts what is open, and answers what comes from now on. */
  void recover() {
    stalled = false;
    cut();
  }

  /** Cuts what is open. */
  void cut() {
    open.forEach(TcpToUnix::closeQuietly);
    open.clear();
  }

  int connections() {
    return open.size() / 2;
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel client = server.accept();
        SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(target));
        open.add(client);
        open.add(engine);
        thread(() -> pump(client, engine));
        thread(() -> pump(engine, client));
      } catch (IOException e) {
        // The daemon is away, or this is closed.
      }
    }
  }

  private void pump(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    try {
      while (from.read(buffer) >= 0) {
        if (stalled) {
          buffer.clear();
        } else {
          buffer.flip();
          while (buffer.hasRemaining()) {
            to.write(buffer);
          }
          buffer.clear();
        }
      }
      to.shutdownOutput();
    } catch (IOException e) {
      closeQuietly(to);
    }
    open.remove(from);
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is over in any case.
    }
  }

  private static void thread(Runnable body) {
    Thread thread = new Thread(body, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
