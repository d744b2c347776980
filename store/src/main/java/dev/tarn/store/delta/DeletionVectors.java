package dev.tarn.store.delta;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.deletionvectors.DeletionVectorStoredBitmap;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reads deletion vectors and keeps those lately read; they never change. */
final class DeletionVectors {
  private static final long MOST_POSITIONS = 8_000_000;

  private final Engine engine;
  private final Cache<Key, long[]> read =
      Caffeine.newBuilder()
          .maximumWeight(MOST_POSITIONS)
          .weigher((Key key, long[] positions) -> positions.length + 16)
          .build();

  DeletionVectors(Engine engine) {
    this.engine = engine;
  }

  /** Vectors are told apart within their table; their files have random names. */
  private record Key(String table, DeletionVectorDescriptor vector) {}

  /** The positions in ascending order. */
  long[] positions(TableRoot root, DeletionVectorDescriptor vector) {
    return read.get(new Key(root.folder().toString(), vector), key -> load(root, key));
  }

  private long[] load(TableRoot root, Key key) {
    if (!key.vector.isInline()) {
      root.requireRealTexts(List.of(root.path(key.vector)));
    }
    try {
      return new DeletionVectorStoredBitmap(key.vector, Optional.of(key.table))
          .load(engine.getFileSystemClient())
          .toArray();
    } catch (IOException | RuntimeException e) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "A deletion vector of the Delta table at '"
              + key.table
              + "' cannot be read. If VACUUM removed it, read a newer version of the table; if not,"
              + " restore it from a backup.",
          e);
    }
  }
}
