package dev.tarn.engine.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTableValuedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import scala.PartialFunction;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * {@code SELECT … FROM json.`/Volumes/…`}: files by their path, as {@code read_files} reads them
 * for those who may.
 *
 * @see <a href="https://docs.databricks.com/aws/en/query/formats/">Query data by path</a>
 */
public final class DirectFiles extends Rule<LogicalPlan> {
  private static final String FUNCTION = "read_files";

  private static final Set<String> FORMATS =
      Set.of("csv", "json", "xml", "avro", "parquet", "orc", "text", "binaryfile");

  private final SparkSession spark;

  public DirectFiles(SparkSession spark) {
    this.spark = spark;
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    if (!spark
        .sessionState()
        .tableFunctionRegistry()
        .functionExists(FunctionRegistry$.MODULE$.builtinFunctionIdentifier(FUNCTION))) {
      return plan;
    }
    PartialFunction<LogicalPlan, LogicalPlan> rule =
        new AbstractPartialFunction<>() {
          @Override
          public boolean isDefinedAt(LogicalPlan node) {
            return node instanceof UnresolvedRelation relation
                && relation.multipartIdentifier().size() == 2
                && FORMATS.contains(format(relation))
                && isOpen(relation.multipartIdentifier().apply(1));
          }

          @Override
          public LogicalPlan apply(LogicalPlan node) {
            return call((UnresolvedRelation) node);
          }
        };
    return plan.resolveOperatorsUp(rule);
  }

  /**
   * Files of volumes and of object stores. What else lies on this machine, tables among it, has no
   * such name: an administrator who means it says {@code read_files}.
   */
  private static boolean isOpen(String path) {
    return path.startsWith("/Volumes/")
        || path.startsWith("dbfs:/Volumes/")
        || (path.contains("://") && !path.regionMatches(true, 0, "file:", 0, "file:".length()));
  }

  private static String format(UnresolvedRelation relation) {
    return relation.multipartIdentifier().head().toLowerCase(Locale.ROOT);
  }

  /** Texts stay texts, and there is no column for what cannot be read. */
  private static LogicalPlan call(UnresolvedRelation relation) {
    List<Expression> arguments = new ArrayList<>();
    arguments.add(text(relation.multipartIdentifier().apply(1)));
    arguments.add(new NamedArgumentExpression("format", text(format(relation))));
    arguments.add(new NamedArgumentExpression("rescuedDataColumn", text("")));
    if (format(relation).equals("csv")) {
      arguments.add(new NamedArgumentExpression("inferColumnTypes", text("false")));
    }
    String name = relation.isStreaming() ? SourceFunctions.STREAM_PREFIX + FUNCTION : FUNCTION;
    return new UnresolvedTableValuedFunction(
        CollectionConverters.asScala(List.of(name)).toSeq(),
        CollectionConverters.asScala(arguments).toSeq(),
        relation.isStreaming());
  }

  private static Expression text(String text) {
    return Literal.create(UTF8String.fromString(text), DataTypes.StringType);
  }
}
