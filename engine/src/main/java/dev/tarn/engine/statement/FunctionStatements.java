package dev.tarn.engine.statement;

import dev.tarn.engine.function.SqlFunctions;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.govern.catalog.FunctionDefinition;
import dev.tarn.govern.catalog.FunctionInfo;
import dev.tarn.govern.catalog.FunctionParameter;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunctionName;
import org.apache.spark.sql.catalyst.analysis.UnresolvedIdentifier;
import org.apache.spark.sql.catalyst.catalog.SQLFunction;
import org.apache.spark.sql.catalyst.catalog.SQLFunction$;
import org.apache.spark.sql.catalyst.catalog.UserDefinedFunction$;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.parser.ParserInterface;
import org.apache.spark.sql.catalyst.plans.logical.CreateUserDefinedFunction;
import org.apache.spark.sql.catalyst.plans.logical.DescribeFunction;
import org.apache.spark.sql.catalyst.plans.logical.DropFunction;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.util.Either;

/** The statements on functions of a catalog, which Spark parses and has no place for. */
final class FunctionStatements {
  private final SparkSession spark;

  FunctionStatements(SparkSession spark) {
    this.spark = spark;
  }

  /** The statement as one of ours; empty if it is about something else. */
  Optional<Statement> parsed(LogicalPlan plan) {
    if (plan instanceof CreateUserDefinedFunction c
        && c.child() instanceof UnresolvedIdentifier name) {
      if (c.collation().isDefined()) {
        throw TarnException.invalid("A function with a DEFAULT COLLATION is not supported.");
      }
      return Optional.of(
          new Statement.CreateFunction(
              name(name.nameParts()),
              optional(c.inputParamText()),
              c.returnTypeText(),
              optional(c.exprText()),
              optional(c.queryText()),
              optional(c.comment()),
              optional(c.isDeterministic()).map(value -> (Boolean) value),
              optional(c.containsSQL()).map(value -> (Boolean) value),
              c.isTableFunc(),
              c.ignoreIfExists(),
              c.replace()));
    } else if (plan instanceof DropFunction d && d.child() instanceof UnresolvedIdentifier name) {
      return Optional.of(new Statement.DropFunction(name(name.nameParts()), d.ifExists()));
    } else if (plan instanceof DescribeFunction d
        && d.child() instanceof UnresolvedFunctionName name
        && (name.multipartIdentifier().size() > 1 || isKnown(name.multipartIdentifier()))) {
      return Optional.of(
          new Statement.DescribeFunction(name(name.multipartIdentifier()), d.isExtended()));
    }
    return Optional.empty();
  }

  private boolean isKnown(Seq<String> parts) {
    Optional<SessionContext> context = SessionRegistry.find(spark);
    return parts.head().matches("\\w+")
        && context.isPresent()
        && context.get().functions().find(name(parts)).isPresent();
  }

  private EntityName name(Seq<String> parts) {
    List<String> names = new ArrayList<>(CollectionConverters.asJava(parts));
    var catalogs = spark.sessionState().catalogManager();
    if (names.size() < 2) {
      names.add(0, String.join(".", catalogs.currentNamespace()));
    }
    if (names.size() < 3) {
      names.add(0, catalogs.currentCatalog().name());
    }
    if (names.size() > 3) {
      throw TarnException.invalid(
          "'" + String.join(".", names) + "' is not catalog.schema.function.");
    }
    return new EntityName(names.get(0), names.get(1), names.get(2));
  }

  private static <T> Optional<T> optional(Option<T> option) {
    return option.isDefined() ? Optional.of(option.get()) : Optional.empty();
  }

  void create(SessionContext context, Statement.CreateFunction s) {
    boolean exists = context.functions().find(s.name()).isPresent();
    if (exists && s.ifNotExists()) {
      return;
    }
    FunctionDefinition written = definition(s);
    SQLFunction function =
        new SqlFunctions(spark, context).function(s.name(), written, context.principal(), parser());
    LogicalPlan analysed = analysed(function, written);
    boolean deterministic = s.deterministic().orElse(deterministic(analysed));
    FunctionDefinition definition =
        new FunctionDefinition(
            written.parameters(),
            written.parametersText(),
            written.returnType(),
            written.returnColumns(),
            written.expression(),
            written.query(),
            deterministic,
            !s.containsSql().orElse(s.query().isEmpty() && !written.table()),
            written.context());
    context
        .functions()
        .create(context.principal(), s.name(), s.comment().orElse(null), definition, s.replace());
  }

  private ParserInterface parser() {
    return spark.sessionState().sqlParser();
  }

  /** A default stands within the body, where the owner's rights hold, and is nobody's to see. */
  private void requirePlain(FunctionParameter parameter) {
    if (parameter.defaultText() == null) {
      return;
    }
    boolean names =
        expression(parameter)
            .exists(
                e ->
                    e instanceof SubqueryExpression
                        || e instanceof UnresolvedAttribute
                        || e.nodeName().contains("UnresolvedIdentifier")
                        || (e instanceof UnresolvedFunction call && !isBuiltIn(call.nameParts())));
    if (names) {
      throw TarnException.invalid(
          "The default of parameter '"
              + parameter.name()
              + "' reads or calls something of the catalog. Use constants and built-in functions.");
    }
  }

