package dev.tarn.engine.statement;

import dev.tarn.engine.constraint.TableKeys;
import dev.tarn.engine.copy.FileLoader;
import dev.tarn.engine.copy.Load;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.govern.catalog.CatalogInfo;
import dev.tarn.govern.catalog.TableSummary;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.VolumeInfo;
import dev.tarn.govern.grants.Grant;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.SchemaName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.CloneTableStatement;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Carries out Tarn's own statements through the same facades as the REST API. */
public final class Statements {
  private final SparkSession spark;
  private final SessionContext context;

  Statements(SparkSession spark, SessionContext context) {
    this.spark = spark;
    this.context = context;
  }

  /** Whether the text begins like a statement of ours. */
  public static boolean isOurs(String sql) {
    return StatementParser.isOurs(sql);
  }

  /**
   * The statement as a command for Spark, its names resolved in the session; empty if it is not one
   * of ours.
   *
   * @param files what COPY INTO loads from
   * @throws TarnException SQLSTATE 42601 if it begins like one of ours, but goes on wrongly; 0A000
   *     if it is a statement of Databricks' that nobody here knows
   */
  public static Optional<LogicalPlan> plan(
      SparkSession spark, String sql, Optional<FileLoader> files) {
    Unsupported.refuse(sql);
    if (!isOurs(sql)) {
      return Optional.empty();
    }
    var catalogs = spark.sessionState().catalogManager();
    Statement statement =
        new StatementParser(
                catalogs.currentCatalog().name(), String.join(".", catalogs.currentNamespace()))
            .parse(sql);
    return Optional.of(
        command(
            statement instanceof Statement.CopyFiles s
                ? new Statement.LoadFiles(
                    new Load(spark, SessionRegistry.of(spark), files, s.copy()))
                : statement));
  }

  /**
   * What Spark's or Delta's parser understands and Tarn carries out, as a command; else the plan
   * itself.
   *
   * @param keys that the statement names
   */
  public static LogicalPlan own(SparkSession spark, LogicalPlan parsed, TableKeys keys) {
    return parsed instanceof CloneTableStatement clone
        ? command(new TableClones(spark).parsed(clone))
        : keys.change(parsed)
            .<Statement>map(Statement.ChangeKey::new)
            .or(() -> new FunctionStatements(spark).parsed(parsed))
            .or(() -> new ExtendedDescription(spark).parsed(parsed))
            .map(Statements::command)
            .orElseGet(() -> keys.hidden(parsed));
  }

  private static LogicalPlan command(Statement statement) {
    return new StatementCommand(statement, attributes(columns(statement)));
  }

  private static Seq<Attribute> attributes(StructType columns) {
    List<Attribute> attributes = new ArrayList<>();
    DataTypeUtils.toAttributes(columns).foreach(attributes::add);
    return CollectionConverters.asScala(attributes).toSeq();
  }

  private static StructType columns(Statement statement) {
    if (statement instanceof Statement.Call call) {
      StructType columns = new StructType();
      for (String name : call.columns()) {
        columns = columns.add(name, "string", true);
      }
      return columns;
    } else if (statement instanceof Statement.ShowCatalogs) {
      return strings("catalog");
    } else if (statement instanceof Statement.ShowVolumes) {
      return strings("database", "volume_name");
    } else if (statement instanceof Statement.ShowViews) {
      return strings("namespace", "viewName")
          .add("isTemporary", "boolean", false)
          .add("isMaterialized", "boolean", false);
    } else if (statement instanceof Statement.ShowGrants) {
      return strings("Principal", "ActionType", "ObjectType", "ObjectKey");
    } else if (statement instanceof Statement.ShowPolicies) {
      return strings("policy_name", "policy_type", "securable_type", "securable_name");
    } else if (statement instanceof Statement.DescribePolicy
        || statement instanceof Statement.DescribeCatalog
        || statement instanceof Statement.DescribeVolume) {
      return strings("info_name", "info_value");
    } else if (statement instanceof Statement.DescribeAsJson) {
      return strings("json_metadata");
    } else if (statement instanceof Statement.ShowCreateTable) {
      return strings("createtab_stmt");
    } else if (statement instanceof Statement.DescribeFunction) {
      return strings("function_desc");
    } else if (statement instanceof Statement.CloneTable) {
      return TableClones.columns();
    } else if (statement instanceof Statement.LoadFiles s) {
      return s.load().columns();
    }
    return new StructType();
  }

