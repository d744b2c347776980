package dev.tarn.govern.abac;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.abac.PolicyDefinition.Argument;
import dev.tarn.govern.abac.PolicyDefinition.Kind;
import dev.tarn.govern.abac.PolicyDefinition.MatchedColumn;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.ColumnMask;
import dev.tarn.govern.catalog.FilterArgument;
import dev.tarn.govern.catalog.RowFilter;
import dev.tarn.govern.catalog.TableFilters;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.tags.TableTags;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyResolutionTest {
  private static final EntityName NAME = new EntityName("main", "s", "t");
  private static final Principal ANN = new Principal("Ann", Set.of("Analysts"), false);
  private static final Principal BOSS = new Principal("boss", Set.of("Analysts", "HR"), true);
  private static final TableTags TAGS =
      new TableTags(
          Map.of("domain", "people"),
          Map.of(
              "ssn", Map.of("pii", "ssn"),
              "mail", Map.of("pii", "mail"),
              "region", Map.of("geo", "")));

  private static TableInfo table(TableFilters own) {
    return new TableInfo(
        "id",
        NAME,
        TableType.MANAGED,
        "DELTA",
        "file:/t",
        "owner",
        null,
        List.of(column("Ssn", 0), column("Mail", 1), column("Region", 2), column("plain", 3)),
        Map.of(),
        null,
        null,
        0,
        0,
        own);
  }

  private static ColumnInfo column(String name, int position) {
    return new ColumnInfo(name, "string", "\"string\"", position, true, null);
  }

  private static AccessPolicy policy(PolicyDefinition definition) {
    return new AccessPolicy(
        "id", Securable.catalog("main"), "p", definition, "admin", 0, "admin", 0);
  }

  private static PolicyDefinition mask(
      String function, List<String> to, List<String> except, String when, String condition) {
    return new PolicyDefinition(
        null,
        Kind.COLUMN_MASK,
        to,
        except,
        when,
        List.of(new MatchedColumn(condition, "C")),
        function,
        "1",
        "c",
        List.of(new Argument(null, "'*'")));
  }

  private static PolicyDefinition filter(String function, String condition) {
    return new PolicyDefinition(
        null,
        Kind.ROW_FILTER,
        List.of("account users"),
        List.of(),
        null,
        List.of(new MatchedColumn(condition, "place")),
        function,
        "1",
        null,
        List.of(new Argument("PLACE", null)));
  }

  private static TableFilters filters(Principal principal, PolicyDefinition... definitions) {
    return filters(principal, TableFilters.NONE, definitions);
  }

  private static TableFilters filters(
      Principal principal, TableFilters own, PolicyDefinition... definitions) {
    return new PolicyResolution(
            table(own),
            table(own).columns().stream().map(ColumnInfo::name).toList(),
            TAGS,
            List.of(definitions).stream().map(p -> policy(p)).toList())
        .filters(principal);
  }

  @Test
  void masksEveryColumnThatMatches() {
    TableFilters filters =
        filters(ANN, mask("a.b.hide", List.of("analysts"), List.of("hr"), null, "has_tag('pii')"));
    ColumnMask hidden = new ColumnMask("a.b.hide", "1", List.of(FilterArgument.constant("'*'")));
    assertThat(filters.columnMasks()).containsOnlyKeys("Ssn", "Mail");
    assertThat(filters.mask("ssn")).contains(hidden);
    assertThat(filters.rowFilter()).isNull();
  }

  @Test
  void goesByWhoReads() {
    PolicyDefinition policy =
        mask("a.b.hide", List.of("analysts"), List.of("hr"), null, "has_tag('pii')");
    assertThat(filters(BOSS, policy).none()).isTrue();
    assertThat(filters(Principal.user("cid"), policy).none()).isTrue();
    assertThat(
            filters(
                    Principal.user("cid"),
                    mask("a.b.hide", List.of("account users"), List.of(), null, "has_tag('pii')"))
                .none())
        .isFalse();
    assertThat(
            filters(
                    ANN,
                    mask(
                        "a.b.hide",
                        List.of("account users"),
                        List.of("ann"),
                        null,
                        "has_tag('pii')"))
                .none())
        .isTrue();
  }

  @Test
  void goesByTheTagsOfTheTableAndItsColumns() {
    List<String> all = List.of("account users");
    assertThat(
            filters(ANN, mask("f.f.f", all, List.of(), "has_tag('nosuch')", "has_tag('pii')"))
                .none())
        .isTrue();
    assertThat(
            filters(
                    ANN,
                    mask(
                        "f.f.f",
                        all,
                        List.of(),
                        "has_tag_value('domain', 'people')",
                        "has_tag_value('pii', 'mail')"))
                .columnMasks())
        .containsOnlyKeys("Mail");
    assertThat(filters(ANN, mask("f.f.f", all, List.of(), null, "has_tag('domain')")).none())
        .isTrue();
    assertThat(filters(ANN, filter("f.f.f", "has_tag('nosuch')")).none()).isTrue();
  }

  @Test
  void filtersRowsByTheColumnThatMatches() {
    assertThat(filters(ANN, filter("a.b.sees", "has_tag('geo')")).rowFilter())
        .isEqualTo(new RowFilter("a.b.sees", "1", List.of(FilterArgument.column("Region"))));
  }

  @Test
  void readsNothingWhereItCannotBeSaidWhatHolds() {
    refused("several", filter("a.b.x", "has_tag('geo')"), filter("a.b.y", "has_tag('geo')"));
    List<String> all = List.of("account users");
    refused(
        "masks of column 'Mail'",
        mask("a.b.x", all, List.of(), null, "has_tag('pii')"),
        mask("a.b.y", all, List.of(), null, "has_tag_value('pii', 'mail')"));
    refused("Ssn, Mail", filter("a.b.x", "has_tag('pii')"));
    assertThat(
            filters(ANN, filter("a.b.x", "has_tag('geo')"), filter("a.b.x", "has_tag('geo')"))
                .rowFilter())
        .isNotNull();
  }

  @Test
  void keepsWhatTheTableSetsItself() {
    TableFilters own =
        new TableFilters(
            new RowFilter("own.own.f", "1", List.of()),
            Map.of("plain", new ColumnMask("own.own.m", "1", List.of())));
    TableFilters both =
        filters(
            ANN,
            own,
            mask("a.b.hide", List.of("account users"), List.of(), null, "has_tag('geo')"));
    assertThat(both.rowFilter()).isEqualTo(own.rowFilter());
    assertThat(both.columnMasks()).containsOnlyKeys("plain", "Region");
    assertThatThrownBy(() -> filters(ANN, own, filter("a.b.x", "has_tag('geo')")))
        .hasMessageContaining("several");
  }

  private static void refused(String words, PolicyDefinition... definitions) {
    assertThatThrownBy(() -> filters(ANN, definitions))
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED))
        .hasMessageContaining(words);
  }
}
