package dev.tarn.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.kernel.name.EntityName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.delta.TableFeature;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

/** Tables with every feature that Delta may ask its readers for. */
class ReaderFeaturesIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();

  /** Which Delta writes only where other services or settings allow it. */
  private static final Set<String> BY_HAND =
      Set.of(
          "adaptiveMetadata-preview",
          "catalogManaged",
          "geospatial",
          "geospatial-dev",
          "redirectReaderWriter-preview");

  private static NativeAndSpark both;

  /**
   * @param properties of the table {@code t}, which make Delta ask for the feature
   * @param statements that make use of it; {@code $} stands for the table
   * @param natively queries that run natively
   * @param throughSpark queries that only Spark can run
   */
  private record Feature(
      String name,
      String columns,
      String properties,
      List<String> statements,
      List<String> natively,
      List<String> throughSpark) {
    @Override
    public String toString() {
      return name;
    }

    String table() {
      return "t_" + name.replace('-', '_');
    }
  }

  private static Feature widening(String name, String properties) {
    return new Feature(
        name,
        "i INT, s SMALLINT, f FLOAT, d DECIMAL(6,2), n INT, dt DATE",
        properties + ", 'delta.feature.timestampNtz' = 'supported'",
        List.of(
            "INSERT INTO $ VALUES (1, 2, 1.5, 3.25, 7, DATE '2024-02-29'), (NULL, NULL, NULL, NULL,"
                + " NULL, NULL)",
            "ALTER TABLE $ ALTER COLUMN i TYPE BIGINT",
            "ALTER TABLE $ ALTER COLUMN s TYPE INT",
            "ALTER TABLE $ ALTER COLUMN f TYPE DOUBLE",
            "ALTER TABLE $ ALTER COLUMN d TYPE DECIMAL(12,4)",
            "ALTER TABLE $ ALTER COLUMN n TYPE DOUBLE",
            "ALTER TABLE $ ALTER COLUMN dt TYPE TIMESTAMP_NTZ",
            "INSERT INTO $ VALUES (5000000000, 70000, 0.1D, 12345678.1234, 0.5, TIMESTAMP_NTZ"
                + " '2024-03-01 12:00:00')"),
        List.of("SELECT i, s FROM $ ORDER BY i", "SELECT sum(i) FROM $ WHERE s > 1"),
        List.of("SELECT f FROM $ ORDER BY f", "SELECT * FROM $ ORDER BY i"));
  }

  private static Feature variant(String name, String properties) {
    return new Feature(
        name,
        "id INT, v VARIANT",
        properties,
        List.of(
            "INSERT INTO $ SELECT 1, parse_json('{\"a\": 1, \"b\": [1, 2.5, \"x\"]}') UNION ALL SELECT"
                + " 2, NULL UNION ALL SELECT 3, parse_json('null')"),
        List.of("SELECT id FROM $ ORDER BY id", "SELECT count(*) FROM $ WHERE id > 1"),
        List.of(
            "SELECT id, to_json(v) FROM $ ORDER BY id",
            "SELECT id, v:a::int, variant_get(v, '$.b[1]', 'double') FROM $ ORDER BY id"
                .replace("'$.b", "'\u0001.b"),
            "SELECT count(*) FROM $ WHERE v IS NULL"));
  }

  static List<Feature> features() {
    String all = "SELECT * FROM $ ORDER BY ALL";
    return List.of(
        new Feature(
            "columnMapping",
            "a INT, b STRING",
            "'delta.columnMapping.mode' = 'name'",
            List.of("INSERT INTO $ VALUES (1, 'x')", "ALTER TABLE $ RENAME COLUMN a TO c"),
            List.of(all, "SELECT b FROM $ WHERE c = 1"),
            List.of()),
        new Feature(
            "deletionVectors",
            "a BIGINT",
            "'delta.enableDeletionVectors' = 'true'",
            List.of(
                "INSERT INTO $ SELECT id FROM range(0, 2000, 1, 1)",
                "DELETE FROM $ WHERE a % 7 = 3",
                "DELETE FROM $ WHERE a BETWEEN 100 AND 200",
                "UPDATE $ SET a = -a WHERE a < 10"),
            List.of("SELECT count(*), sum(a), min(a) FROM $", "SELECT a FROM $ WHERE a < 20"),
            List.of()),
        new Feature(
            "timestampNtz",
            "a INT, n TIMESTAMP_NTZ",
            "'x' = 'y'",
            List.of(
                "INSERT INTO $ VALUES (1, TIMESTAMP_NTZ '2024-03-10 02:30:00.123456'), (2, NULL),"
                    + " (3, TIMESTAMP_NTZ '0001-01-01 00:00:00')"),
            List.of(all, "SELECT a FROM $ WHERE n > TIMESTAMP_NTZ '2000-01-01 00:00:00'"),
            List.of()),
        widening("typeWidening", "'delta.enableTypeWidening' = 'true'"),
        widening(
            "typeWidening-preview",
            "'delta.feature.typeWidening-preview' = 'supported', 'delta.enableTypeWidening' ="
                + " 'true'"),
        new Feature(
            "v2Checkpoint",
            "a INT",
            "'delta.checkpointPolicy' = 'v2', 'delta.checkpointInterval' = '2'",
            List.of(
                "INSERT INTO $ VALUES (1)",
                "INSERT INTO $ VALUES (2)",
                "DELETE FROM $ WHERE a = 1"),
            List.of(all, "SELECT count(*) FROM $"),
            List.of()),
        new Feature(
            "vacuumProtocolCheck",
            "a INT",
            "'delta.feature.vacuumProtocolCheck' = 'supported'",
            List.of("INSERT INTO $ VALUES (1)", "VACUUM $"),
            List.of(all),
            List.of()),
        variant("variantType", "'x' = 'y'"),
        variant("variantType-preview", "'delta.feature.variantType-preview' = 'supported'"),
        variant("variantShredding", "'delta.enableVariantShredding' = 'true'"),
        variant(
            "variantShredding-preview", "'delta.feature.variantShredding-preview' = 'supported'"));
  }

  @BeforeAll
  static void open() {
    TARN.sql("CREATE SCHEMA main.reading");
    both = new NativeAndSpark(ReaderFeaturesIT::session);
  }

  private static SqlSession session(Map<String, String> settings) {
    return TARN.engine.openSession(
        EngineUnderTest.ADMIN,
        new SessionDefaults(Optional.of("main"), Optional.of("reading"), settings));
  }

  @AfterAll
  static void close() {
    both.close();
    TARN.sql("DROP SCHEMA main.reading CASCADE");
  }

  private static void run(String sql) {
    try (SqlSession session = session(Map.of())) {
      EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
    }
  }

  @Test
  void noFeatureOfDeltaIsForgotten() {
    Set<String> known =
        CollectionConverters.asJava(TableFeature.allSupportedFeaturesMap()).values().stream()
            .filter(f -> f.isReaderWriterFeature() && !f.name().startsWith("test"))
            .map(TableFeature::name)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> checked = new TreeSet<>(BY_HAND);
    features().forEach(feature -> checked.add(feature.name()));
    assertThat(known).isNotEmpty().isSubsetOf(checked);
  }

  @ParameterizedTest
  @MethodSource("features")
  void readsWhatDeltaWrites(Feature feature) {
    String t = feature.table();
    run(
        "CREATE TABLE "
            + t
            + " ("
            + feature.columns()
            + ") TBLPROPERTIES ("
            + feature.properties()
            + ")");
    for (String sql : feature.statements()) {
      run(sql.replace("$", t));
    }
    assertThat(TARN.sql("DESCRIBE DETAIL main.reading." + t).get(0)).contains(feature.name());
    for (String sql : feature.natively()) {
      assertThat(both.compare(sql.replace("$", t))).as(sql).isEmpty();
      assertThat(both.refusal()).as(sql).isEmpty();
    }
    for (String sql : feature.throughSpark()) {
      assertThat(both.compare(sql.replace("$", t).replace('\u0001', '$'))).as(sql).isEmpty();
      assertThat(both.refusal()).as(sql).isPresent();
    }
  }

  /** None of these may be read as if it were not there, whatever Spark says to it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "adaptiveMetadata-preview",
        "catalogManaged",
        "geospatial",
        "geospatial-dev",
        "redirectReaderWriter-preview",
        "ofTomorrow"
      })
  void leavesToSparkWhatItDoesNotKnow(String feature) throws IOException {
    String plain = "plain_" + feature.replace('-', '_');
    run("CREATE TABLE " + plain + " AS SELECT 1 AS a");
    Path from = folder(plain);
    Path to = TARN.folder.resolve("feature-" + feature);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        if (file.toString().endsWith(".json")) {
          Files.writeString(target, asking(Files.readString(file), feature));
        } else if (!file.toString().endsWith(".crc")) {
          Files.copy(file, target);
        }
      }
    }
    String table = "asks_" + feature.replace('-', '_');
    TARN.govern
        .tables()
        .register(
            EngineUnderTest.ADMIN,
            new NewTable(
                new EntityName("main", "reading", table),
                TableType.EXTERNAL,
                "DELTA",
                to.toUri().toString(),
                null,
                List.of(),
                Map.of(),
                null));
    assertThat(both.compare("SELECT * FROM " + table)).isEmpty();
    assertThat(both.refusal()).isPresent();
  }

  private static String asking(String log, String feature) {
    String asking =
        log.replaceAll(
            "\\{\"protocol\":.*",
            "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\""
                + feature
                + "\"],\"writerFeatures\":[\""
                + feature
                + "\"]}}");
    assertThat(asking).contains(feature);
    return asking;
  }

  private static Path folder(String table) {
    return Path.of(
        TARN.govern
            .tables()
            .find(new EntityName("main", "reading", table))
            .orElseThrow()
            .storageLocation()
            .substring("file://".length()));
  }
}
