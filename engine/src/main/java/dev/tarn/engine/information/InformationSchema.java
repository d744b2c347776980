package dev.tarn.engine.information;

import dev.tarn.engine.session.SessionContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.catalog.Table;

/**
 * The schema {@code information_schema} of every catalog: what is in the catalog, as far as the
 * session's principal may know of it.
 */
public final class InformationSchema {
  public static final String NAME = "information_schema";

  private InformationSchema() {}

  public static boolean is(String[] namespace) {
    return namespace.length == 1 && namespace[0].equalsIgnoreCase(NAME);
  }

  public static List<String> names() {
    return Arrays.stream(Relation.values()).map(Relation::title).toList();
  }

  /**
   * A relation, or empty if there is none of that name.
   *
   * @param catalog whose contents it shows; empty for all catalogs
   */
  public static Optional<Table> table(
      SessionContext context, Optional<String> catalog, String name) {
    return Arrays.stream(Relation.values())
        .filter(relation -> relation.title().equalsIgnoreCase(name))
        .<Table>map(relation -> new InformationTable(context, catalog, relation))
        .findFirst();
  }
}
