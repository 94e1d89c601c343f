package dev.windlass.testkit.storage;

import dev.windlass.testkit.contract.Sentence;

/** Sentences of the storage contract that more than one check is about; see {@link Sentence}. */
final class Sentences {

  static final String FOLDERS =
      "A folder exists exactly while an object lies below it; listing a folder that holds"
          + " nothing is an empty listing, not an error.";

  static final String APART =
      "A storage MUST keep two objects apart whose keys differ, also when they differ only"
          + " in case or in Unicode normalisation; where it cannot, it MUST refuse the second"
          + " with INVALID_NAME.";

  static final String NAMESAKES =
      "An object and a folder of the same name (a and a/b) MAY be refused with INVALID_NAME"
          + " by a store that is a file system.";

  static final String INSIDE =
      "Nothing outside the storage's configured root is ever read or written, also not"
          + " through a symbolic link that somebody put into it.";

  static final String READ_AFTER_WRITE =
      "Read after write: once ObjectUpload.commit or delete has returned, every later call,"
          + " from any thread and process, MUST see its effect.";

  static final String WHOLE = "An object MUST appear whole or not at all.";

  static final String NO_MIXTURE =
      "A reader that began before a replacement MUST see the old content or the new one or"
          + " get a StorageException, never a mixture.";

  static final String VERSION =
      "opaque text that changes whenever the content is replaced and stays while it is not"
          + " (an ETag, a version id); never empty.";

  static final String NEW_VERSION = "ObjectInfo.version MUST change when content is replaced.";

  static final String LISTING =
      "Lists all objects below a folder, also those in folders below it, in ascending order"
          + " of their keys' UTF-8 bytes.";

  static final String PAGES =
      "what to pass to Storage.list for the following page; empty on the last one";

  static final String LIST_ARGUMENTS =
      "if the URI names an object, the limit is out of range, or the marker did not come"
          + " from this storage";

  static final String POSITION = "Reads one object from a position to its end.";

  static final String BREAKS_OFF =
      "A stream that breaks off throws IOException and never ends early as if it"
          + " were complete";

  static final String UNSEEN = "an upload that nobody sees before its commit; the caller closes it";

  static final String GIVEN_UP =
      "Gives up what was not committed and leaves nothing of it in the store.";

  static final String AFTER_FAILURE = "after any failure the upload can only be closed";

  static final String COMMIT =
      "Makes the content visible under the object's name, whole, in place of what was there.";

  static final String COMMIT_ONCE = "if called after a commit or a close";

  static final String AFTER_CLOSE =
      "After close every other method throws IllegalStateException, except the default"
          + " localPath, and no upload can be committed any more.";

  static final String REMOVES = "Removes one object.";

  static final String REMOVES_NOTHING = "Removing what is not there does nothing.";

  static final String LOCAL_PATH =
      "A storage that offers a path promises that what is read there is what read would give.";

  static final String UNAVAILABLE = "A missing answer is UNAVAILABLE, never NOT_FOUND.";

  private Sentences() {}
}
