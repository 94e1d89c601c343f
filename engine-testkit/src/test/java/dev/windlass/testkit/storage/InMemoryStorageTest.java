package dev.windlass.testkit.storage;

import dev.windlass.storage.Storage;
import dev.windlass.storage.StoreUri;

/** The storage of tests keeps the contract of all storages. */
class InMemoryStorageTest extends FaultyStorageContract {

  private final InMemoryStorage first = InMemoryStorage.create();

  @Override
  protected Storage open() {
    return first.reopen();
  }

  @Override
  protected Storage openFaulty(StoreFault fault) {
    return first.reopenWith(fault);
  }

  @Override
  protected StoreUri root() {
    return StoreUri.parse("memory://bucket/suite/");
  }
}
