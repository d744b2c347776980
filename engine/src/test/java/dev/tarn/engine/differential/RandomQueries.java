package dev.tarn.engine.differential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random queries over random tables. */
final class RandomQueries {
  /** What rows can be put together, or compared, by. */
  private static final String KEYS = "JSICTBLMNP";

  private final Choices shape;
  private final List<List<Integer>> rest;
  private final List<RandomTables.Table> tables;
  private int next;

  /**
   * @param choices first those of the query's shape, then one list for each of its expressions: the
   *     last of them make the list of columns, so that with a list less there is a column less
   */
  RandomQueries(List<List<Integer>> choices, List<RandomTables.Table> tables) {
    this.shape = new Choices(choices.isEmpty() ? List.of() : choices.get(0));
    // An expression without choices is none, so that shrinking its list removes it.
    this.rest = choices.stream().skip(1).filter(list -> !list.isEmpty()).toList();
    this.tables = tables;
  }

  String query() {
    return switch (shape.below(16)) {
      case 0, 1, 2 -> rows();
      case 3, 4, 5 -> grouped();
      case 6, 7 -> joined();
      case 8, 9 -> windowed();
      case 10 -> shape.below(5) < 4 ? combined() : pivoted();
      case 11, 12 -> subquery();
      case 13 -> twice();
      case 14 -> nested();
      default -> exploded();
    };
  }

  /** What expressions are made of in one place of a query. */
  private record Reach(Map<Character, List<String>> columns) {
    Reach and(Reach other) {
      Map<Character, List<String>> all = new HashMap<>(columns);
      other.columns.forEach(
          (type, names) ->
              all.merge(
                  type,
                  names,
                  (a, b) -> {
                    List<String> both = new ArrayList<>(a);
                    both.addAll(b);
                    return both;
                  }));
      return new Reach(all);
    }
  }

  private Choices choices() {
    return new Choices(next < rest.size() ? rest.get(next++) : List.of());
  }

  private static String expression(Choices choices, char type, Reach reach) {
    return new GrammarWriter(choices::below, reach.columns, Grammar::allForms)
        .expression(type, 1 + choices.below(3));
  }

  private String expression(char type, Reach reach) {
    return expression(choices(), type, reach);
  }

  private static String filled(Choices choices, List<String> forms, Reach reach) {
    return new GrammarWriter(choices::below, reach.columns, Grammar::allForms)
        .filled(choices.of(forms), choices.below(3));
  }

  private char key() {
    return KEYS.charAt(shape.below(KEYS.length()));
  }

  /** One column for every list of choices that is left, and at least one. */
  private String columns(Reach reach, String types) {
    List<String> columns = new ArrayList<>();
    do {
      Choices choices = choices();
      char type = types.charAt(choices.below(types.length()));
      columns.add(expression(choices, type, reach) + " AS x" + columns.size());
    } while (next < rest.size());
    return String.join(", ", columns);
  }

  private String where(Reach reach) {
    return shape.below(3) == 0 ? "" : " WHERE " + expression('B', reach);
  }

  private String rows() {
    RandomTables.Table table = shape.of(tables);
    Reach reach = new Reach(table.byType(""));
    String distinct = shape.oneIn(6) ? "DISTINCT " : "";
    int order = shape.below(5);
    String where = where(reach);
    String key = order > 1 ? expression(key(), reach) : "";
    String direction = shape.of("", " DESC") + shape.of("", " NULLS FIRST", " NULLS LAST");
    String limit = shape.of("1", "5", "0") + shape.of("", " OFFSET 2");
    String query =
        "SELECT "
            + distinct
            + "id, "
            + (order > 1 ? key + " AS k, " : "")
            + columns(reach, distinct.isEmpty() ? Grammar.TYPES : KEYS)
            + " FROM "
            + table.name()
            + where;
    return switch (order) {
      case 0 -> query;
      case 1 -> query + " ORDER BY id" + direction;
      case 2 -> query + " ORDER BY k" + direction + ", id";
      default -> query + " ORDER BY k" + direction + ", id LIMIT " + limit;
    };
  }

