package dev.tarn.serve.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.connections.Connections;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.statements.StatementsConfig;
import dev.tarn.testkit.postgres.PostgresServer;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers' metadata commands over the real catalog, with different principals' eyes. */
class MetadataCommandsIT {
  private static final SchemaName GOLD = new SchemaName("main", "gold");

  @TempDir static Path data;
  static ServeTestRoom room;

  @BeforeAll
  static void start() {
    room = new ServeTestRoom(data, ResultsConfig.DEFAULT, StatementsConfig.DEFAULT);
    room.govern().schemas().create(ServeTestRoom.ADMIN, GOLD, null, Map.of());
    register("delays", TableType.MANAGED, "How late");
    register("routes", TableType.MATERIALIZED_VIEW, null);
    room.govern()
        .grants()
        .grant(
            ServeTestRoom.ADMIN,
            Securable.catalog("main"),
            ServeTestRoom.BOB.name(),
            Set.of(Privilege.USE_CATALOG));
    room.govern()
        .grants()
        .grant(
            ServeTestRoom.ADMIN,
            Securable.schema(GOLD),
            ServeTestRoom.BOB.name(),
            Set.of(Privilege.USE_SCHEMA));
    room.govern()
        .grants()
        .grant(
            ServeTestRoom.ADMIN,
            Securable.table(GOLD.child("delays")),
            ServeTestRoom.BOB.name(),
            Set.of(Privilege.SELECT));
  }

  private static void register(String name, TableType type, String comment) {
    EntityName table = GOLD.child(name);
    room.govern()
        .tables()
        .register(
            ServeTestRoom.ADMIN,
            new NewTable(
                table,
                type,
                "DELTA",
                data.resolve("storage/tables/" + name).toUri().toString().replaceAll("/$", ""),
                comment,
                List.of(
                    new ColumnInfo("airline", "string", "\"string\"", 0, false, "carrier"),
                    new ColumnInfo("delay", "decimal(12,3)", "\"decimal(12,3)\"", 1, true, null)),
                Map.of(),
                null));
  }

  @AfterAll
  static void stop() {
    room.close();
  }

  private static String rows(String sql) {
    JsonNode answer = room.execute(ServeTestRoom.ADMIN, sql, "");
    assertThat(answer.at("/status/state").asText()).as("%s", answer).isEqualTo("SUCCEEDED");
    return answer.at("/result/data_array").toString();
  }

  @Test
  void showsCatalogsAndSchemas() {
    assertThat(rows("SHOW CATALOGS")).isEqualTo("[[\"main\"],[\"system\"]]");
    assertThat(rows("SHOW CATALOGS LIKE 'x*'")).isEqualTo("[]");
    assertThat(rows("SHOW SCHEMAS IN `main`"))
        .isEqualTo(
            "[[\"default\",\"main\"],[\"gold\",\"main\"],[\"information_schema\",\"main\"]]");
    assertThat(rows("SHOW SCHEMAS IN `main` LIKE 'g*'")).isEqualTo("[[\"gold\",\"main\"]]");
    assertThat(rows("SHOW SCHEMAS IN ALL CATALOGS LIKE 'GOLD'")).isEqualTo("[[\"gold\",\"main\"]]");
  }

  @Test
  void showsTables() {
    assertThat(rows("SHOW TABLES IN CATALOG `main` SCHEMA LIKE 'gold' LIKE '*'"))
        .isEqualTo(
            "[[\"main\",\"gold\",\"delays\",\"TABLE\",\"How late\"],"
                + "[\"main\",\"gold\",\"routes\",\"TABLE\",null]]");
  }

  @Test
  void showsTheInformationSchema() {
    assertThat(rows("SHOW TABLES IN CATALOG `main` SCHEMA LIKE 'information_schema' LIKE 't*s'"))
        .isEqualTo(
            "[[\"main\",\"information_schema\",\"table_constraints\",\"VIEW\",null],"
                + "[\"main\",\"information_schema\",\"table_privileges\",\"VIEW\",null],"
                + "[\"main\",\"information_schema\",\"table_tags\",\"VIEW\",null],"
                + "[\"main\",\"information_schema\",\"tables\",\"VIEW\",null]]");
  }