  private static StructType strings(String... names) {
    StructType columns = new StructType();
    for (String name : names) {
      columns = columns.add(name, "string", false);
    }
    return columns;
  }

  List<Row> run(Statement statement) {
    Principal principal = context.principal();
    if (statement instanceof Statement.Call call) {
      return call.action().apply(context);
    } else if (statement instanceof Statement.DropCatalog s) {
      ifExists(s.ifExists(), () -> context.catalogs().delete(principal, s.name(), s.cascade()));
    } else if (statement instanceof Statement.UseCatalog s) {
      String name = context.catalogs().get(principal, s.name()).name();
      spark.sessionState().catalogManager().setCurrentCatalog(name);
    } else if (statement instanceof Statement.ShowCatalogs s) {
      return named(
          context.catalogs().list(principal).stream().map(CatalogInfo::name).toList(), s.pattern());
    } else if (statement instanceof Statement.DescribeCatalog s) {
      return describe(context.catalogs().get(principal, s.name()), s.extended());
    } else if (statement instanceof Statement.CreateVolume s) {
      unlessExists(
          s.ifNotExists(),
          () -> context.volumes().create(principal, s.name(), s.location(), s.comment()));
    } else if (statement instanceof Statement.DropVolume s) {
      ifExists(s.ifExists(), () -> context.volumes().delete(principal, s.name()));
    } else if (statement instanceof Statement.ShowVolumes s) {
      Predicate<String> matches = like(s.pattern());
      return context.volumes().list(principal, s.schema()).stream()
          .filter(v -> matches.test(v.name().name()))
          .map(v -> RowFactory.create(v.name().schema(), v.name().name()))
          .toList();
    } else if (statement instanceof Statement.DescribeVolume s) {
      return describe(context.volumes().get(principal, s.name()));
    } else if (statement instanceof Statement.ShowViews s) {
      return views(s.schema(), like(s.pattern()));
    } else if (statement instanceof Statement.ShowCreateTable s) {
      return List.of(
          RowFactory.create(TableDescription.of(spark, context, s.table()).createStatement()));
    } else if (statement instanceof Statement.DescribeAsJson s) {
      return List.of(RowFactory.create(TableDescription.of(spark, context, s.table()).json()));
    } else if (statement instanceof Statement.CommentOn s) {
      new CommentsAndOwners(spark, context).comment(s.securable(), s.comment().orElse(""));
    } else if (statement instanceof Statement.CommentOnColumn s) {
      new CommentsAndOwners(spark, context).comment(s.table(), s.column(), s.comment().orElse(""));
    } else if (statement instanceof Statement.CloneTable s) {
      return new TableClones(spark).run(s);
    } else if (statement instanceof Statement.LoadFiles s) {
      return s.load().run();
    } else if (statement instanceof Statement.CreateFunction s) {
      new FunctionStatements(spark).create(context, s);
    } else if (statement instanceof Statement.DropFunction s) {
      ifExists(s.ifExists(), () -> context.functions().delete(principal, s.name()));
    } else if (statement instanceof Statement.DescribeFunction s) {
      return new FunctionStatements(spark).describe(context, s);
    } else if (statement instanceof Statement.SetTags s) {
      context.tags().set(principal, s.entity(), s.tags());
    } else if (statement instanceof Statement.UnsetTags s) {
      context.tags().unset(principal, s.entity(), s.keys());
    } else if (statement instanceof Statement.SetTag s) {
      context.tags().create(principal, s.entity(), s.key(), s.value());
    } else if (statement instanceof Statement.UnsetTag s) {
      context.tags().delete(principal, s.entity(), s.key());
    } else if (FilterStatements.isOne(statement)) {
      new FilterStatements(spark, context).run(statement);
    } else if (PolicyStatements.isOne(statement)) {
      return new PolicyStatements(context).run(statement);
    } else if (statement instanceof Statement.ChangeKey s) {
      change(s.change());
    } else if (statement instanceof Statement.DropPrimaryKey s) {
      ifExists(
          s.ifExists(),
          () -> context.constraints().dropPrimaryKey(principal, s.table(), s.cascade()));
    } else if (statement instanceof Statement.DropForeignKey s) {
      ifExists(
          s.ifExists(),
          () -> context.constraints().dropForeignKey(principal, s.table(), s.columns()));
    } else if (statement instanceof Statement.SetOwner s) {
      new CommentsAndOwners(spark, context).owner(s.securable(), s.owner());
    } else if (statement instanceof Statement.Grant s) {
      context.grants().grant(principal, s.securable(), s.principal(), s.privileges());
    } else if (statement instanceof Statement.Revoke s) {
      context.grants().revoke(principal, s.securable(), s.principal(), s.privileges());
    } else if (statement instanceof Statement.ShowGrants s) {
      return (s.principal().isPresent()
              ? context.grants().listEffective(principal, s.securable(), s.principal().get())
              : context.grants().listEffective(principal, s.securable()))
          .stream().map(Statements::row).toList();
    }
    return List.of();
  }