  private String grouped() {
    RandomTables.Table table = shape.of(tables);
    Reach reach = new Reach(table.byType(""));
    int count = shape.below(3);
    int sets = shape.below(8);
    String where = where(reach);
    String having = shape.oneIn(4) ? " HAVING count(*) > 1" : "";
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(expression(key(), reach));
    }
    List<String> selected = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      selected.add(keys.get(i) + " AS k" + i);
    }
    do {
      selected.add(filled(choices(), Grammar.AGGREGATES, reach) + " AS a" + selected.size());
    } while (next < rest.size());
    String all = String.join(", ", keys);
    String groups =
        keys.isEmpty()
            ? ""
            : " GROUP BY "
                + switch (sets) {
                  case 5 -> "ROLLUP (" + all + ")";
                  case 6 -> "CUBE (" + all + ")";
                  case 7 -> "GROUPING SETS ((" + all + "), (" + keys.get(0) + "), ())";
                  default ->
                      IntStream.rangeClosed(1, keys.size())
                          .mapToObj(Integer::toString)
                          .collect(Collectors.joining(", "));
                };
    return "SELECT "
        + String.join(", ", selected)
        + " FROM "
        + table.name()
        + where
        + groups
        + having;
  }

  private String joined() {
    RandomTables.Table left = shape.of(tables);
    RandomTables.Table right = shape.of(tables);
    String kind =
        shape.of(
            "JOIN",
            "LEFT JOIN",
            "RIGHT JOIN",
            "FULL JOIN",
            "LEFT SEMI JOIN",
            "LEFT ANTI JOIN",
            "CROSS JOIN");
    Reach l = new Reach(left.byType("l."));
    Reach r = new Reach(right.byType("r."));
    Reach both = l.and(r);
    String on =
        switch (shape.below(5)) {
          case 0 -> "l.id = r.id";
          case 1 -> keysEqual(l, r);
          case 2 -> keysEqual(l, r) + " AND " + expression('B', both);
          case 3 -> "l.id = r.id AND " + expression('B', both);
          default -> "l.id = r.id OR " + keysEqual(l, r);
        };
    boolean one = kind.contains("SEMI") || kind.contains("ANTI");
    String where = shape.oneIn(3) ? " WHERE " + expression('B', one ? l : both) : "";
    return "SELECT l.id AS lid, "
        + (one ? "" : "r.id AS rid, ")
        + columns(one ? l : both, Grammar.TYPES)
        + " FROM "
        + left.name()
        + " l "
        + kind
        + " "
        + right.name()
        + " r"
        + (kind.startsWith("CROSS") ? "" : " ON " + on)
        + where;
  }

  private String keysEqual(Reach left, Reach right) {
    char type = key();
    return expression(type, left) + shape.of(" = ", " = ", " <=> ") + expression(type, right);
  }

  private String windowed() {
    RandomTables.Table table = shape.of(tables);
    Reach reach = new Reach(table.byType(""));
    String where = where(reach);
    String partition = shape.below(2) == 0 ? "" : "PARTITION BY " + expression(key(), reach) + " ";
    String order = shape.below(2) == 0 ? "" : expression(key(), reach) + shape.of("", " DESC");
    String placed =
        " OVER (" + partition + "ORDER BY " + (order.isEmpty() ? "" : order + ", ") + "id";
    List<String> columns = new ArrayList<>();
    do {
      Choices choices = choices();
      columns.add(
          switch (choices.below(6)) {
                case 0, 1 -> filled(choices, Grammar.PLACED, reach) + placed + ")";
                case 2 ->
                    choices.of(Grammar.PEERS)
                        + " OVER ("
                        + partition
                        + "ORDER BY "
                        + (order.isEmpty() ? "id" : order)
                        + ")";
                case 3 ->
                    choices.of("sum(", "count(", "avg(")
                        + expression(choices, 'J', reach)
                        + ") OVER ("
                        + partition
                        + "ORDER BY id"
                        + choices.of(" DESC", "")
                        + " RANGE BETWEEN 2 PRECEDING AND 1 FOLLOWING)";
                default ->
                    filled(choices, Grammar.FRAMED, reach)
                        + placed
                        + choices.of(
                            "",
                            " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW",
                            " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
                            " ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING",
                            " RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
                            " RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING")
                        + ")";
              }
              + " AS w"
              + columns.size());
    } while (next < rest.size());
    return "SELECT id, " + String.join(", ", columns) + " FROM " + table.name() + where;
  }

  private String combined() {
    List<Character> types = new ArrayList<>();
    for (int i = shape.below(2); i >= 0; i--) {
      types.add(key());
    }
    List<String> sides = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      RandomTables.Table table = shape.of(tables);
      Reach reach = new Reach(table.byType(""));
      List<String> columns = new ArrayList<>();
      for (char type : types) {
        columns.add(expression(type, reach) + " AS x" + columns.size());
      }
      sides.add("SELECT " + String.join(", ", columns) + " FROM " + table.name() + where(reach));
    }
    return "("
        + sides.get(0)
        + ") "
        + shape.of("UNION ALL", "UNION", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL")
        + " ("
        + sides.get(1)
        + ")";
  }

  private String pivoted() {
    RandomTables.Table table = shape.of(tables);
    Reach reach = new Reach(table.byType(""));
    return "SELECT * FROM (SELECT "
        + expression(key(), reach)
        + " AS k, "
        + expression('J', reach)
        + " AS j, "
        + expression('C', reach)
        + " AS c FROM "
        + table.name()
        + where(reach)
        + ") PIVOT ("
        + shape.of("sum(c)", "count(*)", "max(c) AS m, min(c) AS n")
        + " FOR j IN (0, 1, 2 AS two))";
  }

  private String subquery() {
    RandomTables.Table outer = shape.of(tables);
    RandomTables.Table inner = shape.of(tables);
    Reach outside = new Reach(outer.byType("o."));
    Reach inside = new Reach(inner.byType("i."));
    char type = key();
    String from = " FROM " + inner.name() + " i WHERE ";
    String condition =
        switch (shape.below(9)) {
          case 0 -> "EXISTS (SELECT 1" + from + "i.id = o.id AND " + expression('B', inside) + ")";
          case 1 -> "NOT EXISTS (SELECT 1" + from + keysEqual(inside, outside) + ")";
          case 2 -> in(type, " IN (SELECT ", outside, inside, from);
          case 3 -> in(type, " NOT IN (SELECT ", outside, inside, from);
          case 4 -> in(type, " < (SELECT max(", outside, inside, ")" + from);
          case 5 ->
              expression('J', outside)
                  + " > (SELECT count(*)"
                  + from
                  + keysEqual(inside, outside)
                  + ")";
          case 6 ->
              "("
                  + in(type, " IN (SELECT ", outside, inside, from)
                  + " OR "
                  + expression('B', outside)
                  + ")";
          case 7 ->
              "(o.id, "
                  + expression(type, outside)
                  + ") IN (SELECT i.id, "
                  + expression(type, inside)
                  + from
                  + "true)";
          default ->
              expression('C', outside)
                  + " <= (SELECT sum("
                  + expression('C', inside)
                  + ")"
                  + from
                  + "i.id % 3 = o.id % 3)";
        };
    return "SELECT o.id AS id, "
        + columns(outside, Grammar.TYPES)
        + " FROM "
        + outer.name()
        + " o WHERE "
        + condition;
  }

  private String in(char type, String word, Reach outside, Reach inside, String from) {
    return expression(type, outside)
        + word
        + expression(type, inside)
        + from
        + expression('B', inside)
        + ")";
  }

  /** A common table expression that is used twice. */
  private String twice() {
    RandomTables.Table table = shape.of(tables);
    Reach reach = new Reach(table.byType(""));
    char type = key();
    String definition =
        "SELECT id, " + expression(type, reach) + " AS k FROM " + table.name() + where(reach);
    Reach both =
        new Reach(Map.of('J', List.of("a.id", "b.id")))
            .and(new Reach(Map.of(type, List.of("a.k", "b.k"))));
    return "WITH c AS ("
        + definition
        + ") SELECT a.id AS aid, b.id AS bid, "
        + columns(both, "J" + type)
        + " FROM c a "
        + shape.of("JOIN", "LEFT JOIN", "FULL JOIN")
        + " c b ON a.k "
        + shape.of("=", "<=>", "<")
        + " b.k";
  }

  /** A query over the rows of another one. */
  private String nested() {
    RandomTables.Table table = shape.of(tables);
    Reach reach = new Reach(table.byType(""));
    char type = key();
    String limit = shape.of("", " ORDER BY id LIMIT 7", " ORDER BY id OFFSET 3");
    String inner =
        "SELECT id, "
            + expression(type, reach)
            + " AS k, "
            + expression('B', reach)
            + " AS f FROM "
            + table.name()
            + where(reach)
            + limit;
    Reach outside =
        new Reach(Map.of('J', List.of("id")))
            .and(new Reach(Map.of('B', List.of("f"))))
            .and(new Reach(Map.of(type, List.of("k"))));
    return "SELECT id, "
        + columns(outside, Grammar.TYPES)
        + " FROM ("
        + inner
        + ") WHERE "
        + expression('B', outside);
  }

  private String exploded() {
    RandomTables.Table table = shape.of(tables);
    Reach reach = new Reach(table.byType("t."));
    String kind = shape.of("LATERAL VIEW", "LATERAL VIEW OUTER");
    String view =
        switch (shape.below(3)) {
          case 0 -> "explode(" + expression('A', reach) + ") e AS j";
          case 1 -> "posexplode(" + expression('A', reach) + ") e AS p, j";
          default -> "explode(" + expression('K', reach) + ") e AS s, j";
        };
    Reach all = reach.and(new Reach(Map.of('I', List.of("e.j"))));
    return "SELECT t.id, e.*, "
        + columns(all, Grammar.TYPES)
        + " FROM "
        + table.name()
        + " t "
        + kind
        + " "
        + view;
  }
}
