package dev.tarn.govern.lineage;

import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.lineage.LineageStore.Edge;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/**
 * Brings into the metadata which table comes from which. What is written again and again, such as
 * by a pipeline each minute, is brought there once an hour.
 */
final class LineageEdges {
  private static final int MOST_KNOWN = 20_000;
  private static final long AGAIN_MILLIS = 3_600_000;

  private final Jdbi jdbi;
  private final Grants grants;
  private final Tables tables;
  private final LineageStore store = new LineageStore();
  private final Map<String, Long> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_KNOWN;
        }
      };
  private long epoch = -1;

  LineageEdges(MetadataDatabase database, Grants grants, Tables tables) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.tables = tables;
  }

  /** What an event says that was not brought there lately; {@link #put} is next. */
  List<Edge> fresh(LineageEvent event) {
    if (grants.epoch() != epoch) {
      // Tables may have been dropped or renamed, and what was known of them with them.
      epoch = grants.epoch();
      known.clear();
    }
    List<Edge> fresh = new ArrayList<>();
    if (event.flow().writes() && exists(event.flow().target().get())) {
      for (Edge edge : edges(event)) {
        Long last = known.put(edge.key(), edge.updatedAt());
        if (last == null || edge.updatedAt() - last > AGAIN_MILLIS) {
          fresh.add(edge);
        } else {
          known.put(edge.key(), last);
        }
      }
    }
    return fresh;
  }

  void put(List<Edge> fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    boolean there = false;
    try {
      jdbi.useTransaction(handle -> fresh.forEach(edge -> store.put(handle, edge)));
      there = true;
    } finally {
      if (!there) {
        known.clear();
      }
    }
  }

  private boolean exists(EntityName table) {
    return tables.find(table).isPresent();
  }

  private List<Edge> edges(LineageEvent event) {
    EntityName target = event.flow().target().get();
    List<Edge> edges = new ArrayList<>();
    for (Flow.Source source : event.flow().sources()) {
      if (source.table() == null || exists(source.table())) {
        edges.add(Edge.of(event, target, "", source.table(), "", source.path()));
      }
    }
    for (Flow.Edge column : event.flow().columns()) {
      if (exists(column.source().table())) {
        edges.add(
            Edge.of(
                event,
                target,
                column.target(),
                column.source().table(),
                column.source().name(),
                null));
      }
    }
    return edges;
  }
}
