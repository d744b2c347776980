package dev.tarn.ingest.loader;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;

/** What can be wrong with a stream's state, each with what to do. */
final class LoaderErrors {
  private LoaderErrors() {}

  static TarnException foreignCheckpoint() {
    return new TarnException(
        ErrorCode.INVALID_STATE,
        "42K03",
        "[CF_INVALID_CHECKPOINT] The checkpoint of this stream was written by another kind of source"
            + " than read_files. Give the stream another checkpoint, or refresh the pipeline's table"
            + " in full.",
        null);
  }

  static TarnException lostBatch(long batch) {
    return new TarnException(
        ErrorCode.INVALID_STATE,
        "58030",
        "[CF_MISSING_METADATA_FILE] The checkpoint of this stream has lost which files batch "
            + batch
            + " read. Give the stream another checkpoint, or refresh the pipeline's table in full.",
        null);
  }

  static TarnException taken(long batch, IOException e) {
    return new TarnException(
        ErrorCode.RESOURCE_CONFLICT,
        "55006",
        "Another stream has written batch "
            + batch
            + " to the same checkpoint. Let one stream at a time use a checkpoint.",
        e);
  }

  static TarnException state(String where, Exception e) {
    return new TarnException(
        ErrorCode.TEMPORARILY_UNAVAILABLE,
        "58030",
        "What a stream has read cannot be kept or read in its checkpoint at "
            + where
            + ": "
            + e.getMessage()
            + ". Check that there is room and that one stream at a time uses it.",
        e);
  }

  static TarnException unlistable(String path, IOException e) {
    return new TarnException(
        ErrorCode.TEMPORARILY_UNAVAILABLE,
        "58030",
        "The path '" + path + "' cannot be listed: " + e.getMessage() + ".",
        e);
  }
}
