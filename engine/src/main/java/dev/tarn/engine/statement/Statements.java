package dev.tarn.engine.statement;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.grants.Grant;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Carries out Tarn's own statements through the same facades as the REST API. */
public final class Statements {
  private final SessionContext context;

  public Statements(SessionContext context) {
    this.context = context;
  }

  /** Runs the statement if it is one of ours; its rows are already there when this returns. */
  public Optional<Dataset<Row>> execute(SparkSession spark, String sql) {
    StatementParser parser =
        new StatementParser(
            spark.sessionState().catalogManager().currentCatalog().name(),
            String.join(".", spark.sessionState().catalogManager().currentNamespace()));
    return parser.parse(sql).map(statement -> run(spark, statement));
  }

  private Dataset<Row> run(SparkSession spark, Statement statement) {
    Principal principal = context.principal();
    if (statement instanceof Statement.CreateCatalog s) {
      unlessExists(
          s.ifNotExists(), () -> context.catalogs().create(principal, s.name(), s.comment()));
    } else if (statement instanceof Statement.DropCatalog s) {
      ifExists(s.ifExists(), () -> context.catalogs().delete(principal, s.name(), s.cascade()));
    } else if (statement instanceof Statement.ShowCatalogs s) {
      Predicate<String> matches = like(s.pattern());
      return rows(
          spark,
          new StructType().add("catalog", "string", false),
          context.catalogs().list(principal).stream()
              .filter(c -> matches.test(c.name()))
              .map(c -> RowFactory.create(c.name()))
              .toList());
    } else if (statement instanceof Statement.CreateVolume s) {
      unlessExists(
          s.ifNotExists(),
          () -> context.volumes().create(principal, s.name(), s.location(), s.comment()));
    } else if (statement instanceof Statement.DropVolume s) {
      ifExists(s.ifExists(), () -> context.volumes().delete(principal, s.name()));
    } else if (statement instanceof Statement.ShowVolumes s) {
      Predicate<String> matches = like(s.pattern());
      return rows(
          spark,
          new StructType().add("database", "string", false).add("volume_name", "string", false),
          context.volumes().list(principal, s.schema()).stream()
              .filter(v -> matches.test(v.name().name()))
              .map(v -> RowFactory.create(v.name().schema(), v.name().name()))
              .toList());
    } else if (statement instanceof Statement.Grant s) {
      context.grants().grant(principal, s.securable(), s.principal(), s.privileges());
    } else if (statement instanceof Statement.Revoke s) {
      context.grants().revoke(principal, s.securable(), s.principal(), s.privileges());
    } else if (statement instanceof Statement.ShowGrants s) {
      return rows(
          spark,
          new StructType()
              .add("Principal", "string", false)
              .add("ActionType", "string", false)
              .add("ObjectType", "string", false)
              .add("ObjectKey", "string", false),
          context.grants().list(principal, s.securable()).stream()
              .filter(g -> s.principal().map(p -> p.equalsIgnoreCase(g.principal())).orElse(true))
              .map(Statements::row)
              .toList());
    }
    return rows(spark, new StructType(), List.of());
  }

  private static Row row(Grant grant) {
    return RowFactory.create(
        grant.principal(),
        grant.privilege().sql(),
        grant.securable().type().name(),
        grant.securable().fullName());
  }

  private static Dataset<Row> rows(SparkSession spark, StructType schema, List<Row> rows) {
    return spark.createDataFrame(rows, schema);
  }

  private static void unlessExists(boolean ifNotExists, Runnable create) {
    try {
      create.run();
    } catch (TarnException e) {
      if (!ifNotExists || e.code() != ErrorCode.RESOURCE_ALREADY_EXISTS) {
        throw e;
      }
    }
  }

  private static void ifExists(boolean ifExists, Runnable drop) {
    try {
      drop.run();
    } catch (TarnException e) {
      if (!ifExists || e.code().httpStatus() != 404) {
        throw e;
      }
    }
  }

  /** SHOW … LIKE: {@code *} stands for any characters, {@code |} separates choices, any case. */
  private static Predicate<String> like(Optional<String> pattern) {
    if (pattern.isEmpty()) {
      return name -> true;
    }
    StringBuilder regex = new StringBuilder();
    for (char c : pattern.get().toCharArray()) {
      regex.append(c == '*' ? ".*" : c == '|' ? "|" : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE).asMatchPredicate();
  }
}
