package dev.tarn.acceptance.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.testkit.cases.TypeCase;
import dev.tarn.testkit.cases.TypeCases;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The driver reads every type, with its name, over the Statement Execution API. */
@ExtendWith(TarnUnderTest.class)
class TypesIT {
  /** How the driver itself writes structs that hold timestamps. */
  private static final Map<String, String> AS_THE_DRIVER_WRITES =
      Map.of(
          "struct of times",
          "{\"t\":\"2001-02-03 04:05:06.789012\",\"n\":\"1999-12-31 23:59:59\"}");

  private final Tarn tarn;

  TypesIT(Tarn tarn) {
    this.tarn = tarn;
  }

  @Test
  void theDriverReadsEveryType() {
    List<TypeCase> cases = TypeCases.portable();
    List<String> steps = new ArrayList<>();
    for (TypeCase value : cases) {
      steps.add("query " + value.query());
      steps.add("types " + value.query());
    }
    JdbcProcess.Outcome outcome =
        new JdbcProcess(tarn.port(), "default", tarn.administratorToken(), "")
            .run(steps.toArray(String[]::new));

    assertThat(outcome.exitCode()).as(outcome.error()).isZero();
    assertThat(outcome.rows()).hasSize(steps.size());
    SoftAssertions softly = new SoftAssertions();
    for (int i = 0; i < cases.size(); i++) {
      TypeCase value = cases.get(i);
      softly.assertThat(outcome.rows().get(2 * i).get(0)).as(value.name()).isEqualTo(text(value));
      softly
          .assertThat(outcome.rows().get(2 * i + 1).get(1))
          .as("type of " + value.name())
          .isEqualTo(value.typeText());
    }
    softly.assertAll();
  }

  private static String text(TypeCase value) {
    if (value.text() == null) {
      return null;
    }
    return switch (value.typeName()) {
      case "DECIMAL" -> new BigDecimal(value.text()).toString();
      case "BINARY" -> HexFormat.of().formatHex(Base64.getDecoder().decode(value.text()));
      case "TIMESTAMP" ->
          value.text().replace('T', ' ').replace("Z", "").replaceAll("(\\.\\d+?)0+$", "$1");
      default -> AS_THE_DRIVER_WRITES.getOrDefault(value.name(), value.text());
    };
  }
}
