package dev.tarn.engine.policy;

import dev.tarn.engine.catalog.TarnCatalog;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.ShownPlans;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.analysis.GlobalTempView$;
import org.apache.spark.sql.catalyst.analysis.PersistedView$;
import org.apache.spark.sql.catalyst.analysis.ResolvedIdentifier;
import org.apache.spark.sql.catalyst.analysis.ResolvedNamespace;
import org.apache.spark.sql.catalyst.analysis.ResolvedTable;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.catalyst.expressions.CallMethodViaReflection;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.AlterViewAs;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.CreateFlowCommand;
import org.apache.spark.sql.catalyst.plans.logical.CreatePipelineDataset;
import org.apache.spark.sql.catalyst.plans.logical.CreateView;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ScriptTransformation;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.CatalogPlugin;
import org.apache.spark.sql.delta.catalog.DeltaCatalog;
import org.apache.spark.sql.delta.catalog.DeltaTableV2;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.execution.command.CreateSQLFunctionCommand;
import org.apache.spark.sql.execution.command.CreateViewCommand;
import org.apache.spark.sql.execution.command.DropFunctionCommand;
import org.apache.spark.sql.execution.command.ExplainCommand;
import org.apache.spark.sql.execution.command.ResetCommand;
import org.apache.spark.sql.execution.command.SetCommand;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * What no statement may do, whatever the path it came by. The grants on tables are checked where
 * names are resolved; this rule stops what would go around names: files by path, code in the JVM,
 * programs, settings. It is a list of what is allowed: a command that Spark or Delta add tomorrow
 * is refused until somebody has thought about it.
 */
public final class PlanPolicy {
  /** Commands that act on names only (and so on grants), or on the session alone. */
  private static final Set<String> COMMANDS =
      Set.of(
          // queries that are commands to Spark
          "ExplainCommand",
          "DescribeQueryCommand",
          "CommandResult",
          // rows
          "AppendData",
          "OverwriteByExpression",
          "OverwritePartitionsDynamic",
          "DeleteFromTable",
          "UpdateTable",
          "MergeIntoTable",
          "DeltaDelete",
          "DeltaUpdateTable",
          "DeltaMergeInto",
          "DeleteCommand",
          "UpdateCommand",
          "MergeIntoCommand",
          "AppendDelta",
          "DeltaDynamicPartitionOverwriteCommand",
          // tables
          "CreateTable",
          "CreateTableAsSelect",
          "ReplaceTable",
          "ReplaceTableAsSelect",
          "DropTable",
          "TruncateTable",
          "TruncateDeltaTableCommand",
          "RenameTable",
          "AddColumns",
          "AlterColumns",
          "DropColumns",
          "RenameColumn",
          "ReplaceColumns",
          "SetTableProperties",
          "UnsetTableProperties",
          "CommentOnTable",
          "AddConstraint",
          "AddCheckConstraint",
          "DropConstraint",
          "AlterTableAddConstraint",
          "AlterTableDropConstraint",
          "AlterTableClusterBy",
          "AlterTableDropFeature",
          "ShowTables",
          "ShowTablesExtended",
          "ShowColumns",
          "ShowColumnsCommand",
          "ShowDeltaTableColumnsCommand",
          "ShowTableProperties",
          "ShowCreateTable",
          "ShowPartitions",
          "ShowDeltaPartitionsCommand",
          "DescribeRelation",
          "DescribeRelationJsonCommand",
          "DescribeColumn",
          "DescribeTableCommand",
          "DescribeColumnCommand",
          "DescribeDeltaHistory",
          "DescribeDeltaHistoryCommand",
          "DescribeDeltaDetailCommand",
          "OptimizeTableCommand",
          "VacuumTableCommand",
          "DeltaReorgTable",
          "DeltaReorgTableCommand",
          "RestoreTableStatement",
          "RestoreTableCommand",
          // schemas
          "CreateNamespace",
          "DropNamespace",
          "DescribeNamespace",
          "ShowNamespaces",
          "ShowNamespacesCommand",
          "ShowCurrentNamespaceCommand",
          "CommentOnNamespace",
          // the session
          "SetCommand",
          "ResetCommand",
          "SetCatalogCommand",
          "SetCatalogAndNamespace",
          "SetNamespaceCommand",
          "CreateViewCommand",
          "CreateView",
          "AlterViewAs",
          "AlterViewSchemaBinding",
          "SetViewProperties",
          "UnsetViewProperties",
          "DropView",
          "DropTempViewCommand",
          "DropTempView",
          "ShowViews",
          "ShowViewsCommand",
          "ShowCatalogsCommand",
          "CreateVariable",
          "SetVariable",
          "DropVariable",
          "DeclareCursor",
          "OpenCursor",
          "FetchCursor",
          "CloseCursor",
          "CreateSQLFunctionCommand",
          "DropFunctionCommand",
          "ShowCollationsCommand",
          "RefreshTable",
          // Tarn's own, which check grants themselves
          "StatementCommand",
          "ShowFunctions",
          "ShowFunctionsCommand",
          "DescribeFunction",
          "DescribeFunctionCommand",
          "DeltaDynamicPartitionOverwrite");

