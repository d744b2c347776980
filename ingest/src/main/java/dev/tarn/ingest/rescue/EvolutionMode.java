package dev.tarn.ingest.rescue;

import dev.tarn.kernel.error.TarnException;
import java.util.Arrays;

/**
 * What a stream does with columns that its schema does not have.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/ingestion/cloud-object-storage/auto-loader/schema">schema
 *     evolution</a>
 */
public enum EvolutionMode {
  /** Takes them into the schema and goes on. */
  ADD_NEW_COLUMNS("addNewColumns"),
  /** Keeps their values in the column of rescued data. */
  RESCUE("rescue"),
  /** Fails until somebody changes the schema or takes the file away. */
  FAIL_ON_NEW_COLUMNS("failOnNewColumns"),
  /** Passes over them, unless there is a column of rescued data. */
  NONE("none");

  private final String shown;

  EvolutionMode(String shown) {
    this.shown = shown;
  }

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE
   */
  public static EvolutionMode of(String text) {
    return Arrays.stream(values())
        .filter(mode -> mode.shown.equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                TarnException.invalid(
                    "The option schemaEvolutionMode is '"
                        + text
                        + "', and must be addNewColumns, rescue, failOnNewColumns or none."));
  }
}
