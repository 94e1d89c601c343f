package dev.windlass.testkit.time;

/**
 * Unwinds the stack of a host that has crashed.
 *
 * <p>A checked exception that nobody declares: the engine catches {@link RuntimeException} and
 * {@link Error} where foreign code is called, and a dead host must not go on from there.
 */
public final class HostCrashed extends Exception {
  private static final long serialVersionUID = 1L;

  private HostCrashed() {
    super("the host has crashed", null, false, false);
  }

  /** Throws one without declaring it; gives back nothing, so that callers can {@code throw} it. */
  public static RuntimeException thrown() {
    return HostCrashed.<RuntimeException>sneak(new HostCrashed());
  }

  /** Does something, and says whether it was unwound by the crash of its host. */
  public static boolean unwinds(Runnable what) {
    try {
      what.run();
      return false;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      if (e instanceof HostCrashed) {
        return true;
      }
      throw new AssertionError("a checked exception that nobody declares", e);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
