package dev.tarn.engine.commit;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.commits.Commits;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What statements may do with tables whose commits the catalog ratifies. */
public final class ManagedTables {
  private static final Set<String> MARKS =
      Set.of(
          Commits.FEATURE.toLowerCase(Locale.ROOT),
          "delta.feature.catalogowned-preview",
          Commits.TABLE_ID.toLowerCase(Locale.ROOT));

  private final SessionContext context;

  public ManagedTables(SessionContext context) {
    this.context = context;
  }

  private Commits commits() {
    return context.facades().commits();
  }

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE if a statement would make a table whose commits
   *     the catalog ratifies
   */
  public void requireUnmarked(EntityName name, Map<String, String> properties) {
    properties.keySet().stream()
        .filter(key -> MARKS.contains(key.toLowerCase(Locale.ROOT)))
        .findFirst()
        .ifPresent(
            key -> {
              throw TarnException.invalid(
                  "Table '"
                      + name
                      + "' cannot be made with property '"
                      + key
                      + "'. SQL commits through the catalog only to tables that writers outside"
                      + " made; leave the property out, or make the table with a client of Unity"
                      + " Catalog.");
            });
  }

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE if the catalog ratifies the commits of the table
   */
  public void requireReplaceable(TableInfo table) {
    if (commits().isManaged(table)) {
      throw TarnException.invalid(
          "Table '"
              + table.name()
              + "' cannot be replaced, since writers outside commit to it. Use INSERT OVERWRITE and"
              + " ALTER TABLE, or drop it first.");
    }
  }
}
