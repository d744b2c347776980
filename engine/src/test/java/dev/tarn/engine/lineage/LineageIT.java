package dev.tarn.engine.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.govern.lineage.Flow;
import dev.tarn.govern.lineage.Lineage;
import dev.tarn.govern.lineage.LineageEvent;
import dev.tarn.kernel.name.EntityName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where rows come from, as statements run. */
class LineageIT {
  private static final EngineUnderTest ENGINE = EngineUnderTest.get();
  private static final String SCHEMA = "main.lineage.";

  @BeforeAll
  static void tables() {
    ENGINE.sql("CREATE SCHEMA IF NOT EXISTS main.lineage");
    ENGINE.sql("CREATE TABLE main.lineage.orders (id BIGINT, customer BIGINT, price DOUBLE)");
    ENGINE.sql("CREATE TABLE main.lineage.customers (id BIGINT, name STRING, city STRING)");
    ENGINE.sql("INSERT INTO main.lineage.orders VALUES (1, 1, 2.5)");
    ENGINE.sql("INSERT INTO main.lineage.customers VALUES (1, 'n', 'c')");
    ENGINE.sql(
        "CREATE VIEW main.lineage.rich AS SELECT id AS who, upper(name) AS label"
            + " FROM main.lineage.customers WHERE city = 'c'");
  }

  private static EntityName name(String table) {
    return EntityName.parse(SCHEMA + table);
  }

