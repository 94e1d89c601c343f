package dev.windlass.testkit.store;

import dev.windlass.core.job.Change;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The groups of changes on a simulated disk: a file of frames, each made of the length of its
 * payload, the payload's checksum, and the payload. A payload is the number of a group in the
 * {@link GroupTable}, then padding, so that frames have the sizes of real ones.
 *
 * <p>A frame is only ever appended when all before it are synced; after a failure the log must be
 * {@link #open}ed again. So only the last group can be there without being durable.
 */
final class GroupLog {
  private static final int HEADER_BYTES = 8;
  private static final int LEAST_PAYLOAD_BYTES = 64;
  private static final int BYTES_PER_CHANGE = 100;

  /** The number in a frame that only proves that the log can be written. */
  private static final int NO_GROUP = -1;

  private final SimulatedDisk disk;
  private final GroupTable groups;

  GroupLog(SimulatedDisk disk, GroupTable groups) {
    this.disk = disk;
    this.groups = groups;
  }

  /**
   * Makes a group durable.
   *
   * @return its number
   * @throws IOException if that failed; the group may be there all the same
   */
  int append(List<Change> group) throws IOException {
    int number = groups.add(group);
    disk.append(frame(number, group.size()));
    disk.sync();
    return number;
  }

  /**
   * Reads the log, cuts off a torn tail, and makes sure that what was read is durable and that the
   * log can be written.
   *
   * @return the numbers of its groups in order
   */
  List<Integer> open() throws IOException {
    byte[] content = disk.content();
    List<Integer> numbers = new ArrayList<>();
    int lastGroup = 0;
    int end = 0;
    for (int next = endOfFrame(content, end); next > 0; next = endOfFrame(content, end)) {
      int number = ByteBuffer.wrap(content).getInt(end + HEADER_BYTES);
      if (number != NO_GROUP) {
        numbers.add(number);
        lastGroup = end;
      }
      end = next;
    }
    if (end < content.length) {
      disk.truncate(end);
    }
    // Its sync may have failed before this process began: a reader sees it, a power cut may not
    // leave it, and no later sync changes that (the disk's "failed sync").
    disk.rewrite(lastGroup);
    disk.append(frame(NO_GROUP, 0));
    disk.sync();
    return numbers;
  }

  /** The group with a number. */
  List<Change> group(int number) {
    return groups.get(number);
  }

  private static byte[] frame(int number, int changes) {
    byte[] payload = new byte[LEAST_PAYLOAD_BYTES + BYTES_PER_CHANGE * changes];
    // No two alike and nowhere zero, so that a frame whose end is missing never looks whole.
    for (int i = 0; i < payload.length; i++) {
      payload[i] = (byte) (1 | (31 * number + i));
    }
    ByteBuffer.wrap(payload).putInt(number);
    return ByteBuffer.allocate(HEADER_BYTES + payload.length)
        .putInt(payload.length)
        .putInt(checksum(payload, 0, payload.length))
        .put(payload)
        .array();
  }

  /** Where the frame that begins at a position ends; 0 if no intact frame begins there. */
  private static int endOfFrame(byte[] content, int position) {
    int payload = position + HEADER_BYTES;
    if (payload > content.length) {
      return 0;
    }
    ByteBuffer bytes = ByteBuffer.wrap(content);
    int length = bytes.getInt(position);
    // Not 0 either: eight bytes of zero would be a frame, and the checksum would agree.
    if (length < LEAST_PAYLOAD_BYTES || length > content.length - payload) {
      return 0;
    }
    return bytes.getInt(position + 4) == checksum(content, payload, length) ? payload + length : 0;
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, length);
    return (int) checksum.getValue();
  }
}
