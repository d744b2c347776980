package dev.tarn.serve.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestTypeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "BIGINT;LONG",
        "smallint;SHORT",
        "TINYINT;BYTE",
        "VARCHAR(10);STRING",
        "CHAR(3);CHAR",
        "TIMESTAMP_NTZ;TIMESTAMP",
        "VOID;NULL",
        "ARRAY<DECIMAL(10,2)>;ARRAY",
        "struct<a:int>;STRUCT",
        "VARIANT;VARIANT",
        "STRING COLLATE UNICODE;STRING",
        "SOMETHING;USER_DEFINED_TYPE"
      })
  void namesBaseTypes(String text, String name) {
    assertThat(ManifestType.of(text).typeName()).isEqualTo(name);
  }

  @Test
  void readsDecimalsAndIntervals() {
    assertThat(ManifestType.of("DECIMAL( 38 , 18 )"))
        .isEqualTo(new ManifestType("DECIMAL", Optional.of(38), Optional.of(18), Optional.empty()));
    assertThat(ManifestType.of("DECIMAL").precision()).contains(10);
    assertThat(ManifestType.of("INTERVAL DAY TO SECOND").intervalType()).contains("DAY TO SECOND");
    assertThat(ManifestType.of("INTERVAL").intervalType()).isEmpty();
  }
}
