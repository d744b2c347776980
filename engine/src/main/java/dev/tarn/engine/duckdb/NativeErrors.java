package dev.tarn.engine.duckdb;

import dev.tarn.engine.evaluation.SparkFunctions;
import dev.tarn.engine.session.SparkErrors;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Errors of DuckDB that come after rows were handed out, when Spark can no longer be asked for its
 * own: each kind is the error class of Spark's that it stands for.
 */
final class NativeErrors {
  private record Kind(
      Pattern words, ErrorCode code, String condition, String sqlState, String message) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              Pattern.compile("Out of Memory Error"),
              ErrorCode.RESOURCE_EXHAUSTED,
              "OUT_OF_MEMORY",
              "53200",
              "The statement needs more memory than its warehouse has, and could not spill it to"
                  + " disk. Read or collect less at once, give the warehouse a larger size, or the"
                  + " engine more memory with engine.native_memory_mb."),
          kind(
              "\\[DIVIDE_BY_ZERO\\]|[Dd]ivision by zero",
              "DIVIDE_BY_ZERO",
              "22012",
              "Division by zero. Use try_divide to tolerate divisor being 0 and return NULL instead."),
          kind(
              "\\[INVALID_ARRAY_INDEX\\]",
              "INVALID_ARRAY_INDEX",
              "22003",
              "The index is out of bounds. Use get to tolerate that and return NULL instead."),
          kind(
              "\\[INVALID_ARRAY_INDEX_IN_ELEMENT_AT\\]",
              "INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
              "22003",
              "The index is out of bounds. Use try_element_at to tolerate that and return NULL"
                  + " instead."),
          kind(
              "More than one row returned by a subquery",
              "SCALAR_SUBQUERY_TOO_MANY_ROWS",
              "21000",
              "More than one row was returned by a subquery used as an expression."),
          kind(
              "to DECIMAL\\(",
              "NUMERIC_VALUE_OUT_OF_RANGE",
              "22003",
              "A value cannot be represented as the decimal that it has to become."),
          kind(
              "Could not convert string|invalid [a-z]+ field format",
              "CAST_INVALID_INPUT",
              "22018",
              "A value cannot be cast because it is malformed. Use try_cast to tolerate that and"
                  + " return NULL instead."),
          kind(
              "Conversion Error: Type .* can't be cast|Conversion Error: .*out of range",
              "CAST_OVERFLOW",
              "22003",
              "A value cannot be cast due to an overflow. Use try_cast to tolerate that and return"
                  + " NULL instead."),
          kind(
              "Out of Range Error|Overflow in ",
              "ARITHMETIC_OVERFLOW",
              "22003",
              "Overflow. Use the try_ form of the function to tolerate that and return NULL"
                  + " instead."));

  private NativeErrors() {}

  private static Kind kind(String words, String condition, String sqlState, String message) {
    return new Kind(Pattern.compile(words), ErrorCode.BAD_REQUEST, condition, sqlState, message);
  }

  /** What users get; empty if only DuckDB's own words say what happened. */
  static Optional<RuntimeException> known(Throwable failure, SparkFunctions functions) {
    Optional<Throwable> sparks = functions.cause(failure);
    if (sparks.isPresent()) {
      return Optional.of(SparkErrors.toTarn(sparks.get()));
    }
    String said = String.valueOf(failure.getMessage());
    return KINDS.stream()
        .filter(kind -> kind.words().matcher(said).find())
        .findFirst()
        .<RuntimeException>map(
            kind ->
                new TarnException(
                    kind.code(),
                    kind.sqlState(),
                    "["
                        + kind.condition()
                        + "] "
                        + kind.message()
                        + " SQLSTATE: "
                        + kind.sqlState(),
                    failure));
  }
}
