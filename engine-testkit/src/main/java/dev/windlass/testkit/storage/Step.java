package dev.windlass.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One thing done to a storage and to its model, which have to agree on the result. */
sealed interface Step {

  void run(StorageTrial trial, StorageModel model);

  /** Writes an object; may be refused only where the contract says so. */
  record Write(String key, String content) implements Step {

    @Override
    public void run(StorageTrial trial, StorageModel model) {
      try {
        ObjectInfo info = trial.put(key, content);
        model.put(key, content, info);
      } catch (StorageException e) {
        assertThat(e.code()).isEqualTo(Code.INVALID_NAME);
        assertThat(model.mayRefuse(key)).as("the refusal of '%s'", key).isTrue();
      }
    }
  }

  /** Uploads an object and does not commit it. */
  record Abandon(String key) implements Step {

    @Override
    public void run(StorageTrial trial, StorageModel model) {
      try (ObjectUpload upload = trial.storage.write(trial.at(key))) {
        StorageTrial.fill(upload, new byte[10]);
      } catch (StorageException e) {
        assertThat(e.code()).isEqualTo(Code.INVALID_NAME);
        assertThat(model.mayRefuse(key)).as("the refusal of '%s'", key).isTrue();
      }
    }
  }

  /** Removes an object, if it is there. */
  record Delete(String key) implements Step {

    @Override
    public void run(StorageTrial trial, StorageModel model) {
      try {
        trial.storage.delete(trial.at(key));
        model.remove(key);
      } catch (StorageException e) {
        model.assertMayNotBeAsked(key, e);
      }
    }
  }

  /** Looks at an object and reads it from a position, or from its end if that is nearer. */
  record Read(String key, int offset) implements Step {

    @Override
    public void run(StorageTrial trial, StorageModel model) {
      try {
        assertThat(trial.storage.stat(trial.at(key))).isEqualTo(model.info(key));
        if (model.info(key).isPresent()) {
          String content = model.content(key);
          int start = Math.min(offset, content.length());
          assertThat(StorageTrial.bytes(trial.storage, trial.at(key), start))
              .asString(StandardCharsets.UTF_8)
              .isEqualTo(content.substring(start));
        }
      } catch (StorageException e) {
        model.assertMayNotBeAsked(key, e);
      }
    }
  }

  /** Lists everything in pages of some size. */
  record ListAll(int limit) implements Step {

    @Override
    public void run(StorageTrial trial, StorageModel model) {
      List<ObjectInfo> listed = StorageTrial.listAll(trial.storage, trial.folder, limit);
      assertThat(listed).isEqualTo(model.all());
    }
  }
}
