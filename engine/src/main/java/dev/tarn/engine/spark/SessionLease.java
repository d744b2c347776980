package dev.tarn.engine.spark;

import dev.tarn.engine.catalog.SystemCatalog;
import dev.tarn.engine.catalog.TarnCatalog;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.govern.catalog.CatalogInfo;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.store.objects.ObjectStores;
import org.apache.spark.sql.classic.SparkSession;

/**
 * A Spark session that acts for one principal until it is closed. Rooms that work with Spark's own
 * API, such as pipelines, hold one of these; everybody else uses {@link
 * dev.tarn.engine.sql.SqlSession}.
 */
public final class SessionLease implements AutoCloseable {
  /** Names are no secret to the engine: what may be used is decided where a name is resolved. */
  private static final Principal ENGINE = Principal.administrator("tarn-engine");

  private final SparkSession spark;
  private final SessionContext context;
  private final ObjectStores stores;
  private final String key;
  private long catalogsAt = -1;

  SessionLease(SparkSession spark, SessionContext context, ObjectStores stores) {
    this.spark = spark;
    this.context = context;
    this.stores = stores;
    this.key = SessionRegistry.register(context);
    spark.sessionState().conf().setConfString(SessionRegistry.SETTING, key);
    spark
        .sessionState()
        .conf()
        .setConfString("spark.sql.catalog." + SystemCatalog.NAME, SystemCatalog.class.getName());
    refreshCatalogs();
  }

  public SparkSession spark() {
    return spark;
  }

  public SessionContext context() {
    return context;
  }

  /** Makes catalogs known that were created since, and credentials of external locations. */
  public synchronized void refreshCatalogs() {
    long epoch = context.grants().epoch();
    if (epoch == catalogsAt) {
      return;
    }
    stores.refresh();
    for (CatalogInfo catalog : context.catalogs().list(ENGINE)) {
      String setting = "spark.sql.catalog." + catalog.name();
      if (!spark.sessionState().conf().contains(setting)) {
        spark.sessionState().conf().setConfString(setting, TarnCatalog.class.getName());
      }
    }
    catalogsAt = epoch;
  }

  @Override
  public void close() {
    SessionRegistry.unregister(key);
  }
}
