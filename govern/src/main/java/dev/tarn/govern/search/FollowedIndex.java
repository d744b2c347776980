package dev.tarn.govern.search;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.Touched;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An index that follows the catalog. What changes say that they are about is read again before the
 * next search; after one that does not say, all is, meanwhile and into a new index.
 */
final class FollowedIndex {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedIndex.class);
  private static final int MOST_TOUCHED = 1_000;
  private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

  /**
   * @param epoch up to which the index has followed
   */
  record Built(SearchIndex index, long epoch) {}

  private final Jdbi jdbi;
  private final Grants grants;
  private final SearchStore store;
  private Built built;
  private boolean building;
  private long finished;

  FollowedIndex(Jdbi jdbi, Grants grants, SearchStore store) {
    this.jdbi = jdbi;
    this.grants = grants;
    this.store = store;
  }

  /**
   * The index, as far as it could follow. The first time it is built meanwhile.
   *
   * @param now the epoch as it stands
   */
  synchronized Built at(long now) {
    if (built == null) {
      built = build();
      finished = System.nanoTime();
    } else if (built.epoch() < now) {
      follow(now);
    }
    return built;
  }

  private void follow(long now) {
    Optional<Set<Touched>> touched =
        grants.touchedSince(built.epoch()).filter(all -> all.size() <= MOST_TOUCHED);
    boolean all = touched.isEmpty() || touched.get().stream().anyMatch(FollowedIndex::isCatalog);
    if (all) {
      if (!building && System.nanoTime() - finished > PAUSE_NANOS) {
        building = true;
        Thread thread = new Thread(this::rebuild, "search-index");
        thread.setDaemon(true);
        thread.start();
      }
      return;
    }
    SearchIndex index = built.index();
    jdbi.useHandle(handle -> touched.get().forEach(each -> update(handle, index, each)));
    index.refresh();
    built = new Built(index, now);
  }

  private static boolean isCatalog(Touched touched) {
    return touched.within() && touched.name().indexOf('.') < 0;
  }

  private void update(Handle handle, SearchIndex index, Touched touched) {
    String[] parts = touched.name().split("\\.", -1);
    if (parts.length == 3) {
      EntityName name = EntityName.parse(touched.name());
      index.remove(
          List.of(Securable.table(name), Securable.volume(name), Securable.function(name)));
      store.named(handle, name).forEach(index::put);
    } else if (parts.length == 2 && touched.within()) {
      SchemaName name = new SchemaName(parts[0], parts[1]);
      index.remove(List.of(Securable.schema(name)));
      index.removeScopes(
          List.of(
              SearchIndex.scope(SecurableType.TABLE, name.fullName()),
              SearchIndex.scope(SecurableType.VOLUME, name.fullName()),
              SearchIndex.scope(SecurableType.FUNCTION, name.fullName())));
      store.schemas(handle).stream()
          .filter(each -> each.securable().equals(Securable.schema(name)))
          .forEach(index::put);
      store.within(handle, name).forEach(index::put);
    }
    // Only grants are about a container and nothing inside it: nothing of it is searched.
  }

  private void rebuild() {
    Built next = null;
    try {
      next = build();
    } catch (RuntimeException e) {
      LOG.warn("The index for searching could not be built anew; the next search tries again.", e);
    }
    synchronized (this) {
      if (next != null) {
        built = next;
      }
      finished = System.nanoTime();
      building = false;
    }
  }

  private Built build() {
    long epoch = grants.epoch();
    SearchIndex index = new SearchIndex();
    jdbi.useHandle(
        handle -> {
          store.catalogs(handle).forEach(index::put);
          store.schemas(handle).forEach(index::put);
          for (SchemaName schema : store.schemaNames(handle)) {
            store.within(handle, schema).forEach(index::put);
          }
        });
    index.refresh();
    return new Built(index, epoch);
  }
}