  private void change(TableKeys.Change key) {
    if (key.added().isPresent()) {
      context.constraints().add(context.principal(), key.added().get());
    } else {
      context.constraints().drop(context.principal(), key.table(), key.dropped(), key.cascade());
    }
  }

  private static Row row(Grant grant) {
    return RowFactory.create(
        grant.principal(),
        grant.privilege().sql(),
        grant.securable().type().name(),
        grant.securable().fullName());
  }

  private static List<Row> named(List<String> names, Optional<String> pattern) {
    Predicate<String> matches = like(pattern);
    return names.stream().filter(matches).map(name -> RowFactory.create(name)).toList();
  }

  private List<Row> describe(CatalogInfo catalog, boolean extended) {
    boolean browsed =
        context.grants().browsesOnly(context.principal(), Securable.catalog(catalog.name()));
    List<Row> rows = new ArrayList<>();
    rows.add(RowFactory.create("Catalog Name", catalog.name()));
    rows.add(RowFactory.create("Comment", catalog.comment() == null ? "" : catalog.comment()));
    rows.add(RowFactory.create("Owner", catalog.owner()));
    if (extended) {
      rows.add(
          RowFactory.create("Catalog Type", catalog.foreign().isPresent() ? "Foreign" : "Regular"));
      catalog
          .foreign()
          .ifPresent(
              from -> {
                rows.add(RowFactory.create("Connection Name", from.connection()));
                from.options()
                    .forEach((key, value) -> rows.add(RowFactory.create("Option " + key, value)));
              });
      rows.add(RowFactory.create("Created At", Instant.ofEpochMilli(catalog.createdAt()) + ""));
      rows.add(RowFactory.create("Updated At", Instant.ofEpochMilli(catalog.updatedAt()) + ""));
      catalog
          .storage()
          .filter(root -> !browsed)
          .ifPresent(
              root -> {
                rows.add(RowFactory.create("Storage Root", root.url()));
                rows.add(RowFactory.create("Storage Location", root.location()));
              });
    }
    return rows;
  }

  private static List<Row> describe(VolumeInfo volume) {
    return List.of(
        RowFactory.create("name", volume.name().name()),
        RowFactory.create("catalog", volume.name().catalog()),
        RowFactory.create("database", volume.name().schema()),
        RowFactory.create("owner", volume.owner()),
        RowFactory.create("storageLocation", volume.storageLocation()),
        RowFactory.create("volumeType", volume.volumeType()),
        RowFactory.create("comment", volume.comment() == null ? "" : volume.comment()));
  }

  private List<Row> views(SchemaName schema, Predicate<String> matches) {
    List<Row> rows = new ArrayList<>();
    for (TableSummary table : context.tables().summaries(context.principal(), schema)) {
      boolean materialized = table.tableType() == TableType.MATERIALIZED_VIEW;
      if ((materialized || table.tableType() == TableType.VIEW)
          && matches.test(table.name().name())) {
        rows.add(RowFactory.create(schema.schema(), table.name().name(), false, materialized));
      }
    }
    for (String name :
        CollectionConverters.asJava(
            spark.sessionState().catalog().getTempViewNames().toIndexedSeq())) {
      if (matches.test(name)) {
        rows.add(RowFactory.create("", name, true, false));
      }
    }
    return rows;
  }

  static void unlessExists(boolean ifNotExists, Runnable create) {
    try {
      create.run();
    } catch (TarnException e) {
      if (!ifNotExists || e.code() != ErrorCode.RESOURCE_ALREADY_EXISTS) {
        throw e;
      }
    }
  }

  static void ifExists(boolean ifExists, Runnable drop) {
    try {
      drop.run();
    } catch (TarnException e) {
      if (!ifExists || e.code().httpStatus() != 404) {
        throw e;
      }
    }
  }

  static Predicate<String> like(Optional<String> pattern) {
    return pattern.map(NamePattern::ofShow).orElse(NamePattern.ANY)::matches;
  }
}
