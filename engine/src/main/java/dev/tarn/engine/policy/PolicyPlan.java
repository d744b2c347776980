package dev.tarn.engine.policy;

import dev.tarn.engine.function.SqlFunctions;
import dev.tarn.engine.session.ServerSettings;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.ColumnMask;
import dev.tarn.govern.catalog.FilterArgument;
import dev.tarn.govern.catalog.RowFilter;
import dev.tarn.govern.catalog.TableFilters;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.analysis.SQLFunctionContext$;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CurrentUser;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;
import scala.PartialFunction;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * The filter and masks of one table as a plan over it. The functions run with their owners' rights;
 * what they ask of the user they ask of whoever runs the statement, also through a view.
 */
public final class PolicyPlan {
  private static final String CATALOGS = "spark.sql.catalog.";

  private final SparkSession spark;
  private final SessionContext context;
  private final SqlFunctions functions;

  public PolicyPlan(SparkSession spark, SessionContext context) {
    this.spark = spark;
    this.context = context;
    this.functions = new SqlFunctions(spark, context);
  }

  /**
   * The table as the session's principal sees it; empty if that is the table itself.
   *
   * @param relation with expression ids of its own
   * @param output what the columns are called outside
   */
  Optional<LogicalPlan> of(TableInfo table, LogicalPlan relation, Seq<Attribute> output) {
    boolean whole =
        complete(table.filters(), list(relation.output())) && !namesFiles(list(relation.output()));
    if (!whole && !hides(table)) {
      // Delta reads some columns of a table, and where its rows lie, when it changes them.
      return Optional.empty();
    }
    LocalRelation stand = stand(relation.output());
    LogicalPlan analysed = analysed(table, stand, list(output));
    return Simplified.changesNothing(analysed, stand)
        ? Optional.empty()
        : Optional.of(in(analysed, stand, relation));
  }

  private static boolean complete(TableFilters filters, List<Attribute> columns) {
    return filters.columns().stream()
        .allMatch(name -> columns.stream().anyMatch(c -> c.name().equalsIgnoreCase(name)));
  }

  /** Whether anything of the table is hidden from the session's principal. */
  boolean hides(TableInfo table) {
    LocalRelation stand = stand(columns(table));
    if (!complete(table.filters(), list(stand.output()))) {
      // A column that is gone from the catalog may be in the files.
      return true;
    }
    return !Simplified.changesNothing(analysed(table, stand, list(stand.output())), stand);
  }

  /**
   * @throws TarnException if the filter or a mask cannot be evaluated over the table's columns
   */
  public void check(TableInfo table) {
    LocalRelation stand = stand(columns(table));
    analysed(table, stand, list(stand.output()));
  }

  /** The same rows, with the columns called as they are outside. */
  static LogicalPlan renamed(LogicalPlan relation, Seq<Attribute> output) {
    List<NamedExpression> columns = new ArrayList<>();
    List<Attribute> inside = list(relation.output());
    for (int i = 0; i < inside.size(); i++) {
      columns.add(alias(inside.get(i), list(output).get(i)));
    }
    return new Project(seq(columns), relation);
  }

  private static Seq<Attribute> columns(TableInfo table) {
    StructType schema = new StructType();
    for (ColumnInfo column : table.columns()) {
      schema = schema.add(column.name(), DataType.fromJson(column.typeJson()), column.nullable());
    }
    List<Attribute> columns = new ArrayList<>();
    DataTypeUtils.toAttributes(schema).foreach(columns::add);
    return seq(columns);
  }

  /** Analysed in the place of the table, which would else be given its filter again. */
  private static LocalRelation stand(Seq<Attribute> columns) {
    return new LocalRelation(columns, seq(List.of()), false, Option.empty());
  }

  private static LogicalPlan in(LogicalPlan plan, LocalRelation stand, LogicalPlan relation) {
    PartialFunction<LogicalPlan, LogicalPlan> rule =
        new AbstractPartialFunction<>() {
          @Override
          public boolean isDefinedAt(LogicalPlan node) {
            return node instanceof LocalRelation local && local.output().equals(stand.output());
          }

          @Override
          public LogicalPlan apply(LogicalPlan node) {
            return relation;
          }
        };
    return plan.transformUp(rule);
  }

  private LogicalPlan analysed(TableInfo table, LocalRelation stand, List<Attribute> output) {
    TableFilters filters = table.filters();
    List<Attribute> inside = list(stand.output());
    LogicalPlan rows = stand;
    if (filters.rowFilter() != null) {
      RowFilter filter = filters.rowFilter();
      String policy = "The row filter of '" + table.name() + "'";
      rows =
          new Filter(
              call(
                  filter.function(),
                  filter.functionId(),
                  arguments(filter.arguments(), inside, policy),
                  policy),
              stand);
    }
    requireColumns(table, inside);
    List<NamedExpression> columns = new ArrayList<>();
    for (int i = 0; i < inside.size(); i++) {
      Attribute column = inside.get(i);
      Expression shown =
          filters
              .mask(column.name())
              .map(mask -> masked(table.name(), mask, column, inside))
              .orElse(column);
      columns.add(alias(shown, output.get(i)));
    }
    return analysed(new Project(seq(columns), rows), table.name());
  }