  /** What was told of the last statement that wrote the table. */
  private static Flow written(String table) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                ENGINE.events.stream()
                    .map(LineageEvent::flow)
                    .filter(flow -> flow.target().equals(Optional.of(name(table))))
                    .reduce((first, second) -> second),
            Optional::isPresent)
        .get();
  }

  private static List<String> sources(Flow flow) {
    return flow.sources().stream().map(each -> each.table().name()).sorted().toList();
  }

  /** The edges as {@code table.column->column}, in their order. */
  private static String columns(Flow flow) {
    return flow.columns().stream()
        .map(e -> e.source().table().name() + '.' + e.source().name() + "->" + e.target())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          joined | SELECT o.id, c.name AS who FROM main.lineage.orders o JOIN main.lineage.customers c ON o.customer = c.id | customers,orders | customers.name->who orders.id->id
          totals | SELECT city, sum(price * 2) AS total, count(*) AS n FROM main.lineage.orders o JOIN main.lineage.customers c ON o.customer = c.id GROUP BY city | customers,orders | customers.city->city orders.price->total
          common | WITH big AS (SELECT id, price FROM main.lineage.orders WHERE price > 1) SELECT a.id, b.price + a.price AS both FROM big a JOIN big b ON a.id = b.id | orders | orders.id->id orders.price->both
          together | SELECT id, name FROM main.lineage.customers UNION ALL SELECT id, CAST(price AS STRING) FROM main.lineage.orders | customers,orders | customers.id->id customers.name->name orders.id->id orders.price->name
          seen | SELECT who, concat(label, '!') AS loud FROM main.lineage.rich | rich | rich.label->loud rich.who->who
          ranked | SELECT id, row_number() OVER (PARTITION BY customer ORDER BY price) AS place FROM main.lineage.orders | orders | orders.customer->place orders.id->id orders.price->place
          asked | SELECT id, (SELECT max(name) FROM main.lineage.customers c WHERE c.id = o.customer) AS who FROM main.lineage.orders o | customers,orders | customers.name->who orders.id->id
          spread | SELECT id, part FROM main.lineage.customers LATERAL VIEW explode(split(name, ',')) AS part | customers | customers.id->id customers.name->part
          """)
  void tablesMadeOfQueries(String table, String query, String sources, String columns) {
    ENGINE.sql("CREATE TABLE " + SCHEMA + table + " AS " + query);
    Flow flow = written(table);
    assertThat(String.join(",", sources(flow))).isEqualTo(sources);
    assertThat(columns(flow)).isEqualTo(columns);
  }

  @Test
  void viewsInsertsUpdatesAndMerges() {
    assertThat(columns(written("rich"))).isEqualTo("customers.id->who customers.name->label");
    ENGINE.sql("CREATE TABLE main.lineage.kept (id BIGINT, label STRING)");
    ENGINE.sql("INSERT INTO main.lineage.kept SELECT customer, price FROM main.lineage.orders");
    assertThat(columns(written("kept"))).isEqualTo("orders.customer->id orders.price->label");
    ENGINE.sql(
        "MERGE INTO main.lineage.kept k USING main.lineage.rich r ON k.id = r.who"
            + " WHEN MATCHED THEN UPDATE SET label = r.label"
            + " WHEN NOT MATCHED THEN INSERT (id, label) VALUES (r.who, concat(r.label, '?'))");
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(sources(written("kept"))).containsExactly("rich");
              assertThat(columns(written("kept"))).isEqualTo("rich.label->label rich.who->id");
            });
    ENGINE.sql(
        "UPDATE main.lineage.kept SET label = (SELECT max(city) FROM main.lineage.customers)");
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(columns(written("kept"))).isEqualTo("customers.city->label"));
    ENGINE.sql("INSERT INTO main.lineage.kept VALUES (7, 'x')");
    Awaitility.await().untilAsserted(() -> assertThat(sources(written("kept"))).isEmpty());
  }

  /** Or it would be lost with a process that is killed right then. */
  @ParameterizedTest
  @ValueSource(strings = {"spark", "native"})
  void whatIsAnsweredIsRecorded(String executor) {
    String made = "answered_by_" + executor;
    try (SqlSession session = ENGINE.session(EngineUnderTest.ADMIN, executor)) {
      for (int i = 0; i < 3; i++) {
        String id = UUID.randomUUID().toString();
        String query = "SELECT id + " + i + " FROM main.lineage.orders";
        EngineUnderTest.rows(session.execute(id, query, List.of()));
        assertThat(ENGINE.events).extracting(LineageEvent::statementId).contains(id);
      }
      EngineUnderTest.rows(
          session.execute(
              UUID.randomUUID().toString(),
              "CREATE TABLE main.lineage." + made + " AS SELECT id FROM main.lineage.orders",
              List.of()));
    }
    assertThat(ENGINE.events).anyMatch(e -> e.flow().target().equals(Optional.of(name(made))));
    assertThat(
            ENGINE
                .govern
                .lineage()
                .ofTable(EngineUnderTest.ADMIN, name(made))
                .upstream()
                .get(0)
                .table()
                .orElseThrow()
                .name())
        .isEqualTo(name("orders"));
  }

  @Test
  void clonesComeFromTheirSources() {
    ENGINE.sql("CREATE TABLE main.lineage.twin SHALLOW CLONE main.lineage.orders");
    Flow flow = written("twin");
    assertThat(sources(flow)).containsExactly("orders");
    assertThat(columns(flow))
        .isEqualTo("orders.customer->customer orders.id->id orders.price->price");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark", "native"})
  void queriesAreToldOfWhicheverExecutorRuns(String executor) {
    String id = UUID.randomUUID().toString();
    try (SqlSession session = ENGINE.session(EngineUnderTest.ADMIN, executor)) {
      EngineUnderTest.rows(
          session.execute(
              id, "SELECT name, '" + executor + "' FROM main.lineage.customers", List.of()));
    }
    LineageEvent event =
        Awaitility.await()
            .until(
                () -> ENGINE.events.stream().filter(e -> id.equals(e.statementId())).findFirst(),
                Optional::isPresent)
            .get();
    assertThat(event.user()).isEqualTo("admin");
    assertThat(event.flow().target()).isEmpty();
    assertThat(columns(event.flow())).isEqualTo("customers.name->null");
  }

  @Test
  void whatIsKnownOfATableGoesWithItsName() {
    ENGINE.sql("CREATE TABLE main.lineage.first AS SELECT id, price FROM main.lineage.orders");
    ENGINE.sql("CREATE TABLE main.lineage.second AS SELECT price AS cost FROM main.lineage.first");
    written("second");
    Lineage lineage = ENGINE.govern.lineage();
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(lineage.ofTable(EngineUnderTest.ADMIN, name("first")).downstream())
                    .hasSize(1));
    ENGINE.sql(
        "ALTER TABLE main.lineage.second SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
    ENGINE.sql("ALTER TABLE main.lineage.second RENAME COLUMN cost TO Paid");
    assertThat(
            lineage.ofColumn(EngineUnderTest.ADMIN, name("first"), "price").downstream().stream()
                .map(each -> each.column().get()))
        .containsExactly("Paid");
    ENGINE.sql("ALTER TABLE main.lineage.second RENAME COLUMN paid TO cost");
    ENGINE.sql("ALTER TABLE main.lineage.first RENAME TO main.lineage.middle");
    assertThat(
            lineage.ofColumn(EngineUnderTest.ADMIN, name("second"), "COST").upstream().stream()
                .map(each -> each.table().get().name().name() + '.' + each.column().get()))
        .containsExactly("middle.price");
    Lineage.OfTable middle = lineage.ofTable(EngineUnderTest.ADMIN, name("middle"));
    assertThat(middle.upstream().get(0).table().get().name()).isEqualTo(name("orders"));
    assertThat(middle.downstream().get(0).table().get().name()).isEqualTo(name("second"));
    ENGINE.sql("DROP TABLE main.lineage.middle");
    assertThat(lineage.ofTable(EngineUnderTest.ADMIN, name("second")).upstream()).isEmpty();
  }
}