  @Test
  void showsColumnsWithTheirSizes() {
    JsonNode answer =
        room.execute(
            ServeTestRoom.ADMIN,
            "SHOW COLUMNS IN CATALOG `main` SCHEMA LIKE 'gold' TABLE LIKE 'delays' LIKE '*'",
            "");

    assertThat(answer.at("/result/data_array").toString())
        .isEqualTo(
            "[[\"airline\",\"main\",\"gold\",\"delays\",\"STRING\",\"255\",null,null,\"false\","
                + "\"carrier\",\"1\",\"NO\",\"NO\"],"
                + "[\"delay\",\"main\",\"gold\",\"delays\",\"DECIMAL(12,3)\",\"12\",\"3\",\"10\","
                + "\"true\",null,\"2\",\"NO\",\"NO\"]]");
    assertThat(answer.at("/manifest/schema/columns/5/type_name").asText()).isEqualTo("INT");
  }

  @Test
  void showsWhatAForeignCatalogHas() throws SQLException {
    try (PostgresServer server = PostgresServer.start()) {
      URI url = URI.create(server.newDatabase().substring("jdbc:".length()));
      try (Connection connection = DriverManager.getConnection("jdbc:" + url);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE orders (id bigint, total numeric(10,2))");
      }
      room.govern()
          .connections()
          .create(
              ServeTestRoom.ADMIN,
              new Connections.NewConnection(
                  "pg",
                  "POSTGRESQL",
                  Map.of(
                      "host", "127.0.0.1", "port", Integer.toString(url.getPort()), "user", "tarn"),
                  Map.of(),
                  null,
                  true));
      room.govern()
          .foreignCatalogs()
          .create(
              ServeTestRoom.ADMIN,
              "shop",
              null,
              Map.of(),
              "pg",
              Map.of("database", url.getPath().substring(1)));
      assertThat(rows("SHOW TABLES IN ALL CATALOGS SCHEMA LIKE 'public' LIKE '*'")).isEqualTo("[]");
      assertThat(rows("SHOW SCHEMAS IN `shop`"))
          .isEqualTo("[[\"information_schema\",\"shop\"],[\"public\",\"shop\"]]");
      assertThat(rows("SHOW TABLES IN CATALOG `shop` SCHEMA LIKE 'public' LIKE '*'"))
          .isEqualTo("[[\"shop\",\"public\",\"orders\",\"TABLE\",null]]");
      assertThat(
              rows("SHOW COLUMNS IN CATALOG `shop` SCHEMA LIKE 'public' TABLE LIKE '*' LIKE 't*'"))
          .contains("DECIMAL(10,2)");
      room.govern().catalogs().delete(ServeTestRoom.ADMIN, "shop", false);
      room.govern().connections().delete(ServeTestRoom.ADMIN, "pg");
    }
  }

  @Test
  void answersKeysAndFunctionsWithNoRows() {
    assertThat(rows("SHOW KEYS IN CATALOG `main` IN SCHEMA `gold` IN TABLE `delays`"))
        .isEqualTo("[]");
    assertThat(rows("SHOW FUNCTIONS IN CATALOG `main`")).isEqualTo("[]");
  }

  @Test
  void showsOnlyWhatThePrincipalMaySee() {
    JsonNode bobs =
        room.execute(
            ServeTestRoom.BOB, "SHOW TABLES IN ALL CATALOGS SCHEMA LIKE 'gold' LIKE '*'", "");
    JsonNode alices =
        room.execute(
            ServeTestRoom.ALICE, "SHOW TABLES IN ALL CATALOGS SCHEMA LIKE 'gold' LIKE '*'", "");
    JsonNode refused =
        room.execute(
            ServeTestRoom.BOB,
            "SHOW KEYS IN CATALOG `main` IN SCHEMA `gold` IN TABLE `routes`",
            "");

    assertThat(bobs.at("/result/data_array").toString())
        .isEqualTo("[[\"main\",\"gold\",\"delays\",\"TABLE\",\"How late\"]]");
    assertThat(alices.at("/result/data_array").toString()).isEqualTo("[]");
    assertThat(refused.at("/status/state").asText()).isEqualTo("FAILED");
  }

  @Test
  void failsOnACatalogThatDoesNotExist() {
    JsonNode answer = room.execute(ServeTestRoom.ADMIN, "SHOW SCHEMAS IN `nope`", "");

    assertThat(answer.at("/status/state").asText()).isEqualTo("FAILED");
    assertThat(answer.at("/status/error/message").asText()).contains("nope");
  }
}
