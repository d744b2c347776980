package dev.tarn.govern.constraints;

import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.constraints.TableConstraint.Kind;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Primary and foreign keys of tables, which inform readers and their tools, and are not enforced.
 * What Delta checks is kept beside them for whoever browses.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-table-add-constraint">ADD
 *     CONSTRAINT</a>
 */
public final class Constraints {
  private static final int CACHED_TABLES = 10_000;

  private final Jdbi jdbi;
  private final Grants grants;
  private final Tables tables;
  private final ConstraintsStore store;
  private final KeyCheck check;
  private final Epoch.Kept<EntityName, List<TableConstraint>> found;

  public Constraints(
      MetadataDatabase database, Grants grants, Tables tables, ConstraintsStore store) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.tables = tables;
    this.store = store;
    this.found = grants.kept(CACHED_TABLES);
    this.check = new KeyCheck(grants, tables, this::of);
  }

  /**
   * Adds a key to a table.
   *
   * @return it as it is kept, with its name and its columns as the tables spell them
   * @throws TarnException PERMISSION_DENIED without ownership of the table or {@code MANAGE} on it,
   *     and for a foreign key {@code SELECT} on the other; RESOURCE_ALREADY_EXISTS if the table has
   *     a constraint of this name, or a primary key; INVALID_PARAMETER_VALUE if the columns do not
   *     fit
   */
  public TableConstraint add(Principal by, TableConstraint constraint) {
    TableInfo table = managed(by, constraint.table());
    TableConstraint checked = check.fits(by, constraint, table, of(table.name()));
    return grants.changing(handle -> add(handle, checked));
  }

  /**
   * The same of the keys that a table is made with, all or none; those that it had before go.
   *
   * @param constraints of this table, not of checks
   */
  public void replace(Principal by, EntityName name, List<TableConstraint> constraints) {
    TableInfo table = managed(by, name);
    List<TableConstraint> checked =
        constraints.stream().map(each -> check.fits(by, each, table, constraints)).toList();
    grants.changing(
        handle -> {
          for (TableConstraint old : store.of(handle, name.fullName())) {
            if (old.kind() != Kind.CHECK) {
              remove(handle, old, true);
            }
          }
          checked.forEach(each -> add(handle, each));
          return null;
        });
  }

  /**
   * Whether the other tables of the keys of a table to be are there and may be referred to.
   *
   * @throws TarnException as {@link #add}
   */
  public void requireParents(Principal by, List<TableConstraint> constraints) {
    for (TableConstraint each : constraints) {
      if (each.kind() == Kind.FOREIGN_KEY && !each.parentTable().equals(each.table())) {
        check.requireParent(by, each);
      }
    }
  }

  private TableInfo managed(Principal by, EntityName name) {
    TableInfo table = tables.get(by, name);
    grants.requireTable(by, Privilege.MANAGE, name);
    if (table.tableType() == TableType.VIEW) {
      throw TarnException.invalid("'" + name + "' is a view, which has no constraints.");
    }
    return table;
  }

  private static String newName(TableConstraint constraint, List<TableConstraint> others) {
    String start =
        constraint.table().name()
            + (constraint.kind() == Kind.PRIMARY_KEY
                ? "_pk"
                : '_' + constraint.parentTable().name() + "_fk");
    Predicate<String> taken = name -> others.stream().anyMatch(each -> each.name().equals(name));
    String name = start;
    for (int i = 2; taken.test(name); i++) {
      name = start + '_' + i;
    }
    return name;
  }

  private TableConstraint add(Handle handle, TableConstraint checked) {
    if (checked.columns().isEmpty()) {
      throw TarnException.invalid("A key of '" + checked.table() + "' names no columns.");
    }
    List<TableConstraint> others = store.of(handle, checked.table().fullName());
    TableConstraint constraint =
        checked.name() == null
            ? checked.with(newName(checked, others), checked.columns(), checked.parentColumns())
            : checked;
    for (TableConstraint other : others) {
      if (other.name().equals(constraint.name())) {
        throw TarnException.alreadyExists("Constraint", constraint.name());
      }
      if (other.kind() == Kind.PRIMARY_KEY && constraint.kind() == Kind.PRIMARY_KEY) {
        throw TarnException.alreadyExists("Primary key of", constraint.table().fullName());
      }
    }
    store.insert(handle, constraint);
    return constraint;
  }

  /**
   * Drops a key.
   *
   * @param cascade whether foreign keys that refer to a primary key go too
   * @throws TarnException PERMISSION_DENIED without ownership of the table or {@code MANAGE} on it;
   *     RESOURCE_DOES_NOT_EXIST; RESOURCE_CONFLICT if foreign keys refer to it
   */
  public void drop(Principal by, EntityName table, String name, boolean cascade) {
    managed(by, table);
    grants.changing(
        handle -> {
          remove(
              handle,
              store.of(handle, table.fullName()).stream()
                  .filter(each -> each.name().equalsIgnoreCase(name) && each.kind() != Kind.CHECK)
                  .findFirst()
                  .orElseThrow(() -> missing("key '" + name + "'", table)),
              cascade);
          return null;
        });
  }

  /** As {@link #drop}, of the one primary key. */
  public void dropPrimaryKey(Principal by, EntityName table, boolean cascade) {
    managed(by, table);
    drop(
        by,
        table,
        of(table).stream()
            .filter(each -> each.kind() == Kind.PRIMARY_KEY)
            .findFirst()
            .orElseThrow(() -> missing("primary key", table))
            .name(),
        cascade);
  }

  /** As {@link #drop}, of the foreign key on these columns. */
  public void dropForeignKey(Principal by, EntityName table, List<String> columns) {
    managed(by, table);
    drop(
        by,
        table,
        of(table).stream()
            .filter(each -> each.kind() == Kind.FOREIGN_KEY)
            .filter(each -> KeyCheck.lower(each.columns()).equals(KeyCheck.lower(columns)))
            .findFirst()
            .orElseThrow(() -> missing("foreign key on these columns", table))
            .name(),
        false);
  }

  private void remove(Handle handle, TableConstraint constraint, boolean cascade) {
    if (constraint.kind() == Kind.PRIMARY_KEY) {
      for (TableConstraint referring : store.referring(handle, constraint.table().fullName())) {
        if (!cascade) {
          throw new TarnException(
              ErrorCode.RESOURCE_CONFLICT,
              "2BP01",
              "Constraint '"
                  + constraint.name()
                  + "' is referred to by '"
                  + referring.name()
                  + "' of another table. Drop that first, or use CASCADE.",
              null);
        }
        store.delete(handle, referring);
      }
    }
    store.delete(handle, constraint);
  }

  /** No check: the constraints of a table, by name. */
  public List<TableConstraint> of(EntityName table) {
    return found.get(
        table, grants.epoch(), () -> jdbi.withHandle(h -> store.of(h, table.fullName())));
  }

  /** Those of a table, as far as the principal may see what they refer to. */
  public List<TableConstraint> visible(Principal principal, EntityName table) {
    return of(table).stream().filter(each -> seesParent(principal, each)).toList();
  }

  /** As the other, of many tables; those that have none are left out. */
  public Map<EntityName, List<TableConstraint>> visible(
      Principal principal, Collection<EntityName> tables) {
    long now = grants.epoch();
    List<EntityName> missing = tables.stream().filter(each -> !found.has(each, now)).toList();
    if (missing.size() > 1) {
      Map<EntityName, List<TableConstraint>> read =
          jdbi.withHandle(handle -> store.of(handle, missing));
      missing.forEach(each -> found.put(each, now, read.getOrDefault(each, List.of())));
    }
    Map<EntityName, List<TableConstraint>> visible = new HashMap<>();
    for (EntityName table : tables) {
      List<TableConstraint> own =
          found.get(table, now, () -> jdbi.withHandle(h -> store.of(h, table.fullName())));
      if (!own.isEmpty()) {
        visible.put(table, own.stream().filter(each -> seesParent(principal, each)).toList());
      }
    }
    return visible;
  }

  /** Those in a catalog, of tables that the principal may see, and so what they refer to. */
  public List<TableConstraint> within(Principal principal, String catalog) {
    Map<EntityName, Boolean> seen = new HashMap<>();
    return jdbi.withHandle(handle -> store.within(handle, catalog)).stream()
        .filter(
            each ->
                seen.computeIfAbsent(
                    each.table(), name -> grants.sees(principal, Securable.table(name))))
        .filter(each -> seesParent(principal, each))
        .toList();
  }

  /** The foreign keys that refer to a table, of tables that the principal may see. */
  public List<TableConstraint> referring(Principal principal, EntityName parent) {
    return jdbi.withHandle(handle -> store.referring(handle, parent.fullName())).stream()
        .filter(each -> grants.sees(principal, Securable.table(each.table())))
        .toList();
  }

  private boolean seesParent(Principal principal, TableConstraint key) {
    return key.kind() != Kind.FOREIGN_KEY
        || (tables.find(key.parentTable()).isPresent()
            && grants.sees(principal, Securable.table(key.parentTable())));
  }

  /** Whether the table has a key of this name. */
  public boolean isKey(EntityName table, String name) {
    return of(table).stream()
        .anyMatch(each -> each.name().equalsIgnoreCase(name) && each.kind() != Kind.CHECK);
  }

  /** The primary key that a foreign key refers to, as it stands now. */
  public Optional<TableConstraint> referred(TableConstraint key) {
    return of(key.parentTable()).stream()
        .filter(each -> each.kind() == Kind.PRIMARY_KEY)
        .findFirst();
  }

  /**
   * After Delta has renamed a column, whose keys and whatever else hangs on it go along; no check.
   */
  public void renamed(EntityName table, String from, String to) {
    grants.changing(
        handle -> {
          grants.columnMoved(handle, Securable.table(table), from, to);
          return null;
        });
  }

  /**
   * Notes what Delta checks now; no check.
   *
   * @param checks expressions by name
   */
  public void checks(EntityName table, Map<String, String> checks) {
    Map<String, String> known = new HashMap<>();
    of(table).stream()
        .filter(each -> each.kind() == Kind.CHECK)
        .forEach(each -> known.put(each.name(), each.expression()));
    if (known.equals(checks)) {
      return;
    }
    grants.changing(
        handle -> {
          for (TableConstraint old : store.of(handle, table.fullName())) {
            if (old.kind() == Kind.CHECK || checks.containsKey(old.name())) {
              store.delete(handle, old);
            }
          }
          checks.forEach(
              (name, sql) -> store.insert(handle, TableConstraint.check(table, name, sql)));
          return null;
        });
  }

  private static TarnException missing(String what, EntityName table) {
    return new TarnException(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "42704",
        "Table '" + table + "' has no " + what + ". Check the spelling.",
        null);
  }
}
