package dev.windlass.system;

import dev.windlass.Engine;
import dev.windlass.core.EngineBuilder;
import dev.windlass.executor.local.LocalExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StoreUri;
import dev.windlass.storage.directory.DirectoryStorage;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A host that comes to the middle of an upload and stays there until it is killed.
 *
 * <p>Prints {@code uploading} then.
 */
final class UploadingHost {
  static final String LINES = "20000";
  private static final long MIDDLE = 20_000;

  private UploadingHost() {}

  /** Arguments: the engine's directory, the store, the ledger. */
  public static void main(String[] args) throws Exception {
    try (Engine engine =
        EngineBuilder.at(Path.of(args[0]))
            .executor(LocalExecutor.create())
            .storage("oss", stopping(DirectoryStorage.at(Path.of(args[1]))))
            .open()) {
      TaskDescription task =
          TaskDescription.builder(
                  Command.shell("echo run >>$LEDGER/runs; yes | head -n " + LINES + " >out/data"))
              .environment("LEDGER", args[2])
              .retry(RetryPolicy.NONE)
              .output("out/", "oss://bucket/out/")
              .build();
      engine.await(engine.submit(JobDescription.builder("job").task("only", task).build()));
    }
  }

  /** At a byte that is surely not the first of a block on its way to the disk. */
  private static Storage stopping(Storage storage) {
    return new WrappedStorage(storage) {
      @Override
      public ObjectUpload write(StoreUri object) {
        ObjectUpload upload = super.write(object);
        return withBody(
            upload,
            cutting(
                upload.body(),
                byteNumber -> {
                  if (byteNumber == MIDDLE) {
                    upload.body().flush();
                    System.out.println("uploading");
                    stayForEver();
                  }
                }));
      }
    };
  }

  private static void stayForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new AssertionError("it is killed before that", e);
    }
  }
}
