package dev.tarn.kernel.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityNameTest {
  @Test
  void isStoredInLowerCase() {
    EntityName name = EntityName.parse("Main.Sales.`Orders");
    assertThat(name).isEqualTo(new EntityName("main", "sales", "`orders"));
    assertThat(name.fullName()).isEqualTo("main.sales.`orders");
    assertThat(name.quoted()).isEqualTo("`main`.`sales`.```orders`");
    assertThat(name.parent()).isEqualTo(new SchemaName("MAIN", "sales"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a.b", "a.b.c.d", "a..c", ".b.c", "a.b.", "a.b.c d", "a.b.c/d"})
  void refusesWhatIsNoFullName(String text) {
    assertThatThrownBy(() -> EntityName.parse(text)).isInstanceOf(TarnException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a\\b", "a.b", "a b", "a\nb", "a\u0000b", "a\u0085b"})
  void refusesCharactersThatPathsAndSqlGiveAMeaning(String part) {
    assertThatThrownBy(() -> Names.normalized(part))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("character");
  }

  @Test
  void refusesLongNames() {
    assertThat(Names.normalized("x".repeat(255))).hasSize(255);
    assertThatThrownBy(() -> Names.normalized("x".repeat(256)))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("255");
  }
}
