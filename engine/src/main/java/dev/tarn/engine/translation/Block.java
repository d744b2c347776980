package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Attribute;

/**
 * One SELECT while it is built, from the inside out. Every column is named after Catalyst's
 * expression id, so that a name means the same wherever it stands, also in a correlated subquery.
 */
final class Block {
  private final String from;
  private final boolean parenthesised;
  private List<Attribute> output;
  private String with = "";
  private final List<String> where = new ArrayList<>();
  private Map<String, String> columns;
  private boolean distinct;
  private List<String> groupBy = List.of();
  private List<String> orderBy = List.of();
  private Long limit;
  private Long offset;

  private Block(String from, boolean parenthesised, List<Attribute> output) {
    this.from = from;
    this.parenthesised = parenthesised;
    this.output = distinct(output);
  }

  /**
   * @param from what may stand after FROM and after JOIN
   */
  static Block of(String from, List<Attribute> output) {
    return new Block(from, true, output);
  }

  /** Over two or more sources. */
  static Block joined(String from, List<Attribute> output) {
    return new Block(from, false, output);
  }

  static String name(Attribute attribute) {
    return "c" + attribute.exprId().id();
  }

  private static List<Attribute> distinct(List<Attribute> attributes) {
    Map<Long, Attribute> distinct = new LinkedHashMap<>();
    attributes.forEach(a -> distinct.putIfAbsent(a.exprId().id(), a));
    return List.copyOf(distinct.values());
  }

  List<Attribute> output() {
    return output;
  }

  /** The columns under their own names, as the beginning of a longer list. */
  Map<String, String> columns() {
    Map<String, String> all = new LinkedHashMap<>();
    output.forEach(a -> all.put(name(a), name(a)));
    return all;
  }

  /** Whether a condition on the rows can still be added. */
  boolean takesConditions() {
    return takesOrder() && orderBy.isEmpty();
  }

  /** Whether the rows can still be put in order. */
  boolean takesOrder() {
    return takesColumns() && limit == null && offset == null;
  }

  boolean takesColumns() {
    return columns == null && !distinct;
  }

  boolean takesDistinct() {
    return !distinct && orderBy.isEmpty() && limit == null && offset == null;
  }

  boolean takesLimit() {
    return limit == null;
  }

  boolean takesOffset() {
    return limit == null && offset == null;
  }

  /** This block as the only source of a new one. */
  Block wrapped() {
    return of("(" + sql() + ")", output);
  }

  /** Only those columns that are wanted. */
  Block narrowed(Set<Long> wanted) {
    output = output.stream().filter(a -> wanted.contains(a.exprId().id())).toList();
    return this;
  }

  Block where(String condition) {
    where.add(condition);
    return this;
  }

  /**
   * @param columns from name to expression
   */
  Block select(Map<String, String> columns, List<Attribute> output) {
    this.columns = columns;
    this.output = distinct(output);
    return this;
  }

  Block groupBy(List<String> groupBy) {
    this.groupBy = groupBy;
    return this;
  }

  Block distinct() {
    distinct = true;
    return this;
  }

  Block orderBy(List<String> orderBy) {
    this.orderBy = orderBy;
    return this;
  }

  Block limit(long rows) {
    limit = rows;
    return this;
  }

  Block offset(long rows) {
    offset = rows;
    return this;
  }

  Block with(List<String> definitions) {
    with = "WITH " + String.join(", ", definitions) + " ";
    return this;
  }

  /** Names the columns by their places, which puts them in this order and keeps the rows' order. */
  Block positional(String prefix, List<Attribute> all) {
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      String name = name(all.get(i));
      named.put(prefix + i, columns == null ? name : columns.get(name));
    }
    return select(named, all);
  }

  /** As a source of a join: what stands after FROM or JOIN. */
  String source() {
    boolean bare =
        columns == null
            && where.isEmpty()
            && !distinct
            && orderBy.isEmpty()
            && limit == null
            && offset == null
            && with.isEmpty();
    return bare ? parenthesised ? from : "(" + from + ")" : "(" + sql() + ")";
  }

  String sql() {
    StringBuilder sql = new StringBuilder(with).append("SELECT ");
    if (distinct) {
      sql.append("DISTINCT ");
    }
    sql.append(list()).append(" FROM ").append(from);
    if (!where.isEmpty()) {
      sql.append(" WHERE ").append(String.join(" AND ", where));
    }
    append(sql, " GROUP BY ", groupBy);
    append(sql, " ORDER BY ", orderBy);
    if (limit != null) {
      sql.append(" LIMIT ").append(limit);
    }
    if (offset != null) {
      sql.append(" OFFSET ").append(offset);
    }
    return sql.toString();
  }

  private String list() {
    if (columns == null) {
      // Rows without columns still count.
      return output.isEmpty()
          ? "1 AS one"
          : output.stream().map(Block::name).collect(Collectors.joining(", "));
    }
    return columns.isEmpty()
        ? "1 AS one"
        : columns.entrySet().stream()
            .map(
                c ->
                    c.getValue().equals(c.getKey())
                        ? c.getKey()
                        : c.getValue() + " AS " + c.getKey())
            .collect(Collectors.joining(", "));
  }

  private static void append(StringBuilder sql, String words, List<String> parts) {
    if (!parts.isEmpty()) {
      sql.append(words).append(String.join(", ", parts));
    }
  }
}
