package dev.tarn.acceptance.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.clients.ClientProcess.Outcome;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.testkit.cases.StatementCase;
import dev.tarn.testkit.cases.StatementCases;
import dev.tarn.testkit.cases.TypeCase;
import dev.tarn.testkit.cases.TypeCases;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One table of values and one of statements, the same through every client. */
@ExtendWith(TarnUnderTest.class)
class CasesIT {
  private final Tarn tarn;

  CasesIT(Tarn tarn) {
    this.tarn = tarn;
  }

  @ParameterizedTest
  @ValueSource(strings = {"JDBC Thrift", "JDBC SEA", "Node", "SDK", "Spark Connect"})
  void everyTypeArrives(String name) {
    SoftAssertions softly = new SoftAssertions();
    try (CaseClient client = CaseClient.open(name, tarn)) {
      for (TypeCase expected : TypeCases.portable()) {
        Outcome outcome = client.query(expected.query());
        if (outcome.sqlState() != null || outcome.rows().size() != 1) {
          softly.fail("%s: %s", expected, outcome);
          continue;
        }
        String printed = outcome.rows().get(0).get(0);
        boolean same =
            expected.text() == null
                ? printed == null
                : printed != null && client.means(expected, printed);
        softly
            .assertThat(same)
            .as("%s: %s instead of %s", expected, printed, expected.text())
            .isTrue();
        client
            .type(expected.query())
            .ifPresent(
                type ->
                    softly
                        .assertThat(type)
                        .as("type of " + expected)
                        .isEqualTo(expected.typeText()));
      }
    }
    softly.assertAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"JDBC Thrift", "JDBC SEA", "Node", "SDK", "Spark Connect"})
  void everyStatementIsAnswered(String name) {
    String schema = "cases_" + name.toLowerCase(Locale.ROOT).replace(' ', '_');
    tarn.administrator().sql("CREATE SCHEMA main." + schema);
    tarn.administrator().sql("CREATE VOLUME main." + schema + ".landing");
    tarn.administrator()
        .putFile(
            "/Volumes/main/" + schema + "/landing/a.json",
            StatementCases.LANDED.getBytes(StandardCharsets.UTF_8));
    SoftAssertions softly = new SoftAssertions();
    try (CaseClient client = CaseClient.open(name, tarn)) {
      for (StatementCase expected : StatementCases.in(schema)) {
        if (expected.needsSession() && !client.hasSession()) {
          continue;
        }
        List<String> statements = expected.statements();
        for (String before : statements.subList(0, statements.size() - 1)) {
          assertThat(client.query(before).message()).as(before).isNull();
        }
        Outcome outcome = client.query(statements.get(statements.size() - 1));
        softly
            .assertThat(outcome.sqlState())
            .as(expected + ": " + outcome.message())
            .isEqualTo(expected.sqlState());
        if (client.hasRowsOf(statements.get(statements.size() - 1))) {
          softly.assertThat(outcome.rows()).as(expected.name()).isEqualTo(expected.rows());
        }
      }
    }
    softly.assertAll();
  }
}
