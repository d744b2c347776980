package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.Range;

/** Rows that stand in the plan itself. */
final class Values {
  private static final int MOST_ROWS = 10_000;

  private Values() {}

  /**
   * @param name of the rows in SQL
   */
  static Block of(LocalRelation relation, Expressions expressions, String name) {
    List<Attribute> output = PlanTranslator.attributes(relation.output());
    List<List<Expression>> rows = new ArrayList<>();
    for (InternalRow row : PlanTranslator.list(relation.data())) {
      List<Expression> values = new ArrayList<>();
      for (int i = 0; i < output.size(); i++) {
        values.add(new Literal(row.get(i, output.get(i).dataType()), output.get(i).dataType()));
      }
      rows.add(values);
    }
    return of(output, rows, expressions, name);
  }

  /**
   * @param name of the rows in SQL
   */
  static Block of(
      List<Attribute> output, List<List<Expression>> rows, Expressions expressions, String name) {
    if (rows.size() > MOST_ROWS) {
      throw new Untranslatable("more than " + MOST_ROWS + " rows of VALUES");
    }
    List<String> lines = new ArrayList<>();
    for (List<Expression> row : rows) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < output.size(); i++) {
        values.add(
            "CAST("
                + expressions.sql(row.get(i))
                + " AS "
                + DuckTypes.duck(output.get(i).dataType())
                + ")");
      }
      lines.add("(" + (values.isEmpty() ? "1" : String.join(", ", values)) + ")");
    }
    if (rows.isEmpty()) {
      String nulls =
          output.stream()
              .map(a -> "CAST(NULL AS " + DuckTypes.duck(a.dataType()) + ") AS " + Block.name(a))
              .collect(Collectors.joining(", "));
      return Block.of(
          "(SELECT " + (nulls.isEmpty() ? "1 AS one" : nulls) + " WHERE false)", output);
    }
    String aliases =
        output.isEmpty()
            ? "one"
            : output.stream().map(Block::name).collect(Collectors.joining(", "));
    return Block.of(
        "(VALUES " + String.join(", ", lines) + ") AS " + name + "(" + aliases + ")", output);
  }

  /** Numbers from one to another. */
  static Block of(Range range) {
    Attribute id = PlanTranslator.attributes(range.output()).get(0);
    return Block.of(
        "(SELECT range AS "
            + Block.name(id)
            + " FROM range("
            + range.start()
            + ", "
            + range.end()
            + ", "
            + range.step()
            + "))",
        List.of(id));
  }
}
