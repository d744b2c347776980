package dev.tarn.serve.results;

import java.time.Duration;

/**
 * Section {@code results}.
 *
 * @param chunkBytes a chunk is closed once it holds this many bytes before compression; 8 MiB by
 *     default
 * @param inlineBytes the most that a whole result may have with disposition INLINE; 25 MiB by
 *     default
 * @param linkSeconds how long a link to a chunk stays valid; 900 by default
 */
public record ResultsConfig(Integer chunkBytes, Integer inlineBytes, Integer linkSeconds) {
  public static final ResultsConfig DEFAULT = new ResultsConfig(null, null, null);

  public ResultsConfig {
    chunkBytes = chunkBytes == null ? 8 << 20 : chunkBytes;
    inlineBytes = inlineBytes == null ? 25 << 20 : inlineBytes;
    linkSeconds = linkSeconds == null ? 900 : linkSeconds;
  }

  Duration linkLifetime() {
    return Duration.ofSeconds(linkSeconds);
  }
}
