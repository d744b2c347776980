package dev.tarn.govern.tags;

import dev.tarn.govern.grants.Attached;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** Tags as rows. */
public final class TagsStore implements Attached {
  private static final String OF_ENTITY =
      " WHERE securable_type = :type AND full_name = :name AND column_name = :column";

  void put(Handle handle, TagAssignment tag) {
    at(
            handle.createUpdate(
                "INSERT INTO tag_assignments (securable_type, full_name, column_name, tag_key,"
                    + " tag_value, updated_by, updated_at)"
                    + " VALUES (:type, :name, :column, :key, :value, :by, :at)"
                    + " ON CONFLICT (securable_type, full_name, column_name, tag_key) DO UPDATE SET"
                    + " tag_value = :value, updated_by = :by, updated_at = :at"),
            tag.entity())
        .bind("key", tag.key())
        .bind("value", tag.value())
        .bind("by", tag.updatedBy())
        .bind("at", tag.updatedAt())
        .execute();
  }

  void remove(Handle handle, TaggedEntity entity, String key) {
    at(
            handle.createUpdate("DELETE FROM tag_assignments" + OF_ENTITY + " AND tag_key = :key"),
            entity)
        .bind("key", key)
        .execute();
  }

  List<TagAssignment> list(Handle handle, TaggedEntity entity) {
    return at(
            handle.createQuery("SELECT * FROM tag_assignments" + OF_ENTITY + " ORDER BY tag_key"),
            entity)
        .map((rows, context) -> tag(rows))
        .list();
  }

  /** Those of a table or view itself and of its columns. */
  List<TagAssignment> ofTable(Handle handle, Securable table) {
    return handle
        .createQuery(
            "SELECT * FROM tag_assignments WHERE securable_type = :type AND full_name = :name"
                + " ORDER BY column_name, tag_key")
        .bind("type", table.type().name())
        .bind("name", table.fullName())
        .map((rows, context) -> tag(rows))
        .list();
  }

  /** All of one kind in a catalog. */
  List<TagAssignment> within(Handle handle, SecurableType type, String catalog) {
    return handle
        .createQuery(
            "SELECT * FROM tag_assignments WHERE securable_type = :type"
                + " AND (full_name = :catalog OR substr(full_name, 1, :length) = :prefix)"
                + " ORDER BY full_name, column_name, tag_key")
        .bind("type", type.name())
        .bind("catalog", catalog)
        .bind("length", catalog.length() + 1)
        .bind("prefix", catalog + '.')
        .map((rows, context) -> tag(rows))
        .list();
  }

  void copyColumn(Handle handle, Securable table, String from, String to) {
    handle
        .createUpdate(
            "INSERT INTO tag_assignments (securable_type, full_name, column_name, tag_key,"
                + " tag_value, updated_by, updated_at)"
                + " SELECT securable_type, full_name, :to, tag_key, tag_value, updated_by,"
                + " updated_at FROM tag_assignments WHERE securable_type = :type"
                + " AND full_name = :name AND lower(column_name) = :from"
                + " ON CONFLICT DO NOTHING")
        .bind("type", table.type().name())
        .bind("name", table.fullName())
        .bind("from", from.toLowerCase(Locale.ROOT))
        .bind("to", to)
        .execute();
  }

  @Override
  public void forget(Handle handle, Securable securable) {
    handle
        .createUpdate(
            "DELETE FROM tag_assignments WHERE securable_type = :type AND full_name = :name")
        .bind("type", securable.type().name())
        .bind("name", securable.fullName())
        .execute();
    if (holds(securable)) {
      handle
          .createUpdate(
              "DELETE FROM tag_assignments WHERE securable_type <> 'CATALOG'"
                  + " AND substr(full_name, 1, :length) = :prefix")
          .bind("length", securable.fullName().length() + 1)
          .bind("prefix", securable.fullName() + '.')
          .execute();
    }
  }

  @Override
  public boolean hangsOn(Handle handle, Securable securable) {
    return handle
        .select(
            "SELECT 1 FROM tag_assignments WHERE securable_type = ? AND full_name = ? LIMIT 1",
            securable.type().name(),
            securable.fullName())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  @Override
  public void moved(Handle handle, Securable from, Securable to) {
    handle
        .createUpdate(
            "UPDATE tag_assignments SET full_name = :to"
                + " WHERE securable_type = :type AND full_name = :from")
        .bind("type", from.type().name())
        .bind("from", from.fullName())
        .bind("to", to.fullName())
        .execute();
    if (holds(from)) {
      handle
          .createUpdate(
              "UPDATE tag_assignments SET full_name = :to || substr(full_name, :length)"
                  + " WHERE securable_type <> 'CATALOG'"
                  + " AND substr(full_name, 1, :length) = :prefix")
          .bind("to", to.fullName())
          .bind("length", from.fullName().length() + 1)
          .bind("prefix", from.fullName() + '.')
          .execute();
    }
  }

  private static boolean holds(Securable securable) {
    return securable.type() == SecurableType.CATALOG || securable.type() == SecurableType.SCHEMA;
  }

  /**
   * A column that is written in another case is the same one. Tags of columns that are gone stay:
   * older versions of the table have them still, and policies hold for those too.
   */
  @Override
  public void columns(Handle handle, Securable table, Collection<String> columns) {
    Map<String, String> there = new HashMap<>();
    columns.forEach(each -> there.put(each.toLowerCase(Locale.ROOT), each));
    ofTable(handle, table).stream()
        .map(TagAssignment::entity)
        .filter(each -> each.column().isPresent() && !columns.contains(each.column().get()))
        .filter(each -> there.containsKey(each.column().get().toLowerCase(Locale.ROOT)))
        .distinct()
        .forEach(
            old -> {
              String column = old.column().get();
              copyColumn(handle, table, column, there.get(column.toLowerCase(Locale.ROOT)));
              at(handle.createUpdate("DELETE FROM tag_assignments" + OF_ENTITY), old).execute();
            });
  }

  private static <S extends SqlStatement<S>> S at(S statement, TaggedEntity entity) {
    return statement
        .bind("type", entity.securable().type().name())
        .bind("name", entity.securable().fullName())
        .bind("column", entity.column().orElse(""));
  }

  private static TagAssignment tag(ResultSet rows) throws SQLException {
    String column = rows.getString("column_name");
    return new TagAssignment(
        new TaggedEntity(
            new Securable(
                SecurableType.valueOf(rows.getString("securable_type")),
                rows.getString("full_name")),
            column.isEmpty() ? Optional.empty() : Optional.of(column)),
        rows.getString("tag_key"),
        rows.getString("tag_value"),
        rows.getString("updated_by"),
        rows.getLong("updated_at"));
  }
}
