package dev.tarn.engine.copy;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.TableOutputResolver;
import org.apache.spark.sql.catalyst.analysis.TableOutputResolver$;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.delta.ColumnWithDefaultExprUtils$;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.TypeWideningMode.NoTypeWidening$;
import org.apache.spark.sql.delta.schema.SchemaMergingUtils$;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** What files have as columns, as those of the table that they go into. */
final class MatchedColumns {
  private static final String HAS_DEFAULT = "CURRENT_DEFAULT";

  private final SparkSession spark;
  private final CopyInto copy;
  private final Snapshot table;

  MatchedColumns(SparkSession spark, CopyInto copy, Snapshot table) {
    this.spark = spark;
    this.copy = copy;
    this.table = table;
  }

  /**
   * The rows with the table's columns, in their types, and with new ones if the table may get them.
   * Columns that Delta fills are left out.
   *
   * @throws TarnException if a column does not fit
   */
  LogicalPlan of(LogicalPlan rows) {
    LogicalPlan named = copy.byPosition() || !copy.columns().isEmpty() ? positioned(rows) : rows;
    Set<String> given = new HashSet<>();
    for (Attribute column : CollectionConverters.asJava(named.output())) {
      if (!given.add(lower(column.name()))) {
        throw mismatch("the files have the column '" + column.name() + "' twice");
      }
    }
    List<String> unknown = new ArrayList<>();
    for (Attribute column : CollectionConverters.asJava(named.output())) {
      if (!isColumn(column.name())) {
        unknown.add(column.name());
      }
    }
    if (!unknown.isEmpty() && !copy.mergeSchema()) {
      throw mismatch("the files have columns that the table has not: " + unknown);
    }
    StructType expected = copy.mergeSchema() ? merged(named.schema()) : table.schema();
    List<StructField> written = new ArrayList<>();
    for (StructField field : expected.fields()) {
      if (given.contains(lower(field.name())) || field.metadata().contains(HAS_DEFAULT)) {
        written.add(
            // Delta checks the rows that it writes, and names the column.
            new StructField(field.name(), field.dataType(), true, field.metadata()));
      }
    }
    List<Attribute> attributes = new ArrayList<>();
    DataTypeUtils.toAttributes(new StructType(written.toArray(StructField[]::new)))
        .foreach(attributes::add);
    return TableOutputResolver$.MODULE$.resolveOutputColumns(
        copy.target().fullName(),
        CollectionConverters.asScala(attributes).toSeq(),
        named,
        true,
        spark.sessionState().conf(),
        TableOutputResolver.DefaultValueFillMode$.MODULE$.FILL());
  }

  private boolean isColumn(String name) {
    return Arrays.stream(table.schema().fieldNames()).anyMatch(name::equalsIgnoreCase);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private StructType merged(StructType rows) {
    return SchemaMergingUtils$.MODULE$.mergeSchemas(
        table.schema(), rows, true, true, NoTypeWidening$.MODULE$, false);
  }

  /** Under the names of the table's columns, and cast: without a header there are only texts. */
  private LogicalPlan positioned(LogicalPlan rows) {
    List<StructField> fields =
        copy.byPosition()
            ? Arrays.stream(table.schema().fields()).filter(this::isGiven).toList()
            : copy.columns().stream().map(this::field).toList();
    List<Attribute> output = CollectionConverters.asJava(rows.output());
    if (output.size() != fields.size()) {
      throw new TarnException(
          ErrorCode.BAD_REQUEST,
          "42604",
          "[COPY_INTO_COLUMN_ARITY_MISMATCH] The files have "
              + output.size()
              + " columns, and "
              + fields.size()
              + " of '"
              + copy.target()
              + "' are to be written. Name the columns of the table that the files have.",
          null);
    }
    List<NamedExpression> casts = new ArrayList<>();
    Option<String> zone = Option.apply(spark.sessionState().conf().sessionLocalTimeZone());
    for (int i = 0; i < fields.size(); i++) {
      StructField field = fields.get(i);
      casts.add(
          new Alias(
              new Cast(output.get(i), field.dataType(), zone, EvalMode.ANSI()),
              field.name(),
              NamedExpression.newExprId(),
              none(),
              Option.<Metadata>empty(),
              none()));
    }
    return new Project(CollectionConverters.asScala(casts).toSeq(), rows);
  }

  private boolean isGiven(StructField field) {
    return !ColumnWithDefaultExprUtils$.MODULE$.isIdentityColumn(field)
        && !field.metadata().contains("delta.generationExpression");
  }

  private StructField field(String name) {
    return Arrays.stream(table.schema().fields())
        .filter(field -> field.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                TarnException.invalid(
                    "Table '" + copy.target() + "' has no column '" + name + "'."));
  }

  private static scala.collection.immutable.Seq<String> none() {
    return CollectionConverters.asScala(List.<String>of()).toSeq();
  }

  private TarnException mismatch(String what) {
    return new TarnException(
        ErrorCode.BAD_REQUEST,
        "42KDG",
        "[COPY_INTO_SCHEMA_MISMATCH_WITH_TARGET_TABLE] What is in '"
            + copy.path()
            + "' does not fit into '"
            + copy.target()
            + "': "
            + what
            + ". Select the columns, FROM (SELECT … FROM '…'), or let the table get new ones:"
            + " COPY_OPTIONS ('mergeSchema' = 'true').",
        null);
  }
}
