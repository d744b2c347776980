package dev.tarn.engine.differential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts expressions together from the forms of {@link Grammar}. */
public final class GrammarWriter {
  private static final Pattern HOLE = Pattern.compile("\\{([A-Z])}");

  private final IntUnaryOperator below;
  private final Map<Character, List<String>> leaves = new HashMap<>();
  private final Map<Character, List<String>> forms = new HashMap<>();

  /**
   * @param below chooses: a number from 0 to below its argument, where 0 is the simplest choice
   * @param columns in reach, by type
   */
  public GrammarWriter(IntUnaryOperator below, Map<Character, List<String>> columns) {
    this(below, columns, Grammar::forms);
  }

  /**
   * @param forms of a type
   */
  GrammarWriter(
      IntUnaryOperator below,
      Map<Character, List<String>> columns,
      Function<Character, List<String>> forms) {
    this.below = below;
    for (char type : Grammar.TYPES.toCharArray()) {
      List<String> all = new ArrayList<>(columns.getOrDefault(type, List.of()));
      all.addAll(Grammar.literals(type));
      leaves.put(type, all);
      this.forms.put(type, forms.apply(type));
    }
  }

  /** A column, a literal, or a form of such expressions. */
  public String expression(char type, int depth) {
    return depth == 0 || below.applyAsInt(3) == 0 ? leaf(type) : form(type, depth);
  }

  /** A form whose holes are filled with simpler expressions. */
  public String form(char type, int depth) {
    List<String> all = forms.get(type);
    return "(" + filled(all.get(below.applyAsInt(all.size())), depth - 1) + ")";
  }

  /**
   * A form filled in.
   *
   * @param depth of what fills its holes
   */
  public String filled(String form, int depth) {
    Matcher holes = HOLE.matcher(form);
    StringBuilder text = new StringBuilder();
    while (holes.find()) {
      holes.appendReplacement(
          text, Matcher.quoteReplacement(expression(holes.group(1).charAt(0), depth)));
    }
    return holes.appendTail(text).toString();
  }

  private String leaf(char type) {
    List<String> all = leaves.get(type);
    return all.get(below.applyAsInt(all.size()));
  }
}
