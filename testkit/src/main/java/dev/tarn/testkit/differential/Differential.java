package dev.tarn.testkit.differential;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs statements on two executors that must mean the same, and says where they do not: in names or
 * types of columns, values, order, or error.
 */
public final class Differential {
  /** What the order of summation can change in a sum of doubles. */
  public static final double SUMMATION = 1e-12;

  private static final int SHOWN = 20;

  private final String firstName;
  private final Function<String, Answer> first;
  private final String secondName;
  private final Function<String, Answer> second;
  private final Optional<ProvenAnswers> proven;

  /**
   * @param first the one that is right
   */
  public Differential(
      String firstName,
      Function<String, Answer> first,
      String secondName,
      Function<String, Answer> second) {
    this(firstName, first, secondName, second, Optional.empty());
  }

  private Differential(
      String firstName,
      Function<String, Answer> first,
      String secondName,
      Function<String, Answer> second,
      Optional<ProvenAnswers> proven) {
    this.firstName = firstName;
    this.first = first;
    this.secondName = secondName;
    this.second = second;
    this.proven = proven;
  }

  /** One that asks the first executor only where the second's answer is not among these. */
  public Differential with(ProvenAnswers answers) {
    return new Differential(firstName, first, secondName, second, Optional.of(answers));
  }

  /**
   * Runs a statement on both.
   *
   * @param tolerance how far doubles may be apart, relative to the larger: 0, or {@link #SUMMATION}
   *     where the statement adds doubles up
   * @return what differs, with the statement, the first rows that differ and both answers
   */
  public Optional<String> compare(String sql, Order order, double tolerance) {
    return compare(sql, columns -> order, tolerance);
  }

  /**
   * Like {@link #compare(String, Order, double)}, for an order that names columns of the result.
   *
   * @param order from the result's columns
   */
  public Optional<String> compare(
      String sql, Function<List<Answer.Column>, Order> order, double tolerance) {
    Answer right = second.apply(sql);
    if (proven.isPresent() && proven.get().contains(sql, right)) {
      return Optional.empty();
    }
    Answer left = first.apply(sql);
    Optional<String> difference = difference(left, right, order, tolerance);
    if (difference.isEmpty()) {
      proven.ifPresent(answers -> answers.add(sql, right));
    }
    return difference.map(
        what ->
            what
                + "\n\nstatement:\n"
                + sql
                + "\n\n"
                + firstName
                + ":\n"
                + show(left)
                + "\n"
                + secondName
                + ":\n"
                + show(right));
  }

  private Optional<String> difference(
      Answer left, Answer right, Function<List<Answer.Column>, Order> order, double tolerance) {
    if (left instanceof Answer.Failure l && right instanceof Answer.Failure r) {
      return l.condition().equals(r.condition()) && l.sqlState().equals(r.sqlState())
          ? Optional.empty()
          : Optional.of("Both fail, but differently.");
    }
    if (left instanceof Answer.Rows l && right instanceof Answer.Rows r) {
      if (!l.columns().equals(r.columns())) {
        return Optional.of(
            "The columns differ: "
                + firstName
                + " has "
                + columns(l)
                + ", "
                + secondName
                + " has "
                + columns(r)
                + ".");
      }
      return new RowComparison(firstName, secondName, order.apply(l.columns()), tolerance)
          .difference(l.rows(), r.rows());
    }
    return Optional.of(
        "Only " + (left instanceof Answer.Rows ? secondName : firstName) + " fails.");
  }

  private static List<String> columns(Answer.Rows rows) {
    return rows.columns().stream().map(c -> c.name() + " " + c.type()).toList();
  }

  private static String show(Answer answer) {
    if (answer instanceof Answer.Failure failure) {
      return "  fails: " + failure.sqlState() + " " + failure.message() + "\n";
    }
    Answer.Rows rows = (Answer.Rows) answer;
    StringBuilder text =
        new StringBuilder("  " + rows.rows().size() + " rows of " + columns(rows) + "\n");
    rows.rows().stream()
        .limit(SHOWN)
        .forEach(row -> text.append("  ").append(Values.text(row)).append('\n'));
    return text.append(rows.rows().size() > SHOWN ? "  …\n" : "").toString();
  }
}
