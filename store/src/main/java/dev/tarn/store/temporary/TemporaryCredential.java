package dev.tarn.store.temporary;

import java.time.Instant;
import java.util.Optional;

/**
 * What opens one place in a store for a while.
 *
 * @param url the place
 * @param sas a shared access signature; empty for files on this machine
 */
public record TemporaryCredential(String url, Optional<String> sas, Instant until) {
  /** Without what opens it. */
  @Override
  public String toString() {
    return "TemporaryCredential[url=" + url + ", until=" + until + "]";
  }
}