  /** A column may have had another name in the version that is read. */
  private static void requireColumns(TableInfo table, List<Attribute> columns) {
    for (String name : table.filters().columnMasks().keySet()) {
      if (columns.stream().noneMatch(c -> c.name().equalsIgnoreCase(name))) {
        throw missing("The mask of '" + table.name() + "'", name);
      }
    }
    if (namesFiles(columns)) {
      throw refused(
          "_metadata of '"
              + table.name()
              + "' cannot be read: a file's name, size and age may tell what its row filter and"
              + " masks hide. Leave it out.");
    }
  }

  private static boolean namesFiles(List<Attribute> columns) {
    return columns.stream().anyMatch(c -> c.name().equals("_metadata"));
  }

  private static TarnException missing(String policy, String column) {
    return refused(
        policy
            + " needs column '"
            + column
            + "', which what is read does not have. Read a version that has it, or have the owner"
            + " of the table set the policy anew.");
  }

  private static TarnException refused(String message) {
    return new TarnException(
        ErrorCode.PERMISSION_DENIED, "42501", "PERMISSION_DENIED: " + message, null);
  }

  private Expression masked(
      EntityName table, ColumnMask mask, Attribute column, List<Attribute> columns) {
    String policy = "The mask of column '" + column.name() + "' of '" + table + "'";
    List<Expression> arguments = new ArrayList<>(List.of(column));
    arguments.addAll(arguments(mask.using(), columns, policy));
    Expression shown = call(mask.function(), mask.functionId(), arguments, policy);
    if (shown.dataType().equals(column.dataType())) {
      return shown;
    }
    if (!Cast.canAnsiCast(shown.dataType(), column.dataType())) {
      throw refused(
          policy
              + " gives "
              + shown.dataType().sql()
              + ", which cannot become "
              + column.dataType().sql()
              + ". Its owner has to set a function of that type.");
    }
    return new Cast(shown, column.dataType(), Option.apply("UTC"), EvalMode.ANSI());
  }

  private Expression call(
      EntityName function, String id, List<Expression> arguments, String policy) {
    return SqlFunctions.call(
        functions.function(context.tables().filters().function(function, id, policy)),
        seq(arguments));
  }

  private List<Expression> arguments(
      List<FilterArgument> arguments, List<Attribute> columns, String policy) {
    List<Expression> expressions = new ArrayList<>();
    for (FilterArgument argument : arguments) {
      expressions.add(
          argument.column() == null
              ? constant(argument.constant(), policy)
              : columns.stream()
                  .filter(c -> c.name().equalsIgnoreCase(argument.column()))
                  .findFirst()
                  .orElseThrow(() -> missing(policy, argument.column())));
    }
    return expressions;
  }

  private Expression constant(String text, String policy) {
    try {
      Expression constant = spark.sessionState().sqlParser().parseExpression(text);
      if (constant.resolved() && constant.foldable()) {
        return constant;
      }
    } catch (ParseException e) {
      // Said below, as for what is an expression and no constant.
    }
    throw TarnException.invalid(policy + " has an argument that is neither column nor constant.");
  }

  private LogicalPlan analysed(LogicalPlan plan, EntityName table) {
    SQLConf conf = new SQLConf();
    ServerSettings.of(spark).forEach(conf::setConfString);
    // Which catalogs there are belongs to the session, and nobody sets it.
    CollectionConverters.asJava(spark.sessionState().conf().getAllConfs())
        .forEach(
            (name, value) -> {
              if (name.startsWith(CATALOGS)) {
                conf.setConfString(name, value);
              }
            });
    LogicalPlan analysed =
        SQLConf.withExistingConf(
            conf,
            () ->
                SQLFunctionContext$.MODULE$.withNewContext(
                    () ->
                        spark
                            .sessionState()
                            .executePlan(plan, CommandExecutionMode.SKIP())
                            .analyzed()));
    Literal user =
        new Literal(UTF8String.fromString(context.principal().name()), DataTypes.StringType);
    PartialFunction<Expression, Expression> rule =
        new AbstractPartialFunction<>() {
          @Override
          public boolean isDefinedAt(Expression e) {
            return e instanceof CurrentUser;
          }

          @Override
          public Expression apply(Expression e) {
            return user;
          }
        };
    return analysed.transformAllExpressionsWithSubqueries(rule);
  }

  private static Alias alias(Expression shown, Attribute as) {
    return new Alias(
        shown, as.name(), as.exprId(), as.qualifier(), Option.apply(as.metadata()), seq(List.of()));
  }

  private static <T> List<T> list(Seq<T> seq) {
    return List.copyOf(CollectionConverters.asJava(seq));
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }
}
