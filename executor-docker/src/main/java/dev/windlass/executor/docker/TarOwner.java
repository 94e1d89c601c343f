package dev.windlass.executor.docker;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * To whom files in a container belong when they are copied there, and what may be done to them.
 *
 * @param uid the number of the user as whom the program runs
 * @param gid the number of its group
 * @param known false if the image alone knows the numbers; then everybody in the container may do
 *     what the owner may
 */
record TarOwner(long uid, long gid, boolean known) {

  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,10})(?::(\\d{1,10}))?");

  /** Neither root nor anybody else: the "nobody" of Linux, and one beside it. */
  private static final long NOBODY = 65_534;

  private static final int OF_OWNER = 0700;
  private static final int READ_AND_EXECUTE = 0500;

  /** From {@code uid}, {@code uid:gid}, or a name of the image. */
  static TarOwner of(Optional<String> user) {
    Matcher numbers = NUMBERS.matcher(user.orElse("0:0"));
    if (!numbers.matches()) {
      return new TarOwner(0, 0, false);
    }
    long uid = Long.parseLong(numbers.group(1));
    return new TarOwner(uid, numbers.group(2) == null ? 0 : Long.parseLong(numbers.group(2)), true);
  }

  /** The mode of something that the program may change. */
  int writable(int mode) {
    return known ? mode : mode | forAll(mode & OF_OWNER);
  }

  /** The mode of something that it may not change, but which its owner could make changeable. */
  int readOnly(int mode) {
    return forAll(mode & READ_AND_EXECUTE);
  }

  /** Who owns what the program may not change: none that it runs as. */
  long stranger() {
    return uid == NOBODY ? NOBODY - 1 : NOBODY;
  }

  private static int forAll(int ofOwner) {
    return ofOwner | ofOwner >> 3 | ofOwner >> 6;
  }
}
