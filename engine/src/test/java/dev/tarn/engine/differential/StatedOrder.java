package dev.tarn.engine.differential;

import dev.tarn.testkit.differential.Answer;
import dev.tarn.testkit.differential.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedOrdinal;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import scala.jdk.javaapi.CollectionConverters;

/** Reads from a query's text what it says about the order of its rows. */
final class StatedOrder {
  private StatedOrder() {}

  static Order of(String sql, List<Answer.Column> columns) {
    LogicalPlan plan = new CatalystSqlParser().parsePlan(sql);
    boolean limit = false;
    boolean offset = false;
    while (true) {
      if (plan instanceof UnresolvedWith with) {
        plan = with.child();
      } else if (plan instanceof GlobalLimit global) {
        limit = true;
        plan = global.child();
      } else if (plan instanceof LocalLimit local) {
        plan = local.child();
      } else if (plan instanceof Offset skipped) {
        offset = true;
        plan = skipped.child();
      } else if (plan instanceof Sort sort && sort.global()) {
        return new Order(keys(sort, columns), offset, limit);
      } else {
        return new Order(List.of(), offset, limit);
      }
    }
  }

  private static List<Integer> keys(Sort sort, List<Answer.Column> columns) {
    List<Integer> keys = new ArrayList<>();
    for (SortOrder order : CollectionConverters.asJava(sort.order())) {
      int key = position(order.child(), columns);
      if (key < 0) {
        break;
      }
      keys.add(key);
    }
    return keys;
  }

  /** A column of the result, or -1 for whatever else may be ordered by. */
  private static int position(Expression key, List<Answer.Column> columns) {
    if (key instanceof UnresolvedOrdinal ordinal) {
      return ordinal.ordinal() - 1;
    }
    if (!(key instanceof UnresolvedAttribute attribute)) {
      return -1;
    }
    String name = attribute.nameParts().last();
    int[] found =
        IntStream.range(0, columns.size())
            .filter(i -> columns.get(i).name().equalsIgnoreCase(name))
            .toArray();
    return found.length == 1 ? found[0] : -1;
  }
}
