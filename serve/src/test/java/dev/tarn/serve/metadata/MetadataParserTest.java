package dev.tarn.serve.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.statement.NamePattern;
import dev.tarn.serve.metadata.MetadataCommand.ShowCatalogs;
import dev.tarn.serve.metadata.MetadataCommand.ShowColumns;
import dev.tarn.serve.metadata.MetadataCommand.ShowForeignKeys;
import dev.tarn.serve.metadata.MetadataCommand.ShowFunctions;
import dev.tarn.serve.metadata.MetadataCommand.ShowKeys;
import dev.tarn.serve.metadata.MetadataCommand.ShowSchemas;
import dev.tarn.serve.metadata.MetadataCommand.ShowTables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataParserTest {
  @Test
  void readsWhatDriversSend() {
    assertThat(MetadataParser.parse("SHOW CATALOGS")).contains(new ShowCatalogs(NamePattern.ANY));
    assertThat(MetadataParser.parse("show catalogs like 'm*' ; "))
        .contains(new ShowCatalogs(NamePattern.of("m*")));
    assertThat(MetadataParser.parse("SHOW SCHEMAS IN `main`"))
        .contains(new ShowSchemas("main", NamePattern.ANY));
    assertThat(MetadataParser.parse("SHOW SCHEMAS IN ALL CATALOGS LIKE '*'"))
        .contains(new ShowSchemas(null, NamePattern.of("*")));
    assertThat(MetadataParser.parse("SHOW TABLES IN CATALOG `main` SCHEMA LIKE '*' LIKE 't.'"))
        .contains(new ShowTables("main", NamePattern.of("*"), NamePattern.of("t.")));
    assertThat(MetadataParser.parse("SHOW TABLES IN ALL CATALOGS"))
        .contains(new ShowTables(null, NamePattern.ANY, NamePattern.ANY));
    assertThat(
            MetadataParser.parse(
                "SHOW COLUMNS IN CATALOG `main` SCHEMA LIKE 'default' TABLE LIKE 't1' LIKE '*'"))
        .contains(
            new ShowColumns(
                "main", NamePattern.of("default"), NamePattern.of("t1"), NamePattern.of("*")));
    assertThat(MetadataParser.parse("SHOW FUNCTIONS IN CATALOG `main` SCHEMA LIKE '*' LIKE '*'"))
        .contains(new ShowFunctions("main"));
    assertThat(MetadataParser.parse("SHOW KEYS IN CATALOG `c` IN SCHEMA `s` IN TABLE `t`"))
        .contains(new ShowKeys("c", "s", "t"));
    assertThat(MetadataParser.parse("SHOW FOREIGN KEYS IN CATALOG `c` IN SCHEMA `s` IN TABLE `t`"))
        .contains(new ShowForeignKeys("c", "s", "t"));
  }

  @Test
  void unquotesNamesAndPatterns() {
    assertThat(MetadataParser.parse("SHOW SCHEMAS IN `a``b` LIKE 'it''s\\'x'"))
        .contains(new ShowSchemas("a`b", NamePattern.of("it's'x")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "",
        ";",
        "SHOW",
        "SHOW SCHEMAS",
        "SHOW TABLES",
        "SHOW TABLES IN main.default",
        "SHOW TABLES IN default",
        "SHOW COLUMNS IN t1",
        "SHOW CATALOGS LIKE",
        "SHOW CATALOGS LIKE `x`",
        "SHOW CATALOGS LIKE 'unclosed",
        "SHOW SCHEMAS IN `main` -- comment",
        "SHOW SCHEMAS IN `main` LIKE 'a' LIKE 'b'",
        "SHOW KEYS IN CATALOG `c`",
        "SHOW CATALOGS; DROP TABLE t"
      })
  void leavesEverythingElseToTheEngine(String sql) {
    assertThat(MetadataParser.parse(sql)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "*,anything,true",
    "*,'',true",
    "flights,FLIGHTS,true",
    "f*s,flights,true",
    "f*x,flights,false",
    "*a*b*,xxaxxbxx,true",
    "t.,t1,true",
    "t.,t12,false",
    "t.,t,false",
    "a|b*,bcd,true",
    "a|b*,cd,false",
    "'',x,false",
    "+t(,+t(,true"
  })
  void matchesPatterns(String pattern, String name, boolean expected) {
    assertThat(NamePattern.of(pattern).matches(name)).isEqualTo(expected);
  }

  @Test
  void matchesHostilePatternsInShortTime() {
    assertThat(NamePattern.of("*a".repeat(2000) + "b").matches("a".repeat(255))).isFalse();
  }
}