  /** Commands on a table that change its files and take its name as if to read it. */
  private static final Set<String> MODIFYING =
      Set.of(
          "OptimizeTableCommand",
          "VacuumTableCommand",
          "DeltaReorgTable",
          "DeltaReorgTableCommand",
          "RestoreTableStatement",
          "RestoreTableCommand",
          "TruncateTable",
          "TruncateDeltaTableCommand");

  /** Settings that change what a statement means to its own user, and nothing else. */
  private static final List<String> SETTINGS =
      List.of(
          "spark.sql.ansi.enabled",
          "spark.sql.session.timezone",
          "spark.sql.shuffle.partitions",
          "spark.sql.legacy.timeparserpolicy",
          "spark.sql.casesensitive",
          "spark.sql.mapkeydeduppolicy",
          "spark.sql.autobroadcastjointhreshold",
          // No class by its name, which the server would load.
          "spark.sql.adaptive.enabled",
          "spark.sql.adaptive.autobroadcastjointhreshold",
          "spark.sql.adaptive.advisorypartitionsizeinbytes",
          "spark.sql.adaptive.coalescepartitions.",
          "spark.sql.adaptive.localshufflereader.",
          "spark.sql.adaptive.skewjoin.",
          "spark.databricks.delta.schema.automerge.enabled",
          "pipelines.",
          "ansi_mode",
          "timezone",
          "statement_timeout",
          "use_cached_result",
          "tarn.executor");

  private final SparkSession spark;
  private final SessionContext context;

  public PlanPolicy(SparkSession spark, SessionContext context) {
    this.spark = spark;
    this.context = context;
  }

  /**
   * @throws TarnException PERMISSION_DENIED
   */
  public void check(LogicalPlan plan) {
    if (ShownPlans.noted(spark.sparkContext())) {
      requireOpen(plan);
    }
    plan.foreach(
        node -> {
          checkNode(node);
          return BoxedUnit.UNIT;
        });
  }

