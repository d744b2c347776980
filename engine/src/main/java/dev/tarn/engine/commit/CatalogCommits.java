package dev.tarn.engine.commit;

import dev.tarn.engine.session.SessionRegistry;
import io.delta.storage.commit.CommitCoordinatorClient;
import io.delta.storage.commit.uccommitcoordinator.UCCommitCoordinatorClient;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.coordinatedcommits.CatalogOwnedCommitCoordinatorBuilder;
import org.apache.spark.sql.delta.coordinatedcommits.CatalogOwnedCommitCoordinatorProvider$;

/**
 * Tells Delta in Spark who ratifies the commits of the tables in Tarn's catalogs, so that Spark
 * reads and writes them as writers outside do.
 */
public final class CatalogCommits implements CatalogOwnedCommitCoordinatorBuilder {
  /** Delta takes two clients for the same one if they have the same settings. */
  private static final Map<String, String> SETTINGS = Map.of();

  /**
   * Registers it for a catalog. Delta keeps that for the whole process, so what is registered holds
   * nothing of a server: it asks the session.
   */
  public static void register(String catalog) {
    CatalogOwnedCommitCoordinatorProvider$ provider =
        CatalogOwnedCommitCoordinatorProvider$.MODULE$;
    synchronized (provider) {
      if (provider.getBuilder(catalog).isEmpty()) {
        provider.registerBuilder(catalog, new CatalogCommits());
      }
    }
  }

  @Override
  public String getName() {
    return "tarn";
  }

  @Override
  public CommitCoordinatorClient build(
      SparkSession spark, scala.collection.immutable.Map<String, String> settings) {
    return new UCCommitCoordinatorClient(
        SETTINGS, new InnerClient(SessionRegistry.ofEvenClosed(spark).facades().commits()));
  }

  @Override
  public CommitCoordinatorClient buildForCatalog(SparkSession spark, String catalog) {
    return build(spark, null);
  }
}
