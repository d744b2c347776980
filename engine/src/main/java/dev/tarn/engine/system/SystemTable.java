package dev.tarn.engine.system;

import dev.tarn.kernel.name.EntityName;

/**
 * A Delta table of the catalog {@code system} that the platform itself writes. Who may read it is
 * told by grants, as of every table; nobody may change it.
 *
 * @param location of its files
 * @param refresh brings in what is to be read; called before each statement that names it
 */
public record SystemTable(EntityName name, String location, Runnable refresh) {
  /** The catalog that all of them are in. */
  public static final String CATALOG = "system";
}
