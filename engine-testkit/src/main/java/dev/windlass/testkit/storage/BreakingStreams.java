package dev.windlass.testkit.storage;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Streams that break off, as a connection does: what went before has arrived. */
final class BreakingStreams {

  private static final int BYTES = 65_536;

  private BreakingStreams() {}

  static InputStream of(InputStream whole) {
    return new Input(whole);
  }

  static OutputStream of(OutputStream whole) {
    return new Output(whole);
  }

  static boolean isBroken(OutputStream body) {
    return body instanceof Output output && output.left < 0;
  }

  private static IOException brokenOff() {
    return new IOException("the transfer broke off");
  }

  private static final class Input extends FilterInputStream {
    private int left = BYTES;

    Input(InputStream whole) {
      super(whole);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0 && length > 0) {
        throw brokenOff();
      }
      int count = super.read(buffer, offset, Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }
  }

  private static final class Output extends FilterOutputStream {

    /** How many bytes still get through; below zero once something did not. */
    private int left = BYTES;

    Output(OutputStream whole) {
      super(whole);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int through = Math.max(0, Math.min(left, length));
      out.write(bytes, offset, through);
      left -= through;
      if (through < length) {
        left = -1;
        throw brokenOff();
      }
    }
  }
}
