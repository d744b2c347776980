package dev.tarn.govern.tags;

import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Tags: keys with values on catalogs, schemas, tables, views, columns, volumes and functions. Who
 * may see the securable may see its tags.
 *
 * @see <a href="https://docs.databricks.com/aws/en/database-objects/tags">Tags of securables</a>
 */
public final class Tags {
  private static final int MOST_TAGS = 50;
  private static final int CACHED_TABLES = 10_000;

  private final Jdbi jdbi;
  private final Grants grants;
  private final Tables tables;
  private final TagPolicies policies;
  private final TagsStore store;
  private final Epoch.Kept<Securable, TableTags> ofTables;

  public Tags(
      MetadataDatabase database,
      Grants grants,
      Tables tables,
      TagPolicies policies,
      TagsStore store) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.tables = tables;
    this.policies = policies;
    this.store = store;
    this.ofTables = grants.kept(CACHED_TABLES, Securable::fullName);
  }

  /**
   * Puts a tag on something that does not have it.
   *
   * @param value null for none
   * @throws TarnException PERMISSION_DENIED without {@code APPLY TAG} on the securable and {@code
   *     USE} of what it lies in, or for a governed tag; RESOURCE_ALREADY_EXISTS;
   *     INVALID_PARAMETER_VALUE
   */
  public TagAssignment create(Principal by, TaggedEntity entity, String key, String value) {
    TaggedEntity there = requireApply(by, entity);
    return grants.changing(
        there.securable(),
        handle -> {
          if (find(handle, there, key).isPresent()) {
            throw TarnException.alreadyExists("Tag", key + "' of '" + there.name());
          }
          return put(handle, by, there, key, value);
        });
  }

  /** Changes the value of a tag that is there; else as {@link #create}. */
  public TagAssignment update(Principal by, TaggedEntity entity, String key, String value) {
    TaggedEntity there = requireApply(by, entity);
    return grants.changing(
        there.securable(),
        handle -> {
          find(handle, there, key).orElseThrow(() -> missing(there, key));
          return put(handle, by, there, key, value);
        });
  }

  /**
   * Puts tags on something, whether it has them or not; else as {@link #create}.
   *
   * @param tags values by key, empty for none
   */
  public void set(Principal by, TaggedEntity entity, Map<String, String> tags) {
    TaggedEntity there = requireApply(by, entity);
    grants.changing(
        there.securable(),
        handle -> {
          tags.forEach((key, value) -> put(handle, by, there, key, value));
          return null;
        });
  }

  /** Takes a tag off; else as {@link #update}. */
  public void delete(Principal by, TaggedEntity entity, String key) {
    TaggedEntity there = requireApply(by, entity);
    grants.changing(
        there.securable(),
        handle -> {
          find(handle, there, key).orElseThrow(() -> missing(there, key));
          policies.requireAssign(handle, by, key);
          store.remove(handle, there, key);
          return null;
        });
  }

  /** Takes tags off, whether they are there or not; else as {@link #create}. */
  public void unset(Principal by, TaggedEntity entity, Collection<String> keys) {
    TaggedEntity there = requireApply(by, entity);
    grants.changing(
        there.securable(),
        handle -> {
          for (String key : keys) {
            policies.requireAssign(handle, by, key);
            store.remove(handle, there, key);
          }
          return null;
        });
  }

  private TagAssignment put(
      Handle handle, Principal by, TaggedEntity entity, String key, String value) {
    TagAssignment tag =
        new TagAssignment(
            entity,
            TagText.key(key),
            TagText.value(value),
            by.name().toLowerCase(Locale.ROOT),
            System.currentTimeMillis());
    policies.requireAssign(handle, by, key);
    policies.requireAllowed(handle, key, tag.value());
    store.put(handle, tag);
    if (store.list(handle, entity).size() > MOST_TAGS) {
      throw TarnException.invalid(entity + " cannot have more than " + MOST_TAGS + " tags.");
    }
    return tag;
  }

  private Optional<TagAssignment> find(Handle handle, TaggedEntity entity, String key) {
    return store.list(handle, entity).stream().filter(tag -> tag.key().equals(key)).findFirst();
  }

  private TaggedEntity requireApply(Principal by, TaggedEntity entity) {
    grants.requireUse(by, entity.securable());
    grants.require(by, Privilege.APPLY_TAG, entity.securable());
    return existing(entity);
  }

  /** The same, with the column spelled as the table does. */
  private TaggedEntity existing(TaggedEntity entity) {
    grants.requireExists(entity.securable());
    if (entity.column().isEmpty()) {
      return entity;
    }
    String column = entity.column().get();
    return tables.find(EntityName.parse(entity.securable().fullName())).stream()
        .flatMap(table -> table.columns().stream())
        .map(ColumnInfo::name)
        .filter(column::equalsIgnoreCase)
        .findFirst()
        .map(name -> TaggedEntity.column(entity.securable(), name))
        .orElseThrow(
            () ->
                TarnException.notFound(ErrorCode.RESOURCE_DOES_NOT_EXIST, "Column", entity.name()));
  }

  /**
   * The tags of something, by key.
   *
   * @throws TarnException PERMISSION_DENIED unless the principal may see it; that it does not exist
   */
  public List<TagAssignment> list(Principal principal, TaggedEntity entity) {
    Securable securable = entity.securable();
    if (!grants.sees(principal, securable)) {
      grants.requireUse(principal, securable);
      grants.require(principal, Privilege.APPLY_TAG, securable);
    }
    TaggedEntity there = existing(entity);
    return jdbi.withHandle(handle -> store.list(handle, there));
  }

  /** As {@link #list}, of one key; RESOURCE_DOES_NOT_EXIST if it is not there. */
  public TagAssignment get(Principal principal, TaggedEntity entity, String key) {
    return list(principal, entity).stream()
        .filter(tag -> tag.key().equals(key))
        .findFirst()
        .orElseThrow(() -> missing(entity, key));
  }

  /**
   * The tags in a catalog that the principal may see, of securables of one type; those of columns
   * are among those of tables.
   */
  public List<TagAssignment> within(Principal principal, SecurableType type, String catalog) {
    Set<Securable> seen = new HashSet<>();
    Set<Securable> hidden = new HashSet<>();
    return jdbi.withHandle(handle -> store.within(handle, type, catalog)).stream()
        .filter(
            tag -> {
              Securable securable = tag.entity().securable();
              if (!seen.contains(securable) && !hidden.contains(securable)) {
                (grants.sees(principal, securable) ? seen : hidden).add(securable);
              }
              return seen.contains(securable);
            })
        .filter(
            tag ->
                tag.entity().column().isEmpty()
                    || has(
                        EntityName.parse(tag.entity().securable().fullName()),
                        tag.entity().column().get()))
        .toList();
  }

  /** No check: what hangs on a table, and on columns that it has or had, for policies. */
  public TableTags ofTable(EntityName name) {
    Securable table = Securable.table(name);
    return ofTables.get(table, grants.epoch(), () -> ofTable(name, name.parent()));
  }

  /** As the other, of a table as if it lay in another schema. */
  public TableTags ofTable(EntityName name, SchemaName schema) {
    return jdbi.withHandle(
        handle ->
            TableTags.of(
                List.of(
                    store.list(handle, TaggedEntity.of(Securable.catalog(schema.catalog()))),
                    store.list(handle, TaggedEntity.of(Securable.schema(schema)))),
                store.ofTable(handle, Securable.table(name))));
  }

  /**
   * Before a column is renamed: its tags are on both names then, the new one and that which older
   * versions of the table have.
   */
  public void renaming(EntityName table, String from, String to) {
    if (has(table, to)) {
      return;
    }
    grants.changing(
        Securable.table(table),
        handle -> {
          store.copyColumn(handle, Securable.table(table), from, to);
          return null;
        });
  }

  private boolean has(EntityName table, String column) {
    return tables.find(table).stream()
        .flatMap(info -> info.columns().stream())
        .anyMatch(each -> each.name().equalsIgnoreCase(column));
  }

  private static TarnException missing(TaggedEntity entity, String key) {
    return new TarnException(
        ErrorCode.RESOURCE_DOES_NOT_EXIST, "42704", entity + " has no tag '" + key + "'.", null);
  }
}
