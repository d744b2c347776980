package dev.tarn.acceptance.connect;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.udf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.SparkThrowable;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A stranger's program: runs in a process of its own with Spark's unmodified client for the JVM.
 *
 * <p>Connects to {@code CONNECT_URL}, then reads steps from standard input, one a line, its parts
 * split at tabs, and answers each: one JSON array per row, then {@code .}; or {@code !}, the
 * condition, the SQLSTATE and the message, split at tabs.
 */
public final class ConnectClient {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private final SparkSession spark;
  private CompletableFuture<String> background;

  private ConnectClient(SparkSession spark) {
    this.spark = spark;
  }

  public static void main(String[] arguments) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    ConnectClient client = null;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        if (client == null) {
          client =
              new ConnectClient(
                  org.apache.spark.sql.connect.SparkSession.builder()
                      .remote(System.getenv("CONNECT_URL"))
                      .getOrCreate());
        }
        client.step(line.split("\t", -1));
        OUT.println(".");
      } catch (Throwable e) {
        OUT.println(failure(e));
      }
    }
    if (client != null) {
      client.spark.close();
    }
    // The client's own threads must not keep a finished program alive.
    System.exit(0);
  }

  private static String failure(Throwable e) {
    String condition = e instanceof SparkThrowable s ? String.valueOf(s.getCondition()) : "";
    String state = e instanceof SparkThrowable s ? String.valueOf(s.getSqlState()) : "";
    String message = e + (e.getCause() == null ? "" : " / " + e.getCause());
    return "!" + condition + "\t" + state + "\t" + message.replaceAll("\\s+", " ");
  }

  private void step(String[] s) throws Exception {
    switch (s[0]) {
      case "sql" -> print(spark.sql(s[1]));
      case "parameter" -> print(spark.sql(s[1], new Object[] {s[2]}));
      case "positional" ->
          print(spark.sql(s[1], Arrays.stream(s).skip(2).map(Integer::valueOf).toArray()));
      case "named" -> print(spark.sql(s[1], java.util.Map.of(s[2], s[3])));
      case "types" ->
          Arrays.stream(spark.sql(s[1]).schema().fields())
              .forEach(f -> print(List.of(f.name(), f.dataType().sql())));
      case "table" -> print(spark.read().table(s[1]));
      case "option" -> print(spark.read().option(s[1], s[2]).table(s[3]));
      case "load" -> print(spark.read().format(s[1]).load(s[2]));
      case "jdbc" -> print(spark.read().jdbc(s[1], "t", new java.util.Properties()));
      case "view" -> spark.sql(s[2]).createOrReplaceTempView(s[1]);
      case "global-view" -> spark.sql(s[2]).createOrReplaceGlobalTempView(s[1]);
      case "save" -> spark.sql(s[3]).write().format(s[1]).mode("overwrite").save(s[2]);
      case "save-as" -> spark.sql(s[3]).write().mode(s[1]).saveAsTable(s[2]);
      case "save-option" ->
          spark.sql(s[4]).write().mode("overwrite").option(s[1], s[2]).saveAsTable(s[3]);
      case "insert-into" -> spark.sql(s[2]).write().insertInto(s[1]);
      case "write-to" -> spark.sql(s[2]).writeTo(s[1]).append();
      case "create" -> spark.sql(s[2]).writeTo(s[1]).create();
      case "merge" ->
          spark
              .sql(s[2])
              .as("s")
              .mergeInto(s[1], expr(s[1] + ".id = s.id"))
              .whenMatched()
              .updateAll()
              .whenNotMatched()
              .insertAll()
              .merge();
      case "aggregate" ->
          print(
              spark
                  .table(s[1])
                  .filter(col("id").gt(1))
                  .groupBy(col("id").mod(2).as("odd"))
                  .count()
                  .orderBy("odd"));
      case "expression" -> print(spark.range(1).selectExpr(s[1]));
      case "local" -> local(Integer.parseInt(s[1]));
      case "udf" ->
          print(spark.range(1).select(udf(new Twice(), DataTypes.LongType).apply(col("id"))));
      case "register" -> spark.udf().register("twice", new Twice(), DataTypes.LongType);
      case "java-udf" -> spark.udf().registerJava("twice", s[1], DataTypes.LongType);
      case "map" -> print(spark.range(1).map(new Plus(), Encoders.LONG()).toDF());
      case "get" -> print(List.of(spark.conf().get(s[1])));
      case "set" -> spark.conf().set(s[1], s[2]);
      case "unset" -> spark.conf().unset(s[1]);
      case "settings" ->
          scala.jdk.javaapi.CollectionConverters.asJava(spark.conf().getAll())
              .forEach((key, value) -> print(List.of(key, value)));
      case "tables" -> print(spark.catalog().listTables(s[1]).toDF());
      case "tables-here" -> print(spark.catalog().listTables().toDF());
      case "databases" -> print(spark.catalog().listDatabases().toDF());
      case "catalogs" -> print(spark.catalog().listCatalogs().toDF());
      case "columns" -> print(spark.catalog().listColumns(s[1]).toDF());
      case "exists" -> print(List.of(String.valueOf(spark.catalog().tableExists(s[1]))));
      case "catalog" -> spark.catalog().setCurrentCatalog(s[1]);
      case "database" -> spark.catalog().setCurrentDatabase(s[1]);
      case "where" ->
          print(List.of(spark.catalog().currentCatalog(), spark.catalog().currentDatabase()));
      case "external" -> spark.catalog().createTable(s[1], s[2], "parquet");
      case "cache" -> spark.table(s[1]).cache().count();
      case "cache-table" -> spark.catalog().cacheTable(s[1]);
      case "clear-cache" -> spark.catalog().clearCache();
      case "refresh-path" -> spark.catalog().refreshByPath(s[1]);
      case "checkpoint" -> spark.table(s[1]).checkpoint();
      case "files" -> Arrays.stream(spark.table(s[1]).inputFiles()).forEach(f -> print(List.of(f)));
      case "artifact" -> spark.addArtifact(s[1]);
      case "stream" -> spark.readStream().table(s[1]).writeStream().toTable(s[2]).stop();
      case "command" ->
          spark.executeCommand(s[1], s[2], new scala.collection.immutable.HashMap<>());
      case "sessions" -> sessions(Integer.parseInt(s[1]));
      case "drain" -> drain(spark.sql(s[1]));
      case "start" -> start(s[1]);
      case "start-draining" ->
          background =
              CompletableFuture.supplyAsync(
                  () -> {
                    drain(spark.sql(s[1]));
                    return "drained";
                  });
      case "done" -> print(List.of(String.valueOf(background.isDone())));
      case "tagged" -> {
        spark.addTag(s[1]);
        start(s[2]);
        spark.removeTag(s[1]);
      }
      case "interrupt" -> print(List.of(String.valueOf(spark.interruptAll().size())));
      case "interrupt-tag" -> print(List.of(String.valueOf(spark.interruptTag(s[1]).size())));
      case "join" -> print(List.of(background.get()));
      default -> throw new IllegalArgumentException("No such step: " + s[0]);
    }
  }

  private void start(String sql) {
    background =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return "ended with " + spark.sql(sql).collectAsList().size();
              } catch (Throwable e) {
                return failure(e);
              }
            });
  }

  /** Each session has a view of the same name, a time zone and a schema of its own. */
  private void sessions(int count) throws IOException {
    List<String> zones = List.of("UTC", "Europe/Berlin", "Asia/Tokyo");
    List<SparkSession> open =
        java.util.stream.IntStream.range(0, count).mapToObj(i -> spark.newSession()).toList();
    List<CompletableFuture<List<Row>>> answers =
        java.util.stream.IntStream.range(0, count)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          SparkSession own = open.get(i);
                          own.conf().set("spark.sql.session.timeZone", zones.get(i % 3));
                          own.sql("USE main." + (i % 2 == 0 ? "default" : "information"));
                          own.range(i, i + 1).createOrReplaceTempView("own");
                          return own.sql("SELECT id, current_timezone(), current_schema() FROM own")
                              .collectAsList();
                        }))
            .toList();
    for (int i = 0; i < count; i++) {
      String schema = i % 2 == 0 ? "default" : "information";
      String expected = "[[" + i + "," + zones.get(i % 3) + "," + schema + "]]";
      if (!answers.get(i).join().toString().equals(expected)) {
        throw new IllegalStateException(answers.get(i).join() + " is not " + expected);
      }
    }
    for (SparkSession own : open) {
      own.close();
    }
  }

  private void local(int rows) {
    StructType schema = new StructType().add("n", "int").add("text", "string");
    List<Row> made =
        java.util.stream.IntStream.range(0, rows)
            .mapToObj(n -> RowFactory.create(n, "a text of some length, number " + n))
            .toList();
    print(spark.createDataFrame(made, schema).selectExpr("count(*)", "sum(n)", "max(text)"));
  }

  private static void drain(Dataset<Row> rows) {
    Iterator<Row> all = rows.toLocalIterator();
    long count = 0;
    long sum = 0;
    while (all.hasNext()) {
      sum += all.next().getLong(0);
      count++;
    }
    print(List.of(String.valueOf(count), String.valueOf(sum)));
  }

  private static void print(Dataset<Row> rows) {
    for (Row row : rows.collectAsList()) {
      StringBuilder line = new StringBuilder("[");
      for (int i = 0; i < row.size(); i++) {
        line.append(i == 0 ? "" : ",").append(row.isNullAt(i) ? "null" : json(text(row.get(i))));
      }
      OUT.println(line.append(']'));
    }
  }

  private static void print(List<String> row) {
    OUT.println("[" + String.join(",", row.stream().map(ConnectClient::json).toList()) + "]");
  }

  private static String text(Object value) {
    if (value instanceof byte[] bytes) {
      StringBuilder hex = new StringBuilder();
      for (byte each : bytes) {
        hex.append(String.format("%02x", each));
      }
      return hex.toString();
    }
    return value.toString();
  }

  private static String json(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private static final class Twice implements UDF1<Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long call(Long n) {
      return 2 * n;
    }
  }

  private static final class Plus implements MapFunction<Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long call(Long n) {
      return n + 1;
    }
  }
}
