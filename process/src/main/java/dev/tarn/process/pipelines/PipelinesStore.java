package dev.tarn.process.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.json.Json;
import dev.tarn.process.updates.UpdateState;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;

/** Pipelines, their updates and their event logs in the metadata database. */
final class PipelinesStore {
  private static final int EVENTS_KEPT = 10_000;

  private static final RowMapper<Pipeline> PIPELINE =
      (row, context) ->
          new Pipeline(
              row.getString("id"),
              Json.read(row.getString("spec"), PipelineSpec.class),
              row.getString("creator"),
              row.getLong("created_at"));

  private static final RowMapper<UpdateInfo> UPDATE =
      (row, context) ->
          new UpdateInfo(
              row.getString("pipeline_id"),
              row.getString("id"),
              UpdateState.valueOf(row.getString("state")),
              "API_CALL",
              row.getInt("full_refresh") == 1,
              row.getInt("validate_only") == 1,
              row.getLong("created_at"));

  /** An event with its place in the log. */
  record Logged(long sequence, JsonNode event) {}

  private final Jdbi jdbi;

  PipelinesStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  void insert(Pipeline p) {
    jdbi.useHandle(
        h ->
            h.createUpdate(
                    "INSERT INTO pipelines (id, name, spec, creator, created_at)"
                        + " VALUES (:id, :name, :spec, :creator, :at)")
                .bind("id", p.id())
                .bind("name", p.spec().name())
                .bind("spec", Json.string(p.spec()))
                .bind("creator", p.creator())
                .bind("at", p.createdAt())
                .execute());
  }

  void update(String id, PipelineSpec spec) {
    jdbi.useHandle(
        h ->
            h.createUpdate("UPDATE pipelines SET name = :name, spec = :spec WHERE id = :id")
                .bind("id", id)
                .bind("name", spec.name())
                .bind("spec", Json.string(spec))
                .execute());
  }

  Optional<Pipeline> find(String id) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT * FROM pipelines WHERE id = :id")
                .bind("id", id)
                .map(PIPELINE)
                .findOne());
  }

  List<Pipeline> list() {
    return jdbi.withHandle(
        h -> h.createQuery("SELECT * FROM pipelines ORDER BY created_at, id").map(PIPELINE).list());
  }

  void delete(String id) {
    jdbi.useTransaction(
        h -> {
          for (String table : List.of("pipeline_events", "pipeline_updates")) {
            h.createUpdate("DELETE FROM " + table + " WHERE pipeline_id = :id")
                .bind("id", id)
                .execute();
          }
          h.createUpdate("DELETE FROM pipelines WHERE id = :id").bind("id", id).execute();
        });
  }

  void insert(UpdateInfo u) {
    jdbi.useHandle(
        h ->
            h.createUpdate(
                    "INSERT INTO pipeline_updates"
                        + " (id, pipeline_id, state, full_refresh, validate_only, created_at)"
                        + " VALUES (:id, :p, :state, :full, :validate, :at)")
                .bind("id", u.updateId())
                .bind("p", u.pipelineId())
                .bind("state", u.state().name())
                .bind("full", u.fullRefresh() ? 1 : 0)
                .bind("validate", u.validateOnly() ? 1 : 0)
                .bind("at", u.creationTime())
                .execute());
  }

  void state(String updateId, UpdateState state) {
    jdbi.useHandle(
        h ->
            h.createUpdate("UPDATE pipeline_updates SET state = :state WHERE id = :id")
                .bind("id", updateId)
                .bind("state", state.name())
                .execute());
  }

  Optional<UpdateInfo> update(String pipelineId, String updateId) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT * FROM pipeline_updates WHERE pipeline_id = :p AND id = :id")
                .bind("p", pipelineId)
                .bind("id", updateId)
                .map(UPDATE)
                .findOne());
  }

  /** Latest first. */
  List<UpdateInfo> updates(String pipelineId, int limit) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT * FROM pipeline_updates WHERE pipeline_id = :p"
                        + " ORDER BY created_at DESC, id LIMIT :limit")
                .bind("p", pipelineId)
                .bind("limit", limit)
                .map(UPDATE)
                .list());
  }

  /** Updates that no process runs any more, after a crash. */
  List<UpdateInfo> unfinished() {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT * FROM pipeline_updates"
                        + " WHERE state NOT IN ('COMPLETED', 'FAILED', 'CANCELED')")
                .map(UPDATE)
                .list());
  }

  void append(String pipelineId, String updateId, PipelineEvent event) {
    jdbi.useTransaction(
        h -> {
          long next =
              h.createQuery(
                      "SELECT coalesce(max(sequence), 0) + 1 FROM pipeline_events"
                          + " WHERE pipeline_id = :p")
                  .bind("p", pipelineId)
                  .mapTo(Long.class)
                  .one();
          h.createUpdate(
                  "INSERT INTO pipeline_events (pipeline_id, sequence, update_id, level, event)"
                      + " VALUES (:p, :s, :u, :level, :event)")
              .bind("p", pipelineId)
              .bind("s", next)
              .bind("u", updateId)
              .bind("level", event.level())
              .bind("event", Json.string(event))
              .execute();
          h.createUpdate("DELETE FROM pipeline_events WHERE pipeline_id = :p AND sequence <= :s")
              .bind("p", pipelineId)
              .bind("s", next - EVENTS_KEPT)
              .execute();
        });
  }

  List<Logged> events(
      String pipelineId,
      Optional<String> updateId,
      Optional<String> level,
      boolean ascending,
      long after,
      int limit) {
    String order = ascending ? "ASC" : "DESC";
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT sequence, event FROM pipeline_events WHERE pipeline_id = :p"
                        + (ascending ? " AND sequence > :after" : " AND sequence < :after")
                        + (updateId.isPresent() ? " AND update_id = :u" : "")
                        + (level.isPresent() ? " AND level = :level" : "")
                        + " ORDER BY sequence "
                        + order
                        + " LIMIT :limit")
                .bind("p", pipelineId)
                .bind("after", after)
                .bindMap(java.util.Map.of("u", updateId.orElse(""), "level", level.orElse("")))
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new Logged(row.getLong("sequence"), Json.tree(row.getString("event"))))
                .list());
  }
}
