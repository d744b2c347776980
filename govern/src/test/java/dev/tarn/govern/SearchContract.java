package dev.tarn.govern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.search.SearchHit;
import dev.tarn.govern.search.SearchPage;
import dev.tarn.govern.tags.TaggedEntity;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.identity.directory.PrincipalChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What searching finds on every metadata database. */
abstract class SearchContract {
  private static final SchemaName SALES = new SchemaName("main", "sales");

  @TempDir Path data;
  private Platform platform;
  private Govern govern;
  private Principal admin;
  private Principal ann;

  abstract DatabaseConfig newDatabase();

  @BeforeEach
  void open() {
    platform = new Platform(data, newDatabase(), Govern.MIGRATIONS);
    govern =
        new Govern(
            platform.database(), platform.identity()::exists, data.resolve("storage").toString());
    admin = platform.identity().principal("admin");
    govern.bootstrap(admin);
    platform
        .identity()
        .directory()
        .createUser(admin, "ann", PrincipalChange.none(), List.of("analysts"));
    ann = platform.identity().principal("ann");
    govern.schemas().create(admin, SALES, null, Map.of());
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private EntityName table(String name, String comment, String... columns) {
    EntityName table = SALES.child(name);
    List<ColumnInfo> infos = new ArrayList<>();
    for (String column : columns) {
      infos.add(new ColumnInfo(column, "bigint", "\"long\"", infos.size(), true, null));
    }
    govern
        .tables()
        .register(
            admin,
            new NewTable(
                table,
                TableType.MANAGED,
                "DELTA",
                govern.locations().newTable(),
                comment,
                infos,
                Map.of(),
                null));
    return table;
  }

  private List<String> found(Principal principal, String text, SecurableType... types) {
    return govern.search().find(principal, text, List.of(types), 100, "").results().stream()
        .map(SearchHit::fullName)
        .toList();
  }

  private void grant(Securable on, Privilege... privileges) {
    govern.grants().grant(admin, on, "ann", Set.of(privileges));
  }

  @Test
  void what_is_called_so_comes_before_what_has_it_in_it() {
    table("notes", "all about invoices", "id");
    table("things", null, "invoices");
    EntityName tagged = table("stuff", null, "id");
    govern
        .tags()
        .set(admin, TaggedEntity.of(Securable.table(tagged)), Map.of("domain", "invoices"));
    table("open_invoices", null, "id");
    table("invoices_of_2024", null, "id");
    table("invoices", null, "id");
    table("invioces", null, "id");
    assertThat(found(admin, "invoices"))
        .containsExactly(
            "main.sales.invoices",
            "main.sales.invoices_of_2024",
            "main.sales.open_invoices",
            "main.sales.things",
            "main.sales.stuff",
            "main.sales.notes",
            "main.sales.invioces");
    assertThat(found(admin, "Open INVOICES")).containsExactly("main.sales.open_invoices");
    assertThat(found(admin, "main.sales.things").get(0)).isEqualTo("main.sales.things");
    assertThat(found(admin, "nothing here")).isEmpty();
    SearchHit things =
        govern.search().find(admin, "things invoices", List.of(), 10, "").results().get(0);
    assertThat(things.matchedColumns()).containsExactly("invoices");
    assertThat(things.tableType()).isEqualTo("MANAGED");
  }

  @Test
  void nobody_finds_what_they_may_not_see() {
    EntityName shown = table("orders_shown", "a secret word", "id");
    EntityName browsed = table("orders_browsed", null, "id");
    table("orders_hidden", "a secret word", "id");
    assertThat(found(ann, "orders")).isEmpty();
    assertThat(found(ann, "secret")).isEmpty();
    grant(Securable.table(browsed), Privilege.BROWSE);
    assertThat(found(ann, "orders")).containsExactly("main.sales.orders_browsed");
    grant(Securable.table(shown), Privilege.SELECT);
    assertThat(found(ann, "orders")).containsExactly("main.sales.orders_browsed");
    grant(Securable.catalog("main"), Privilege.USE_CATALOG);
    grant(Securable.schema(SALES), Privilege.USE_SCHEMA);
    assertThat(found(ann, "orders"))
        .containsExactly("main.sales.orders_browsed", "main.sales.orders_shown");
    assertThat(found(ann, "secret")).containsExactly("main.sales.orders_shown");
    assertThat(govern.search().find(ann, "browsed", List.of(), 10, "").results())
        .singleElement()
        .matches(SearchHit::browseOnly);
    govern.grants().grant(admin, Securable.schema(SALES), "analysts", Set.of(Privilege.SELECT));
    assertThat(found(ann, "orders")).hasSize(3);
    govern.grants().revoke(admin, Securable.schema(SALES), "analysts", Set.of(Privilege.SELECT));
    assertThat(found(ann, "orders")).hasSize(2);
    govern.grants().revoke(admin, Securable.catalog("main"), "ann", Set.of(Privilege.USE_CATALOG));
    assertThat(found(ann, "orders")).containsExactly("main.sales.orders_browsed");
  }

  @Test
  void what_is_hidden_changes_neither_rank_nor_pages() {
    for (int i = 0; i < 30; i++) {
      EntityName table = table("reading_" + (100 + i), "reading", "id");
      if (i % 3 == 0) {
        grant(Securable.table(table), Privilege.SELECT);
      }
    }
    grant(Securable.catalog("main"), Privilege.USE_CATALOG);
    grant(Securable.schema(SALES), Privilege.USE_SCHEMA);
    List<String> all = new ArrayList<>();
    Optional<String> token = Optional.of("");
    int pages = 0;
    while (token.isPresent()) {
      SearchPage page = govern.search().find(ann, "reading", List.of(), 4, token.get());
      page.results().forEach(hit -> all.add(hit.fullName()));
      token = page.next();
      pages++;
    }
    assertThat(pages).isEqualTo(3);
    assertThat(all)
        .hasSize(10)
        .isSorted()
        .allMatch(name -> Integer.parseInt(name.substring(name.length() - 3)) % 3 == 1);
  }

  @Test
  void every_change_is_found_by_the_next_search() {
    EntityName table = table("parcels", "alpha", "id");
    assertThat(found(admin, "alpha")).containsExactly("main.sales.parcels");
    govern
        .tables()
        .update(
            admin,
            table,
            new TableChange(
                Optional.empty(),
                Optional.of("beta"),
                Optional.of(
                    List.of(new ColumnInfo("weight", "bigint", "\"long\"", 0, true, "in grams"))),
                Optional.empty()));
    assertThat(found(admin, "alpha")).isEmpty();
    assertThat(found(admin, "beta")).containsExactly("main.sales.parcels");
    assertThat(found(admin, "weight")).containsExactly("main.sales.parcels");
    assertThat(found(admin, "grams")).containsExactly("main.sales.parcels");
    govern
        .tags()
        .set(admin, TaggedEntity.of(Securable.table(table)), Map.of("owner_team", "logistics"));
    assertThat(found(admin, "logistics")).containsExactly("main.sales.parcels");
    govern.tables().delete(admin, table);
    assertThat(found(admin, "parcels")).isEmpty();
    govern.volumes().create(admin, SALES.child("scans"), Optional.empty(), "of receipts");
    assertThat(found(admin, "receipts", SecurableType.VOLUME)).containsExactly("main.sales.scans");
    assertThat(found(admin, "receipts", SecurableType.TABLE)).isEmpty();
    assertThat(found(admin, "sales", SecurableType.SCHEMA)).containsExactly("main.sales");
  }

  @Test
  void what_is_renamed_with_all_in_it_is_found_soon_and_nothing_that_is_gone() {
    table("parcels", null, "id");
    assertThat(found(admin, "parcels")).hasSize(1);
    govern.catalogs().create(admin, "other", null);
    govern.schemas().delete(admin, SALES, true);
    assertThat(found(admin, "parcels")).isEmpty();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> found(admin, "other", SecurableType.CATALOG).equals(List.of("other")));
  }

  @Test
  void a_search_needs_words_and_a_valid_page() {
    for (String text : List.of("", "  ", "%%%", "x ".repeat(600))) {
      assertThatThrownBy(() -> found(admin, text))
          .isInstanceOf(TarnException.class)
          .hasMessageContaining("'q'");
    }
    assertThatThrownBy(() -> govern.search().find(admin, "x", List.of(), 10, "-1"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("page_token");
    assertThat(found(admin, "* OR full_name:[a TO z] \"")).isEmpty();
  }
}
