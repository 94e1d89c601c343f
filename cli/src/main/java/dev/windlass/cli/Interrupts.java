package dev.windlass.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Counts the requests to end: Ctrl-C and SIGTERM; and notes when the terminal closes.
 *
 * <p>A shutdown hook cannot do this: it runs once, and a second Ctrl-C is lost to it. {@code
 * sun.misc.Signal} can, and module {@code jdk.unsupported} keeps it for such cases (JEP 260); it is
 * called through reflection because the compiler has a warning about it that nothing silences.
 * Signals that were ignored when the JVM began, as under {@code nohup}, stay ignored.
 */
final class Interrupts {

  /** After so many requests nothing is waited for any more. */
  private static final int AT_ONCE = 3;

  private int requests;
  private boolean hungUp;

  /** Begins to count. What the JVM does not let us catch keeps its default effect. */
  static Interrupts install() {
    Interrupts interrupts = new Interrupts();
    on("INT", interrupts::request);
    on("TERM", interrupts::request);
    on("HUP", interrupts::hangUp);
    return interrupts;
  }

  synchronized int requests() {
    return requests;
  }

  synchronized boolean isHungUp() {
    return hungUp;
  }

  private synchronized void request() {
    requests++;
    if (requests >= AT_ONCE) {
      Runtime.getRuntime().halt(ExitCode.LEFT);
    }
  }

  private synchronized void hangUp() {
    hungUp = true;
  }

  private static void on(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      Object caught = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, caught, proxy);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof IllegalArgumentException)) {
        throw new IllegalStateException("cannot catch SIG" + name, e);
      }
      // The system has no such signal, or the JVM keeps it for itself (-Xrs).
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM has no sun.misc.Signal", e);
    }
  }
}
