package dev.tarn.govern.constraints;

import dev.tarn.govern.constraints.TableConstraint.Kind;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Constraints of tables over HTTP.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/tableconstraints">Databricks REST: table
 *     constraints</a>
 */
public final class ConstraintsRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog/constraints";

  private final Constraints constraints;

  public ConstraintsRoutes(Constraints constraints) {
    this.constraints = constraints;
  }

  record PrimaryKey(
      String name, List<String> childColumns, List<String> timeseriesColumns, Boolean rely) {}

  record ForeignKey(
      String name,
      List<String> childColumns,
      String parentTable,
      List<String> parentColumns,
      Boolean rely) {}

  record Named(String name) {}

  record Wire(
      PrimaryKey primaryKeyConstraint,
      ForeignKey foreignKeyConstraint,
      Named namedTableConstraint) {}

  record NewConstraint(String fullNameArg, Wire constraint) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post(BASE, Access.AUTHENTICATED, this::create),
        Route.delete(BASE + "/{full_name}", Access.AUTHENTICATED, this::delete));
  }

  /** Those of tables as their own information shows them to a principal who may see them. */
  public Map<EntityName, ? extends List<?>> shown(
      Principal principal, Collection<EntityName> tables) {
    Map<EntityName, List<Wire>> shown = new HashMap<>();
    constraints
        .visible(principal, tables)
        .forEach(
            (table, all) -> shown.put(table, all.stream().map(ConstraintsRoutes::wire).toList()));
    return shown;
  }

  private static Wire wire(TableConstraint each) {
    return switch (each.kind()) {
      case PRIMARY_KEY ->
          new Wire(
              new PrimaryKey(
                  each.name(),
                  each.columns(),
                  each.timeseriesColumns().isEmpty() ? null : each.timeseriesColumns(),
                  each.rely()),
              null,
              null);
      case FOREIGN_KEY ->
          new Wire(
              null,
              new ForeignKey(
                  each.name(),
                  each.columns(),
                  each.parentTable().fullName(),
                  each.parentColumns(),
                  each.rely()),
              null);
      case CHECK -> new Wire(null, null, new Named(each.name()));
    };
  }

  private Response create(Request request) {
    NewConstraint body = request.json(NewConstraint.class);
    EntityName table = EntityName.parse(body.fullNameArg());
    return Response.json(
        wire(constraints.add(request.principal(), constraint(table, body.constraint()))));
  }

  private static TableConstraint constraint(EntityName table, Wire wire) {
    if (wire != null && wire.primaryKeyConstraint() != null) {
      PrimaryKey key = wire.primaryKeyConstraint();
      return new TableConstraint(
          table,
          key.name(),
          Kind.PRIMARY_KEY,
          key.childColumns(),
          key.timeseriesColumns(),
          null,
          List.of(),
          Boolean.TRUE.equals(key.rely()),
          null);
    } else if (wire != null && wire.foreignKeyConstraint() != null) {
      ForeignKey key = wire.foreignKeyConstraint();
      return TableConstraint.foreignKey(
          table,
          key.name(),
          key.childColumns(),
          EntityName.parse(key.parentTable()),
          key.parentColumns(),
          Boolean.TRUE.equals(key.rely()));
    }
    throw TarnException.invalid(
        "Field 'constraint' needs 'primary_key_constraint' or 'foreign_key_constraint'. Checks are"
            + " added in SQL: ALTER TABLE … ADD CONSTRAINT … CHECK (…).");
  }

  private Response delete(Request request) {
    constraints.drop(
        request.principal(),
        EntityName.parse(request.path("full_name")),
        request
            .query("constraint_name")
            .orElseThrow(
                () -> TarnException.invalid("Query parameter 'constraint_name' is missing.")),
        request.query("cascade").map(Boolean::parseBoolean).orElse(false));
    return Response.json(Map.of());
  }
}