  private Expression expression(FunctionParameter parameter) {
    try {
      return parser().parseExpression(parameter.defaultText());
    } catch (ParseException e) {
      throw TarnException.invalid(
          "The default of parameter '"
              + parameter.name()
              + "' is no expression: "
              + e.getMessage());
    }
  }

  private boolean isBuiltIn(Seq<String> name) {
    return name.size() == 1
        && spark
            .sessionState()
            .functionRegistry()
            .functionExists(FunctionRegistry$.MODULE$.builtinFunctionIdentifier(name.head()));
  }

  private FunctionDefinition definition(Statement.CreateFunction s) {
    List<FunctionParameter> parameters =
        s.parameters()
            .map(
                text ->
                    parameters(
                        UserDefinedFunction$.MODULE$.parseRoutineParam(
                            text, parser(), Option.empty())))
            .orElse(List.of());
    parameters.forEach(this::requirePlain);
    Option<Either<DataType, StructType>> returns =
        SQLFunction$.MODULE$.parseReturnTypeText(s.returns(), s.table(), parser(), Option.empty());
    if (returns.isEmpty()) {
      throw new TarnException(
          ErrorCode.BAD_REQUEST,
          "42601",
          "[PARSE_SYNTAX_ERROR] Function '"
              + s.name()
              + "' does not say what it returns. Write RETURNS with a type, or with TABLE and its"
              + " columns.",
          null);
    }
    return new FunctionDefinition(
        parameters,
        s.parameters().orElse(null),
        s.table() ? null : returns.get().swap().toOption().get().sql(),
        s.table() ? parameters(returns.get().toOption().get()) : List.of(),
        s.expression().orElse(null),
        s.query().orElse(null),
        true,
        true,
        SqlFunctions.here(spark));
  }

  private static List<FunctionParameter> parameters(StructType fields) {
    List<FunctionParameter> parameters = new ArrayList<>();
    for (StructField field : fields.fields()) {
      parameters.add(
          new FunctionParameter(
              field.name(),
              field.dataType().sql(),
              field.dataType().json(),
              parameters.size(),
              field.getDefault().getOrElse(() -> null),
              field.getComment().getOrElse(() -> null)));
    }
    return parameters;
  }

  /** A call of the function, which fails as the body does. */
  private LogicalPlan analysed(SQLFunction function, FunctionDefinition definition) {
    List<Expression> nulls = new ArrayList<>();
    for (FunctionParameter parameter : definition.parameters()) {
      nulls.add(new Literal(null, DataType.fromJson(parameter.typeJson())));
    }
    Seq<Expression> arguments = CollectionConverters.asScala(nulls).toSeq();
    LogicalPlan call =
        definition.table()
            ? SqlFunctions.tableCall(function, arguments)
            : new Project(
                CollectionConverters.asScala(
                        List.<NamedExpression>of(
                            new Alias(
                                SqlFunctions.call(function, arguments),
                                "result",
                                NamedExpression.newExprId(),
                                CollectionConverters.asScala(List.<String>of()).toSeq(),
                                Option.empty(),
                                CollectionConverters.asScala(List.<String>of()).toSeq())))
                    .toSeq(),
                new OneRowRelation());
    return spark.sessionState().executePlan(call, CommandExecutionMode.SKIP()).analyzed();
  }

  private static boolean deterministic(LogicalPlan plan) {
    return !plan.exists(node -> !node.deterministic());
  }

  List<Row> describe(SessionContext context, Statement.DescribeFunction s) {
    FunctionInfo function = context.functions().get(context.principal(), s.name());
    FunctionDefinition definition = function.definition();
    List<Row> rows = new ArrayList<>();
    row(rows, "Function:", function.name().fullName());
    row(rows, "Type:", definition.table() ? "TABLE" : "SCALAR");
    row(rows, "Input:", fields(definition.parameters()));
    row(
        rows,
        "Returns:",
        definition.table() ? fields(definition.returnColumns()) : definition.returnType());
    if (s.extended()) {
      row(rows, "Comment:", function.comment() == null ? "" : function.comment());
      row(rows, "Deterministic:", String.valueOf(definition.deterministic()));
      row(rows, "Data Access:", definition.readsData() ? "READS SQL DATA" : "CONTAINS SQL");
      row(rows, "Owner:", function.owner());
      row(rows, "Create Time:", Instant.ofEpochMilli(function.createdAt()).toString());
      if (!context.grants().browsesOnly(context.principal(), Securable.function(function.name()))) {
        row(rows, "Body:", definition.body());
      }
    }
    return rows;
  }

  private static void row(List<Row> rows, String title, String text) {
    rows.add(RowFactory.create(String.format("%-14s %s", title, text).stripTrailing()));
  }

  private static String fields(List<FunctionParameter> fields) {
    return fields.isEmpty()
        ? "()"
        : fields.stream()
            .map(
                f ->
                    f.name()
                        + " "
                        + f.typeText()
                        + (f.defaultText() == null ? "" : " DEFAULT " + f.defaultText())
                        + (f.comment() == null ? "" : " '" + f.comment() + "'"))
            .collect(Collectors.joining(", "));
  }
}
