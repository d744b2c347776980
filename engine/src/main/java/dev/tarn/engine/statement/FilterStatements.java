package dev.tarn.engine.statement;

import dev.tarn.engine.filter.NewFilters;
import dev.tarn.engine.policy.PolicyPlan;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.FilterArgument;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.kernel.identity.Principal;
import java.util.List;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;
import org.apache.spark.sql.classic.SparkSession;

/** The statements on row filters and column masks. */
final class FilterStatements {
  private static final int LONGEST_NAME = 12;

  private final SparkSession spark;
  private final SessionContext context;

  FilterStatements(SparkSession spark, SessionContext context) {
    this.spark = spark;
    this.context = context;
  }

  /** Whether ALTER TABLE goes on as one of these; what follows the name of the table decides. */
  static boolean begin(CommonTokenStream tokens) {
    int at = 4;
    while (at < LONGEST_NAME && tokens.LA(at) == TarnSqlLexer.DOT) {
      at += 2;
    }
    int next = tokens.LA(at + 1);
    return switch (tokens.LA(at)) {
      case TarnSqlLexer.SET, TarnSqlLexer.DROP ->
          next == TarnSqlLexer.ROW && tokens.LA(at + 2) == TarnSqlLexer.FILTER;
      case TarnSqlLexer.ALTER -> {
        int column = next == TarnSqlLexer.COLUMN ? at + 2 : at + 1;
        yield (tokens.LA(column + 1) == TarnSqlLexer.SET
                || tokens.LA(column + 1) == TarnSqlLexer.DROP)
            && tokens.LA(column + 2) == TarnSqlLexer.MASK;
      }
      default -> false;
    };
  }

  /** Each as it is written; none without parentheses. */
  static List<String> arguments(TarnSqlParser.FilterArgumentsContext c) {
    return c == null
        ? List.of()
        : c.filterArgument().stream().map(FilterStatements::written).toList();
  }

  private static String written(TarnSqlParser.FilterArgumentContext c) {
    Token start = c.getStart();
    return start
        .getInputStream()
        .getText(Interval.of(start.getStartIndex(), c.getStop().getStopIndex()));
  }

  static boolean isOne(Statement statement) {
    return statement instanceof Statement.SetRowFilter
        || statement instanceof Statement.DropRowFilter
        || statement instanceof Statement.SetMask
        || statement instanceof Statement.DropMask;
  }

  void run(Statement statement) {
    Principal principal = context.principal();
    var filters = context.tables().filters();
    if (statement instanceof Statement.SetRowFilter s) {
      TableInfo table = context.tables().get(principal, s.table());
      List<FilterArgument> arguments = s.arguments().stream().map(this::argument).toList();
      check(table.filtered(filters.rowFilter(principal, table, s.function(), arguments)));
      filters.setRowFilter(principal, s.table(), s.function(), arguments);
    } else if (statement instanceof Statement.DropRowFilter s) {
      filters.dropRowFilter(principal, s.table());
    } else if (statement instanceof Statement.SetMask s) {
      TableInfo table = context.tables().get(principal, s.table());
      List<FilterArgument> using = s.using().stream().map(this::argument).toList();
      check(
          table.masked(
              s.column(), filters.mask(principal, table, s.column(), s.function(), using)));
      filters.setMask(principal, s.table(), s.column(), s.function(), using);
    } else if (statement instanceof Statement.DropMask s) {
      filters.dropMask(principal, s.table(), s.column());
    }
  }

  /** A policy that cannot be evaluated would close the table. */
  private void check(TableInfo table) {
    new PolicyPlan(spark, context).check(table);
  }

  private FilterArgument argument(String text) {
    return NewFilters.argument(spark, text);
  }
}