  private void checkNode(LogicalPlan node) {
    String name = node.getClass().getSimpleName();
    if (node instanceof ScriptTransformation) {
      throw refused("TRANSFORM … USING, which runs a program on the server,");
    }
    if (node instanceof CreatePipelineDataset || node instanceof CreateFlowCommand) {
      throw new TarnException(
          ErrorCode.NOT_IMPLEMENTED,
          "0A000",
          "[UNSUPPORTED_STATEMENT] Pipelines make materialized views and streaming tables, no other"
              + " statement does. Import a .sql file with the definition into your home in the"
              + " workspace, make a pipeline of it (POST /api/2.0/pipelines) and start an update"
              + " (POST /api/2.0/pipelines/{pipeline_id}/updates).",
          null);
    }
    if (node instanceof Command && !COMMANDS.contains(name)) {
      throw refused("The statement (" + name + ")");
    }
    if (node instanceof CreateViewCommand view && view.viewType() == GlobalTempView$.MODULE$) {
      throw refused("A global temporary view, which every session of the server would see,");
    }
    if (node instanceof CreateViewCommand view && view.viewType() == PersistedView$.MODULE$) {
      throw refused("A view in Spark's own catalog");
    }
    // The query of a view is no child of the statement once it has been analysed.
    if (node instanceof CreateView view && view.isAnalyzed()) {
      check(view.query());
    }
    if (node instanceof AlterViewAs view && view.isAnalyzed()) {
      check(view.query());
    }
    if ((node instanceof CreateSQLFunctionCommand create && !create.isTemp())
        || (node instanceof DropFunctionCommand drop && !drop.isTemp())) {
      throw refused("A function that outlives its session");
    }
    if (node instanceof ResetCommand reset) {
      // RESET alone forgets every setting, the session's principal among them.
      checkSetting(reset.config().isDefined() ? reset.config().get() : "*");
    }
    if (node instanceof SetCommand set) {
      // SET alone lists every setting there is.
      checkSetting(set.kv().isDefined() ? set.kv().get()._1() : "*");
    }
    if (node instanceof ExplainCommand explain) {
      // Spark would print the refusal as if it were a plan.
      requireOpen(
          spark
              .sessionState()
              .executePlan(explain.logicalPlan(), CommandExecutionMode.SKIP())
              .analyzed());
    }
    if (node instanceof ResolvedIdentifier identifier && outside(identifier.catalog())) {
      throw refused("The catalog '" + identifier.catalog().name() + "'");
    }
    if (node instanceof ResolvedNamespace namespace && outside(namespace.catalog())) {
      throw refused("The catalog '" + namespace.catalog().name() + "'");
    }
    new WriteAccess(context).check(node);
    new DefinedFilters(spark, context).check(node);
    boolean modifies = MODIFYING.contains(name);
    // Tables stand in a plan as relations, as resolved names, or as a plain field of a command,
    // which may itself be a plan that is no child.
    node.productIterator()
        .foreach(
            element -> {
              if (element instanceof DeltaTableV2 table) {
                checkTable(table, modifies);
              } else if (modifies && element instanceof LogicalPlan target) {
                checkTarget(target);
              }
              return BoxedUnit.UNIT;
            });
    for (Expression expression : CollectionConverters.asJava(node.expressions())) {
      expression.foreach(
          e -> {
            if (e instanceof CallMethodViaReflection) {
              throw refused("java_method and reflect, which call into the server,");
            }
            return BoxedUnit.UNIT;
          });
    }
  }

  /** Refuses settings that reach beyond the session. */
  public static void checkSetting(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    if (SETTINGS.stream().noneMatch(s -> s.endsWith(".") ? lower.startsWith(s) : lower.equals(s))) {
      throw new TarnException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "42K0I",
          "[CONFIG_NOT_AVAILABLE] The setting '" + key + "' cannot be changed in a session.",
          null);
    }
  }

  /** A plan shows conditions of filters, and how much there is that they hide. */
  private void requireOpen(LogicalPlan plan) {
    for (String table : PolicyBarrier.tables(plan)) {
      if (!context.managesPolicies(EntityName.parse(table))) {
        throw new TarnException(
            ErrorCode.PERMISSION_DENIED,
            "42501",
            "PERMISSION_DENIED: The plan of a query over '"
                + table
                + "' shows its row filter or masks, and only who could drop them sees it: who"
                + " has MANAGE on the table, and on the schema or catalog of its policies.",
            null);
      }
    }
    List<String> concealing = new DefinerBarriers(context).concealing(plan);
    if (!concealing.isEmpty()) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "PERMISSION_DENIED: The plan of a query over '"
              + concealing.get(0)
              + "' tells of tables that it reads with its owner's rights, and you cannot read. Ask"
              + " its owner for the plan.",
          null);
    }
  }

  /** Spark's own catalog knows no grants; only its temporary views and variables are of use. */
  private static boolean outside(CatalogPlugin catalog) {
    return catalog instanceof DeltaCatalog && !(catalog instanceof TarnCatalog);
  }

  private void require(Privilege privilege, CatalogTable table) {
    TableIdentifier name = table.identifier();
    context
        .grants()
        .requireTable(
            context.principal(),
            privilege,
            new EntityName(name.catalog().get(), name.database().get(), name.table()));
  }

  private void checkTarget(LogicalPlan target) {
    target.foreach(
        part -> {
          if (part instanceof ResolvedTable resolved
              && resolved.table() instanceof DeltaTableV2 table) {
            checkTable(table, true);
          }
          return BoxedUnit.UNIT;
        });
  }

  private void checkTable(DeltaTableV2 delta, boolean modifies) {
    if (delta.catalogTable().isEmpty()) {
      throw refused("Naming a table by its path");
    }
    if (modifies) {
      require(Privilege.MODIFY, delta.catalogTable().get());
    }
  }

  private static TarnException refused(String what) {
    return new TarnException(
        ErrorCode.PERMISSION_DENIED,
        "42501",
        "PERMISSION_DENIED: "
            + what
            + " is not available: it would go around the grants. Use tables by their names, and"
            + " files through volumes and read_files.",
        null);
  }
}
