package dev.windlass.testkit.storage;

import dev.windlass.storage.Storage;
import dev.windlass.storage.StoreUri;
import dev.windlass.storage.directory.DirectoryStorage;
import dev.windlass.testkit.contract.Verdict;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A storage with a defect fails the sentence that it breaks, and is told which. */
class PlantedStorageDefectsTest {

  private static InMemoryStorage memory = InMemoryStorage.create();
  private static Optional<Path> directory = Optional.empty();
  private static UnaryOperator<Storage> planting = UnaryOperator.identity();

  @TempDir private Path temporary;

  /** Held to the contract by this class only: by its name no build takes it for a test. */
  static final class Suspect extends FaultyStorageContract {

    @Override
    protected Storage open() {
      return planting.apply(directory.<Storage>map(DirectoryStorage::at).orElseGet(memory::reopen));
    }

    @Override
    protected Storage openFaulty(StoreFault fault) {
      return planting.apply(memory.reopenWith(fault));
    }

    @Override
    protected StoreUri root() {
      return StoreUri.parse("dir://bucket/suite/");
    }

    @Override
    protected int breadth() {
      return 200;
    }
  }

  @BeforeEach
  void newStore() {
    memory = InMemoryStorage.create();
  }

  @ParameterizedTest
  @EnumSource
  void aDefectFailsTheSentenceThatItBreaks(StorageDefect defect) {
    directory = Optional.of(temporary).filter(path -> defect.needsADirectory());
    planting = defect::in;
    Verdict.on(Suspect.class, defect.test()).assertTold(defect.sentence(), defect.seen());
  }

  /** So that nothing above fails for another reason than its defect. */
  @ParameterizedTest
  @EnumSource
  void withoutADefectTheSameSentenceHolds(StorageDefect defect) {
    directory = Optional.of(temporary).filter(path -> defect.needsADirectory());
    planting = DefectiveStorage::new;
    Verdict.onSound(Suspect.class, defect.test()).assertPassed();
  }
}
