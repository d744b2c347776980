package dev.tarn.serve.statements;

import java.util.List;
import java.util.Map;

/**
 * One chunk: rows, an attachment, or a link. What does not apply is null.
 *
 * @param attachment the whole result as an Arrow stream, compressed as the manifest says
 * @param dataArray rows of texts and nulls
 */
public record ResultData(
    Integer chunkIndex,
    Long rowOffset,
    Long rowCount,
    Long byteCount,
    Integer nextChunkIndex,
    String nextChunkInternalLink,
    byte[] attachment,
    List<List<String>> dataArray,
    List<ExternalLink> externalLinks) {

  /**
   * @param externalLink URL that needs no login
   * @param expiration ISO 8601, UTC
   * @param httpHeaders to send along; none
   */
  public record ExternalLink(
      int chunkIndex,
      long rowOffset,
      long rowCount,
      long byteCount,
      String externalLink,
      String expiration,
      Map<String, String> httpHeaders,
      Integer nextChunkIndex,
      String nextChunkInternalLink) {}
}
