package dev.windlass.executor.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what attempts without a control group have started, in one walk over {@code /proc} for all
 * of them.
 *
 * <p>A process belongs to an attempt if it is in the program's session, or if its environment holds
 * the attempt's cookie, which children inherit. What forks faster than the walk, and hides from
 * both, escapes: that is why {@link dev.windlass.job.Isolation#SESSION} promises less than {@code
 * SEALED}.
 */
final class Sweep {

  /** The variable that carries the cookie. */
  static final String COOKIE_VARIABLE = "WINDLASS_COOKIE";

  private static final String COOKIE_PREFIX = "\0" + COOKIE_VARIABLE + "=";

  private Sweep() {}

  /**
   * Whom to look for.
   *
   * @param cookie the value of the variable
   * @param launcher the launcher; nothing that is older belongs to the attempt
   * @param program the program, whose pid is the number of its session
   * @param sparesLauncher true if the launcher's own session is to be left alone, so that it can
   *     write its record
   */
  record Quarry(
      String cookie,
      Optional<ProcessIdentity> launcher,
      Optional<ProcessIdentity> program,
      boolean sparesLauncher) {

    private boolean isSpared(ProcFs.Stat process) {
      return sparesLauncher
          && launcher.filter(identity -> identity.pid() == process.session()).isPresent();
    }

    private boolean isTooOld(ProcFs.Stat process) {
      return launcher.filter(identity -> process.startTicks() < identity.startTicks()).isPresent();
    }

    /**
     * The session's number may have come back as a stranger's, but then its leader is younger than
     * ours.
     */
    private boolean holdsInSession(ProcFs.Stat process) {
      return program
          .filter(identity -> identity.pid() == process.session())
          .filter(identity -> process.startTicks() >= identity.startTicks())
          .filter(
              identity ->
                  ProcFs.stat(identity.pid())
                      .map(leader -> leader.startTicks() == identity.startTicks())
                      .orElse(true))
          .isPresent();
    }
  }

  /**
   * Looks once.
   *
   * @param quarries whom to look for
   * @return for each of them what runs of it; no entry if nothing does
   */
  static Map<Quarry, List<ProcFs.Stat>> find(Collection<Quarry> quarries) {
    Map<Quarry, List<ProcFs.Stat>> found = new HashMap<>();
    if (quarries.isEmpty()) {
      return found;
    }
    Map<String, Quarry> byCookie = new HashMap<>();
    Map<Long, Quarry> bySession = new HashMap<>();
    for (Quarry quarry : quarries) {
      byCookie.put(quarry.cookie(), quarry);
      quarry.program().ifPresent(program -> bySession.put(program.pid(), quarry));
    }
    for (ProcFs.Stat process : ProcFs.all()) {
      ownerOf(process, byCookie, bySession)
          .ifPresent(owner -> found.computeIfAbsent(owner, key -> new ArrayList<>()).add(process));
    }
    return found;
  }

  private static Optional<Quarry> ownerOf(
      ProcFs.Stat process, Map<String, Quarry> byCookie, Map<Long, Quarry> bySession) {
    Quarry session = bySession.get(process.session());
    if (session != null && session.holdsInSession(process)) {
      return Optional.of(session);
    }
    if (byCookie.values().stream().allMatch(quarry -> quarry.isTooOld(process))) {
      return Optional.empty();
    }
    return cookieOf(ProcFs.environment(process.pid()))
        .map(byCookie::get)
        .filter(quarry -> !quarry.isTooOld(process) && !quarry.isSpared(process));
  }

  /** The cookie in an environment; see {@link ProcFs#environment}. */
  static Optional<String> cookieOf(String environment) {
    int start = environment.indexOf(COOKIE_PREFIX);
    if (start < 0) {
      return Optional.empty();
    }
    int from = start + COOKIE_PREFIX.length();
    return Optional.of(environment.substring(from, environment.indexOf('\0', from)));
  }
}
