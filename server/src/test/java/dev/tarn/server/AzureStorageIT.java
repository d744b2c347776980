package dev.tarn.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tarn.kernel.config.Config;
import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.Rows;
import dev.tarn.server.client.TarnClient;
import dev.tarn.store.objects.ObjectStores;
import dev.tarn.testkit.azurite.Azurite;
import dev.tarn.testkit.azurite.RecordingProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A Tarn whose managed tables and volumes lie in an object store. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AzureStorageIT {
  private static final String ROOT = Azurite.root("lake") + "/tarn";
  private static final int CACHE_MB = 2;
  private static final Predicate<String> DATA =
      request -> request.startsWith("GET ") && request.contains(".parquet");

  @TempDir private static Path folder;
  private static Azurite azurite;
  private static RecordingProxy proxy;
  private static TarnServer server;
  private static TarnClient client;
  private static String key;

  @BeforeAll
  static void start() throws Exception {
    azurite = Azurite.start();
    proxy = RecordingProxy.to(azurite.port());
    open();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    proxy.close();
    azurite.close();
  }

  private static void open() throws Exception {
    Path secret = folder.resolve("account-key");
    StringBuilder yaml = new StringBuilder("storage:\n  root: " + ROOT + "\n  options:\n");
    Azurite.hadoopSettings(proxy.port())
        .forEach(
            (name, value) -> {
              boolean hidden = name.startsWith("fs.azure.account.key");
              if (hidden) {
                key = value;
              }
              String shown = hidden ? "${file:" + secret + "}" : value;
              yaml.append("    ").append(name).append(": '").append(shown).append("'\n");
            });
    Files.writeString(secret, key);
    yaml.append("engine: {file_cache_mb: " + CACHE_MB + ", native_memory_mb: 1024}\n");
    Path file = folder.resolve("tarn.yaml");
    Files.writeString(file, yaml);
    server =
        TarnServer.start(
            ServerConfig.from(Config.load(file, Map.of(), Map.of("server.port", "0"))),
            folder.resolve("data"));
    String token = Files.readString(server.administratorToken()).strip();
    client = new TarnClient(server.url().toString(), token);
    client.awaitReady(Duration.ofMinutes(3));
    server.ready().get(3, TimeUnit.MINUTES);
  }

  private static List<List<String>> on(String executor, String sql) {
    String session = client.openSession("main", "default");
    try {
      run(session, "SET tarn.executor = " + executor);
      run(session, "SET use_cached_result = false");
      return run(session, sql);
    } finally {
      client.closeSession(session);
    }
  }

  private static List<List<String>> run(String session, String sql) {
    List<List<String>> rows = new ArrayList<>();
    client.sql(
        sql,
        session,
        null,
        null,
        new Rows() {
          @Override
          public void columns(List<Column> columns) {
            assertThat(columns).isNotEmpty();
          }

          @Override
          public void row(List<String> values) {
            rows.add(values);
          }
        });
    return rows;
  }

  private static List<List<String>> both(String sql) {
    List<List<String>> natively = on("native", sql);
    assertThat(natively).as(sql).isEqualTo(on("spark", sql));
    return natively;
  }

  private static List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("data/cache/files"))) {
      return files.filter(file -> file.toString().endsWith(".cached")).toList();
    }
  }

  private static long cachedBytes() throws IOException {
    return copies().stream().mapToLong(file -> file.toFile().length()).sum();
  }

  private static List<String> tableFiles() throws IOException {
    var tables = new org.apache.hadoop.fs.Path(ROOT + "/tables");
    var found =
        new ObjectStores(Azurite.hadoopSettings(proxy.port())).of(tables).listFiles(tables, true);
    List<String> files = new ArrayList<>();
    while (found.hasNext()) {
      files.add(found.next().getPath().toString());
    }
    return files;
  }

  @Test
  @Order(1)
  void tablesAreWrittenAndReadByBothExecutors() {
    client.sql(
        "CREATE TABLE sales (id BIGINT NOT NULL, region STRING, price DECIMAL(10,2), at TIMESTAMP)"
            + " TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')");
    client.sql(
        "INSERT INTO sales SELECT id, concat('r', id % 7), id / 8, TIMESTAMP'2020-01-01' +"
            + " make_interval(0, 0, 0, id) FROM range(0, 20000, 1, 4)");
    String all =
        "SELECT region, count(*), sum(price), min(at), max(id) FROM sales GROUP BY region ORDER BY"
            + " region";
    assertThat(both(all)).hasSize(7);
    client.sql("DELETE FROM sales WHERE id % 10 = 3");
    assertThat(both("SELECT count(*) FROM sales")).containsExactly(List.of("18000"));
    client.sql("UPDATE sales SET region = 'r9' WHERE id BETWEEN 100 AND 199");
    client.sql(
        "MERGE INTO sales s USING (SELECT id * 2 AS id FROM range(10010)) n ON s.id = n.id WHEN"
            + " MATCHED AND s.id < 10 THEN DELETE WHEN MATCHED THEN UPDATE SET price = 1 WHEN NOT"
            + " MATCHED THEN INSERT (id, region, price) VALUES (n.id, 'new', 2)");
    assertThat(both("SELECT count(*), sum(price) FROM sales WHERE region = 'new'"))
        .containsExactly(List.of("10", "20.00"));
    both(all);
    both("SELECT * FROM sales WHERE id < 50 ORDER BY id");
    client.sql("ALTER TABLE sales ADD COLUMN note STRING");
    client.sql("INSERT INTO sales VALUES (-1, 'late', 3, NULL, 'x')");
    assertThat(both("SELECT id, note FROM sales WHERE note IS NOT NULL"))
        .containsExactly(List.of("-1", "x"));
    client.sql("OPTIMIZE sales");
    both(all);
    assertThat(both("SELECT count(*) FROM sales VERSION AS OF 1"))
        .containsExactly(List.of("20000"));
    assertThat(both("SELECT count(*) FROM sales VERSION AS OF 2"))
        .containsExactly(List.of("18000"));
    assertThat(client.sql("DESCRIBE HISTORY sales").rows().size()).isGreaterThanOrEqualTo(7);
    client.sql("VACUUM sales");
    both(all);
    client.sql("RESTORE TABLE sales TO VERSION AS OF 1");
    assertThat(both("SELECT count(*) FROM sales")).containsExactly(List.of("20000"));
  }

  @Test
  @Order(2)
  void partitionsAndWritersAtTheSameTime() throws Exception {
    client.sql("CREATE TABLE parts (p STRING, v INT) PARTITIONED BY (p)");
    ExecutorService writers = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        String row = "('a b%20ü=" + i % 2 + "/x', " + i + ")";
        all.add(writers.submit(() -> client.sql("INSERT INTO parts VALUES " + row)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      writers.shutdownNow();
    }
    assertThat(both("SELECT p, sum(v), count(*) FROM parts GROUP BY p ORDER BY p"))
        .containsExactly(List.of("a b%20ü=0/x", "6", "3"), List.of("a b%20ü=1/x", "9", "3"));
  }

  @Test
  @Order(3)
  void theStoreIsReadOnce() throws IOException {
    client.sql("CREATE TABLE once AS SELECT id, uuid() AS u FROM range(0, 20000, 1, 1)");
    String query = "SELECT count(DISTINCT u), max(id) FROM once";
    long before = proxy.count(DATA);
    assertThat(on("native", query)).containsExactly(List.of("20000", "19999"));
    long once = proxy.count(DATA);
    assertThat(once).isGreaterThan(before);
    for (String again : List.of(query, "SELECT min(u) IS NULL FROM once", query)) {
      on("native", again);
    }
    assertThat(proxy.count(DATA)).isEqualTo(once);
    both(query);
    assertThat(proxy.count(DATA)).as("Spark reads the store itself").isGreaterThan(once);
  }

  @Test
  @Order(4)
  void theCacheIsBounded() throws IOException {
    for (int i = 0; i < 4; i++) {
      client.sql("CREATE TABLE big" + i + " AS SELECT id, uuid() AS u FROM range(0, 30000, 1, 1)");
      both("SELECT count(DISTINCT u), sum(id) FROM big" + i);
      assertThat(cachedBytes()).isPositive().isLessThanOrEqualTo((long) CACHE_MB << 20);
    }
    client.sql("CREATE TABLE huge AS SELECT id, uuid() AS u FROM range(0, 120000, 1, 1)");
    String query = "SELECT count(DISTINCT u), sum(id) FROM huge";
    assertThatThrownBy(() -> on("native", query))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("more than there is room for");
    assertThat(on("auto", query)).isEqualTo(on("spark", query));
  }

  @Test
  @Order(5)
  void volumesHoldFiles() throws Exception {
    client.sql("CREATE VOLUME landing");
    String volume = "/Volumes/main/default/landing";
    client.putFile(volume + "/in/a b.csv", "x\n1\n2\n".getBytes(UTF_8));
    client.putFile(volume + "/in/c.csv", "x\n3\n".getBytes(UTF_8));
    String query =
        "SELECT sum(CAST(x AS INT)) FROM read_files('"
            + volume
            + "/in/', format => 'csv', header => true)";
    assertThat(client.sql(query).rows()).containsExactly(List.of("6"));
    client.putFile(volume + "/in/c.csv", "x\n30\n".getBytes(UTF_8));
    assertThat(client.sql(query).rows()).containsExactly(List.of("33"));

    byte[] large = new byte[40 << 20];
    new Random(3).nextBytes(large);
    Path file = folder.resolve("large");
    Files.write(file, large);
    client.putFile(volume + "/large.bin", file);
    HttpResponse<InputStream> whole = get(volume + "/large.bin", "bytes=0-");
    assertThat(whole.statusCode()).isEqualTo(206);
    try (InputStream in = whole.body()) {
      assertThat(Arrays.equals(in.readAllBytes(), large)).isTrue();
    }
    HttpResponse<InputStream> part = get(volume + "/large.bin", "bytes=30000000-30000999");
    assertThat(part.headers().firstValue("content-range"))
        .contains("bytes 30000000-30000999/" + large.length);
    try (InputStream in = part.body()) {
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(large, 30000000, 30001000));
    }
    assertThat(get(volume + "/large.bin", "bytes=" + large.length + "-").statusCode())
        .isEqualTo(416);
    assertThat(get(volume + "/no.bin", "bytes=0-").statusCode()).isEqualTo(404);
  }

  private static HttpResponse<InputStream> get(String path, String range) throws Exception {
    String token = Files.readString(server.administratorToken()).strip();
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(server.url() + "/api/2.0/fs/files" + path))
                .header("Authorization", "Bearer " + token)
                .header("Range", range)
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
  }

  @Test
  @Order(6)
  void whatIsPurgedLeavesNothing() throws Exception {
    client.sql("CREATE TABLE kept AS SELECT 1 AS x");
    List<String> before = tableFiles();
    client.sql("CREATE TABLE gone AS SELECT id FROM range(100)");
    assertThat(tableFiles()).hasSizeGreaterThan(before.size());
    client.sql("DROP TABLE gone PURGE");
    // It looks for what is to be removed when it starts.
    server.close();
    open();
    await().untilAsserted(() -> assertThat(tableFiles()).hasSameElementsAs(before));
    assertThatThrownBy(
            () -> client.sql("CREATE TABLE bad AS SELECT 1 / (id - 5) AS x FROM range(10)"))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("DIVIDE_BY_ZERO");
    await().untilAsserted(() -> assertThat(tableFiles()).hasSameElementsAs(before));
  }

  @Test
  @Order(7)
  void aWrongByteInACopyIsNoticedByTheNextProcess() throws Exception {
    String query = "SELECT count(DISTINCT u), max(id) FROM once";
    assertThat(on("native", query)).containsExactly(List.of("20000", "19999"));
    server.close();
    for (Path copy : copies()) {
      byte[] bytes = Files.readAllBytes(copy);
      bytes[bytes.length / 2] ^= 1;
      Files.write(copy, bytes);
    }
    open();
    long before = proxy.count(DATA);
    assertThat(on("native", query)).containsExactly(List.of("20000", "19999"));
    assertThat(proxy.count(DATA)).isGreaterThan(before);
    assertThat(client.sql("SELECT count(*) FROM sales").rows()).containsExactly(List.of("20000"));
  }

  @Test
  @Order(8)
  void anAnalystUsesAnExternalLocationAsGranted() throws Exception {
    String outside = Azurite.root("raw") + "/in";
    var file = new org.apache.hadoop.fs.Path(outside + "/files/a.csv");
    try (OutputStream out =
        new ObjectStores(Azurite.hadoopSettings(proxy.port())).of(file).create(file)) {
      out.write("x\n1\n41\n".getBytes(UTF_8));
    }
    String token = Files.readString(server.administratorToken()).strip();
    HttpResponse<String> made =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(server.url() + "/api/2.1/unity-catalog/external-locations"))
                    .header("Authorization", "Bearer " + token)
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"name\":\"raw\",\"url\":\"" + outside + "\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    client.createUser("ann");
    TarnClient ann =
        new TarnClient(
            server.url().toString(), client.createTokenFor("ann", "test", Duration.ofHours(1)));
    client.grant("catalog", "main", "ann", List.of("USE_CATALOG", "USE_SCHEMA", "CREATE_TABLE"));
    String read =
        "SELECT sum(CAST(x AS INT)) FROM read_files('"
            + outside
            + "/files/*.csv', format => 'csv', header => true)";
    String create = "CREATE TABLE mine LOCATION '" + outside + "/mine' AS SELECT 42 AS x";
    for (String denied : List.of(read, create)) {
      assertThatThrownBy(() -> ann.sql(denied))
          .isInstanceOf(ClientException.class)
          .hasMessageContaining("PERMISSION_DENIED");
    }
    client.sql("GRANT READ FILES, CREATE EXTERNAL TABLE ON EXTERNAL LOCATION raw TO ann");
    assertThat(ann.sql(read).rows()).containsExactly(List.of("42"));
    ann.sql(create);
    assertThat(ann.sql("SELECT x FROM mine").rows()).containsExactly(List.of("42"));
    for (String around :
        List.of(
            read.replace("/files/*.csv", "/mine/*").replace("'csv'", "'text'"),
            read.replace("/files/*.csv", "/*/*"),
            read.replace("/files/*.csv", "/files/{../mine,x}/*"),
            read.replace(outside, ROOT),
            create.replace(outside, Azurite.root("other")))) {
      assertThatThrownBy(() -> ann.sql(around)).as(around).isInstanceOf(ClientException.class);
    }
    client.sql("CREATE CATALOG apart MANAGED LOCATION '" + outside + "/apart'");
    client.sql("CREATE TABLE apart.default.t AS SELECT 43 AS x");
    assertThat(both("SELECT x FROM apart.default.t")).containsExactly(List.of("43"));
    client.sql("UPDATE apart.default.t SET x = 44");
    client.sql("VACUUM apart.default.t");
    assertThat(both("SELECT x FROM apart.default.t")).containsExactly(List.of("44"));
    String place = client.sql("DESCRIBE DETAIL apart.default.t").rows().toString();
    assertThat(place).contains(outside + "/apart/__unitystorage/catalogs/");
    for (String inside : List.of("/apart/*", "/apart/__unitystorage/catalogs/*/tables/*/*")) {
      String around = read.replace("/files/*.csv", inside).replace("'csv'", "'text'");
      assertThatThrownBy(() -> ann.sql(around))
          .isInstanceOf(ClientException.class)
          .hasMessageContaining("grants decide");
    }
    ann.sql("DROP TABLE mine");
    String again = "CREATE TABLE again LOCATION '" + outside + "/mine'";
    assertThatThrownBy(() -> ann.sql(again)).hasMessageContaining("only an administrator");
    var table = new org.apache.hadoop.fs.Path(outside + "/mine/_delta_log");
    assertThat(new ObjectStores(Azurite.hadoopSettings(proxy.port())).of(table).exists(table))
        .as("the files of an external table stay")
        .isTrue();
  }

  @Test
  @Order(9)
  void theAccountsKeyIsShownNowhere() throws IOException {
    String name = "fs.azure.account.key." + Azurite.ACCOUNT + ".dfs.core.windows.net";
    for (String setting : List.of(name, "spark.hadoop." + name)) {
      assertThatThrownBy(() -> client.sql("SET " + setting))
          .isInstanceOf(ClientException.class)
          .hasMessageNotContaining(key);
    }
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
            .as(file.toString())
            .doesNotContain(key);
      }
    }
  }
}
