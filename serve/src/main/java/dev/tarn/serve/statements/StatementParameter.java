package dev.tarn.serve.statements;

import dev.tarn.engine.sql.Parameter;
import dev.tarn.kernel.error.TarnException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A parameter as it travels.
 *
 * @param name of a {@code :name} marker; null for a {@code ?} marker
 * @param ordinal place among the {@code ?} markers, from 1
 * @param type SQL type; STRING when null
 * @param value as text; null for NULL
 */
public record StatementParameter(String name, Integer ordinal, String type, String value) {

  /**
   * Parameters in the order of their markers.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE if named and positional ones are mixed, a name is
   *     given twice, or the ordinals are not 1, 2, 3 …
   */
  static List<Parameter> inOrder(List<StatementParameter> given) {
    Set<String> names = new HashSet<>();
    int named = 0;
    for (StatementParameter parameter : given) {
      if (parameter.name() != null) {
        named++;
        if (!names.add(parameter.name())) {
          throw TarnException.invalid("Parameter '" + parameter.name() + "' is given twice.");
        }
      }
    }
    if (named != 0 && named != given.size()) {
      throw TarnException.invalid(
          "Parameters must be all named or all positional, because markers are.");
    }
    List<StatementParameter> sorted = given;
    if (given.stream().anyMatch(p -> p.ordinal() != null)) {
      if (given.stream().anyMatch(p -> p.ordinal() == null || p.name() != null)) {
        throw TarnException.invalid("Give every positional parameter an ordinal, or none.");
      }
      sorted = given.stream().sorted(Comparator.comparingInt(StatementParameter::ordinal)).toList();
      for (int i = 0; i < sorted.size(); i++) {
        if (sorted.get(i).ordinal() != i + 1) {
          throw TarnException.invalid(
              "The ordinals of parameters must be 1, 2, 3 … without a gap or a repeat.");
        }
      }
    }
    return sorted.stream()
        .map(p -> new Parameter(Optional.ofNullable(p.name()), p.value(), sqlType(p.type())))
        .toList();
  }

  /** Drivers name some types by the manifest's names rather than by SQL's. */
  private static String sqlType(String type) {
    if (type == null || type.isBlank()) {
      return "STRING";
    }
    return switch (type.trim().toUpperCase(Locale.ROOT)) {
      case "LONG" -> "BIGINT";
      case "SHORT" -> "SMALLINT";
      case "BYTE" -> "TINYINT";
      case "NULL" -> "VOID";
      default -> type.trim();
    };
  }
}
