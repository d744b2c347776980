package dev.tarn.govern.allowlists;

import java.util.List;
import java.util.Optional;

/**
 * What of one kind may be loaded.
 *
 * @param prefixes of paths, or of Maven coordinates
 * @param set by whom and when; empty if nobody ever did
 */
public record Allowlist(ArtifactType type, List<String> prefixes, Optional<Setting> set) {
  /**
   * @param at in milliseconds since 1970
   */
  public record Setting(String by, long at) {}

  public Allowlist {
    prefixes = List.copyOf(prefixes);
  }
}
