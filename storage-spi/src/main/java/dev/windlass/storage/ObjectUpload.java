package dev.windlass.storage;

import java.io.OutputStream;

/**
 * An object that is being written and that nobody sees before {@link #commit}.
 *
 * <p>The two steps let the engine bring all outputs of an attempt to the store first and make them
 * visible only once the attempt is accepted. An upload belongs to one thread at a time.
 */
public interface ObjectUpload extends AutoCloseable {

  /**
   * Where the content goes.
   *
   * @return the same stream at every call; closing it ends the content but publishes nothing. Its
   *     methods throw {@link java.io.IOException} only for what {@link StorageException} could not
   *     say better; after any failure the upload can only be closed
   */
  OutputStream body();

  /**
   * Makes the content visible under the object's name, whole, in place of what was there.
   *
   * <p>When this returns, every later {@code stat}, {@code read} and {@code list} sees the new
   * content, and it survives a crash of this process and, as far as the store can promise that, of
   * the store. After an exception the object is either as it was before or wholly replaced, never
   * in between.
   *
   * @return what the store now says about the object
   * @throws StorageException if the content could not be made visible
   * @throws IllegalStateException if called after a commit or a close
   */
  ObjectInfo commit();

  /** Gives up what was not committed and leaves nothing of it in the store. Idempotent. */
  @Override
  void close();
}
