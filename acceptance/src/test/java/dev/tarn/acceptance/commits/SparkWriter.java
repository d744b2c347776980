package dev.tarn.acceptance.commits;

import io.delta.storage.commit.CommitCoordinatorClient;
import java.nio.file.Files;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.delta.catalog.DeltaCatalog;
import org.apache.spark.sql.delta.catalog.UCDeltaCatalogClientImpl;
import org.apache.spark.sql.delta.coordinatedcommits.CatalogOwnedCommitCoordinatorBuilder;
import org.apache.spark.sql.delta.coordinatedcommits.CatalogOwnedCommitCoordinatorProvider$;
import org.apache.spark.sql.delta.coordinatedcommits.UCCommitCoordinatorBuilder$;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Function1;
import scala.runtime.AbstractFunction1;

/**
 * A Spark of somebody else's with Delta, told a host and a token. Tables are loaded by Delta's own
 * client of Unity Catalog, and commits go through Delta's own coordinator for it, set up as its
 * settings have it. Only the plugin that hands names to them stands in for one whose library is not
 * to be had. Runs the statements of its arguments and prints the rows of each.
 */
public final class SparkWriter implements CatalogOwnedCommitCoordinatorBuilder {
  private static final String UNITY = "unity";

  @Override
  public String getName() {
    return "unity-catalog";
  }

  @Override
  public CommitCoordinatorClient build(
      SparkSession spark, scala.collection.immutable.Map<String, String> settings) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CommitCoordinatorClient buildForCatalog(SparkSession spark, String catalog) {
    return UCCommitCoordinatorBuilder$.MODULE$.buildForCatalog(spark, UNITY);
  }

  public static void main(String[] args) throws Exception {
    String unity = "spark.sql.catalog." + UNITY;
    String own = "spark.sql.catalog.main";
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.databricks.delta.snapshotPartitions", "1")
            .config(
                "spark.sql.warehouse.dir",
                Files.createTempDirectory("warehouse").toUri().toString())
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config(unity, "io.unitycatalog.spark.UCSingleCatalog")
            .config(unity + ".uri", System.getenv("HOST_UNDER_TEST"))
            .config(unity + ".token", System.getenv("TOKEN_OF_TEST"))
            .config(own, Named.class.getName())
            .config(own + ".uri", System.getenv("HOST_UNDER_TEST"))
            .config(own + ".token", System.getenv("TOKEN_OF_TEST"))
            .getOrCreate();
    CatalogOwnedCommitCoordinatorProvider$.MODULE$.registerBuilder("main", new SparkWriter());
    for (String statement : args) {
      try {
        spark.sql(statement).collectAsList().forEach(row -> System.out.println("row\t" + row));
        System.out.println("done\t" + statement);
      } catch (Exception e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
          System.out.println(
              "failed\t"
                  + at.getClass().getSimpleName()
                  + "\t"
                  + String.valueOf(at.getMessage()).replaceAll("\\s+", " "));
        }
      }
    }
    spark.stop();
  }

  /** Delta's catalog over names that {@link Names} looks up. */
  public static final class Named extends DeltaCatalog {
    @Override
    public void initialize(String name, CaseInsensitiveStringMap options) {
      setDelegateCatalog(new Names(name, options));
      super.initialize(name, options);
    }
  }

  /** Tables as Delta's client of Unity Catalog loads them. */
  private static final class Names implements TableCatalog {
    private final String name;
    private final UCDeltaCatalogClientImpl client;

    Names(String name, CaseInsensitiveStringMap options) {
      this.name = name;
      Function1<Identifier, Table> none =
          new AbstractFunction1<>() {
            @Override
            public Table apply(Identifier ident) {
              throw new UnsupportedOperationException(ident + " is not a Delta table.");
            }
          };
      this.client = UCDeltaCatalogClientImpl.fromCatalogOptions(name, options, none);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void initialize(String name, CaseInsensitiveStringMap options) {}

    @Override
    public Table loadTable(Identifier ident) {
      return client.loadTable(ident);
    }

    @Override
    public Identifier[] listTables(String[] namespace) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Table alterTable(Identifier ident, TableChange... changes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean dropTable(Identifier ident) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void renameTable(Identifier from, Identifier to) {
      throw new UnsupportedOperationException();
    }
  }
}
