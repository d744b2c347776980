package dev.tarn.govern.allowlists;

import dev.tarn.kernel.error.TarnException;
import java.util.Arrays;

/** What is loaded from elsewhere. */
public enum ArtifactType {
  INIT_SCRIPT,
  LIBRARY_JAR,
  LIBRARY_MAVEN;

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE for an unknown one
   */
  public static ArtifactType parse(String text) {
    return Arrays.stream(values())
        .filter(type -> type.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                TarnException.invalid(
                    "'"
                        + text
                        + "' is not a type of artifact. Use INIT_SCRIPT, LIBRARY_JAR or"
                        + " LIBRARY_MAVEN."));
  }
}
