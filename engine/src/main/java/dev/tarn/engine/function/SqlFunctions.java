package dev.tarn.engine.function;

import dev.tarn.engine.session.Definer;
import dev.tarn.engine.session.ServerSettings;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.FunctionDefinition;
import dev.tarn.govern.catalog.FunctionInfo;
import dev.tarn.govern.catalog.FunctionParameter;
import dev.tarn.govern.catalog.ViewContext;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.SQLFunctionExpression;
import org.apache.spark.sql.catalyst.analysis.SQLTableFunction;
import org.apache.spark.sql.catalyst.catalog.SQLFunction;
import org.apache.spark.sql.catalyst.catalog.UserDefinedFunction$;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.sql.catalyst.parser.ParserInterface;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.internal.connector.V1Function;
import org.apache.spark.sql.internal.connector.V1Function$;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.util.Either;
import scala.util.Left;
import scala.util.Right;

/**
 * The catalog's functions in Spark's words. Spark puts a body in the place of a call and analyses
 * it under the settings that the function brings along: among them its owner, whose rights hold in
 * it, and where its names lie.
 */
public final class SqlFunctions {
  private static final String SETTINGS = "sqlConfig.";

  private final SparkSession spark;
  private final SessionContext context;
  private final Map<String, String> settings;

  public SqlFunctions(SparkSession spark, SessionContext context) {
    this.spark = spark;
    this.context = context;
    this.settings = ServerSettings.of(spark);
  }

  /** A scalar function for whoever may call it now. */
  public Optional<V1Function> scalar(EntityName name) {
    return context
        .callable(name)
        .map(
            info -> {
              if (info.definition().table()) {
                throw refused(name, "gives a table: call it in FROM, with constant arguments");
              }
              SQLFunction function = function(info);
              Function1<Seq<Expression>, Expression> call = arguments -> call(function, arguments);
              return V1Function$.MODULE$.apply(
                  new ExpressionInfo("sqlFunction.", name.schema(), name.name()), call);
            });
  }

  /** A call of a table function, for whoever may call it now. */
  Optional<SQLTableFunction> table(EntityName name, Seq<Expression> arguments) {
    return context
        .callable(name)
        .map(
            info -> {
              if (!info.definition().table()) {
                throw refused(name, "gives a value, and no table: call it in an expression");
              }
              return tableCall(function(info), arguments);
            });
  }

  private static TarnException refused(EntityName name, String why) {
    return new TarnException(
        ErrorCode.BAD_REQUEST, "42887", "Function '" + name + "' " + why + ".", null);
  }

  /** A call as Spark resolves it. */
  public static SQLFunctionExpression call(SQLFunction function, Seq<Expression> arguments) {
    return new SQLFunctionExpression(
        function.name().unquotedString(),
        function,
        positional(arguments),
        Option.apply(function.getScalarFuncReturnType()));
  }

  public static SQLTableFunction tableCall(SQLFunction function, Seq<Expression> arguments) {
    List<Attribute> output = new ArrayList<>();
    DataTypeUtils.toAttributes(function.getTableFuncReturnCols()).foreach(output::add);
    return new SQLTableFunction(
        function.name().unquotedString(),
        function,
        positional(arguments),
        CollectionConverters.asScala(output).toSeq());
  }

  private static Seq<Expression> positional(Seq<Expression> arguments) {
    for (Expression argument : CollectionConverters.asJava(arguments)) {
      if (argument instanceof NamedArgumentExpression) {
        throw TarnException.invalid(
            "Functions of a catalog take their arguments by position, and not by name.");
      }
    }
    return arguments;
  }

  /** The function, whoever calls it: for what the owner of a table has decided. */
  public SQLFunction function(FunctionInfo info) {
    return function(
        info.name(), info.definition(), context.holder(info.name(), info.owner()), parser());
  }

  private ParserInterface parser() {
    return spark.sessionState().sqlParser();
  }

  /**
   * @param definer whose rights hold in the body
   */
  public SQLFunction function(
      EntityName name, FunctionDefinition definition, Principal definer, ParserInterface parser) {
    Map<String, String> conf = new HashMap<>(settings);
    conf.putAll(definition.context().settings());
    Definer.put(definer, conf);
    BodyNames.put(
        new SchemaName(definition.context().catalog(), definition.context().namespace().get(0)),
        conf);
    Map<String, String> properties = new HashMap<>();
    conf.forEach((key, value) -> properties.put(SETTINGS + key, value));
    Either<DataType, StructType> returns =
        definition.table()
            ? new Right<>(columns(definition.returnColumns()))
            : new Left<>(
                UserDefinedFunction$.MODULE$.parseDataType(
                    definition.returnType(), parser, Option.empty()));
    return new SQLFunction(
        new FunctionIdentifier(
            name.name(), Option.apply(name.schema()), Option.apply(name.catalog())),
        definition.parametersText() == null
            ? Option.empty()
            : Option.apply(
                UserDefinedFunction$.MODULE$.parseRoutineParam(
                    definition.parametersText(), parser, Option.empty())),
        returns,
        Option.apply(definition.expression()),
        Option.apply(definition.query()),
        Option.empty(),
        Option.empty(),
        Option.<Object>apply(definition.deterministic()),
        Option.<Object>apply(!definition.readsData()),
        definition.table(),
        scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(properties)),
        Option.empty(),
        0L);
  }

  private static StructType columns(List<FunctionParameter> columns) {
    return new StructType(
        columns.stream()
            .map(
                c ->
                    new StructField(
                        c.name(), DataType.fromJson(c.typeJson()), true, Metadata.empty()))
            .toArray(StructField[]::new));
  }

  /** Where and under which settings a body is written now. */
  public static ViewContext here(SparkSession spark) {
    var catalogs = spark.sessionState().catalogManager();
    Map<String, String> kept = new HashMap<>();
    kept.put("spark.sql.ansi.enabled", String.valueOf(spark.sessionState().conf().ansiEnabled()));
    kept.put("spark.sql.session.timeZone", spark.sessionState().conf().sessionLocalTimeZone());
    return new ViewContext(
        catalogs.currentCatalog().name(),
        List.of(catalogs.currentNamespace()),
        kept,
        null,
        List.of());
  }
}
