package dev.windlass.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.testkit.contract.Sentence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The sentences about the way of bytes to and from the store, and what becomes of it midway. */
abstract class TransferContract extends ListingContract {

  private static final int PIECE_BYTES = 50_000;

  @Property(tries = TRIES)
  @Sentence(Sentences.POSITION)
  void anObjectWrittenInPiecesIsReadFromAnyPosition(
      @ForAll @Size(max = 6) List<@IntRange(max = PIECE_BYTES) Integer> pieces,
      @ForAll @IntRange(max = 100) int percent) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (ObjectUpload upload = storage.write(at("a"))) {
      writePieces(upload.body(), all, pieces);
      upload.commit();
    }
    byte[] content = all.toByteArray();
    int position = (int) ((long) content.length * percent / 100);
    assertThat(bytes(storage, at("a"), position))
        .isEqualTo(Arrays.copyOfRange(content, position, content.length));
  }

  private static void writePieces(OutputStream body, OutputStream copy, List<Integer> pieces) {
    Random random = new Random(pieces.size());
    try {
      for (int length : pieces) {
        byte[] piece = new byte[length];
        random.nextBytes(piece);
        body.write(piece);
        body.write(length);
        copy.write(piece);
        copy.write(length);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Property(tries = TRIES)
  @Sentence(Sentences.GIVEN_UP)
  void anUploadGivenUpAnywhereLeavesWhatWasThere(
      @ForAll @Size(max = 4) List<@IntRange(max = PIECE_BYTES) Integer> pieces,
      @ForAll boolean replacing) {
    Optional<ObjectInfo> before = replacing ? Optional.of(put("a", "old")) : Optional.empty();
    try (ObjectUpload upload = storage.write(at("a"))) {
      writePieces(upload.body(), OutputStream.nullOutputStream(), pieces);
    }
    assertThat(storage.stat(at("a"))).isEqualTo(before);
    assertThat(keys()).isEqualTo(replacing ? List.of("a") : List.of());
  }
}
