package dev.tarn.govern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "token",
        "token_value",
        "access_token",
        "client_secret",
        "password",
        "client_assertion",
        "code",
        "code_verifier",
        "content",
        "aws_secret_access_key",
        "azure_service_principal_credential",
        "sig"
      })
  void valuesOfSecretsAreHidden(String name) {
    assertThat(Redaction.parameters(Map.of(name, "hidden"))).isEqualTo(Map.of(name, "[REDACTED]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"full_name", "token_id", "secret_id", "name", "page_token", "comment"})
  void whatIsNoSecretIsShown(String name) {
    assertThat(Redaction.parameters(Map.of(name, "shown"))).isEqualTo(Map.of(name, "shown"));
  }

  @Test
  void tokensAreMaskedWhereverTheyStand() {
    assertThat(Redaction.text("/api/2.0/x/dapi0123456789abcdef")).isEqualTo("/api/2.0/x/dapi***");
    assertThat(Redaction.text("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdef"))
        .isEqualTo("Bearer eyJ***");
    assertThat(Redaction.text("jdbc:x://user:secret@host/db")).isEqualTo("jdbc:x://***@host/db");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "INSERT INTO t1 VALUES (1, 'a', \"b\", -2.5e10) | INSERT INTO t1 VALUES (?, ?, ?, -?)",
        "SELECT `a'b`, x1 FROM t -- 'secret | SELECT `a'b`, x1 FROM t",
        "SELECT 'it\\'s' + 'x' /* secret */ FROM t | SELECT ? + ?  FROM t",
        "SELECT $$secret$$ | SELECT ?",
        "SELECT 'no end | SELECT ?",
        "SELECT X'1F', 0xFF, 12L | SELECT X?, ?, ?"
      })
  void literalsOfStatementsAreHidden(String sql, String shown) {
    assertThat(Redaction.sql(sql).strip()).isEqualTo(shown);
  }

  @Test
  void ofFailuresOnlyRefusalsAreToldInFull() {
    assertThat(Redaction.failure(TarnException.permissionDenied("a", "SELECT", "Table 't'")))
        .contains("User 'a' does not have SELECT on Table 't'");
    assertThat(
            Redaction.failure(
                new TarnException(
                    ErrorCode.BAD_REQUEST, "22018", "[CAST_INVALID_INPUT] The value 'x'", null)))
        .isEqualTo("BAD_REQUEST: [CAST_INVALID_INPUT]");
    assertThat(Redaction.failure("Conversion Error: Could not convert string 'x'"))
        .doesNotContain("x'");
  }
}
