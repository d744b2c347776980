package dev.tarn.engine.information;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.tags.TagAssignment;
import java.util.ArrayList;
import java.util.List;

/** The tags of one catalog, of what the session's principal may see. */
record TagRows(SessionContext context, Wanted wanted) {
  List<Object[]> of(Relation relation, String catalog) {
    List<Object[]> rows = new ArrayList<>();
    for (TagAssignment tag : context.tags().within(context.principal(), type(relation), catalog)) {
      String[] parts = tag.entity().securable().fullName().split("\\.", -1);
      boolean hasItsLevel =
          tag.entity().column().isPresent() == (relation == Relation.COLUMN_TAGS)
              && (parts.length < 2 || wanted.schema(parts[1]))
              && (parts.length < 3 || wanted.name(parts[2]));
      if (hasItsLevel) {
        List<Object> row = new ArrayList<>(List.of(parts));
        tag.entity().column().ifPresent(row::add);
        row.add(tag.key());
        row.add(tag.value());
        rows.add(row.toArray());
      }
    }
    return rows;
  }

  private static SecurableType type(Relation relation) {
    return switch (relation) {
      case CATALOG_TAGS -> SecurableType.CATALOG;
      case SCHEMA_TAGS -> SecurableType.SCHEMA;
      case VOLUME_TAGS -> SecurableType.VOLUME;
      default -> SecurableType.TABLE;
    };
  }
}
