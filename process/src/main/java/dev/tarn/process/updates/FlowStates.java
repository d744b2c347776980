package dev.tarn.process.updates;

import dev.tarn.kernel.json.Json;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Keeps what flows have seen, and which tables were about to be emptied. */
public final class FlowStates {
  private final Jdbi jdbi;

  public FlowStates(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  List<FlowState> of(String pipelineId) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT state FROM pipeline_flows WHERE pipeline_id = :p ORDER BY flow")
                .bind("p", pipelineId)
                .map((row, context) -> Json.read(row.getString("state"), FlowState.class))
                .list());
  }

  void put(String pipelineId, FlowState state) {
    jdbi.useTransaction(
        h -> {
          h.createUpdate("DELETE FROM pipeline_flows WHERE pipeline_id = :p AND flow = :f")
              .bind("p", pipelineId)
              .bind("f", state.flow())
              .execute();
          h.createUpdate(
                  "INSERT INTO pipeline_flows (pipeline_id, flow, state) VALUES (:p, :f, :s)")
              .bind("p", pipelineId)
              .bind("f", state.flow())
              .bind("s", Json.string(state))
              .execute();
        });
  }

  void forget(String pipelineId, String flow) {
    jdbi.useHandle(
        h ->
            h.createUpdate("DELETE FROM pipeline_flows WHERE pipeline_id = :p AND flow = :f")
                .bind("p", pipelineId)
                .bind("f", flow)
                .execute());
  }

  /** Forgets everything about a pipeline. */
  public void forgetAll(String pipelineId) {
    jdbi.useTransaction(
        h -> {
          h.createUpdate("DELETE FROM pipeline_flows WHERE pipeline_id = :p")
              .bind("p", pipelineId)
              .execute();
          h.createUpdate("DELETE FROM pipeline_resets WHERE pipeline_id = :p")
              .bind("p", pipelineId)
              .execute();
          h.createUpdate("DELETE FROM pipeline_tables WHERE pipeline_id = :p")
              .bind("p", pipelineId)
              .execute();
        });
  }

  /** The pipeline that writes a table, if one does. */
  Optional<String> writer(String table) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT pipeline_id FROM pipeline_tables WHERE dataset = :t")
                .bind("t", table)
                .mapTo(String.class)
                .findOne());
  }

  void setWriter(String table, String pipelineId) {
    jdbi.useTransaction(
        h -> {
          h.createUpdate("DELETE FROM pipeline_tables WHERE dataset = :t")
              .bind("t", table)
              .execute();
          h.createUpdate("INSERT INTO pipeline_tables (dataset, pipeline_id) VALUES (:t, :p)")
              .bind("t", table)
              .bind("p", pipelineId)
              .execute();
        });
  }

  /** A reset takes several steps; the mark makes a later update finish one that was cut off. */
  void markReset(String pipelineId, String table) {
    jdbi.useTransaction(
        h -> {
          h.createUpdate("DELETE FROM pipeline_resets WHERE pipeline_id = :p AND dataset = :t")
              .bind("p", pipelineId)
              .bind("t", table)
              .execute();
          h.createUpdate("INSERT INTO pipeline_resets (pipeline_id, dataset) VALUES (:p, :t)")
              .bind("p", pipelineId)
              .bind("t", table)
              .execute();
        });
  }

  void clearReset(String pipelineId, String table) {
    jdbi.useHandle(
        h ->
            h.createUpdate("DELETE FROM pipeline_resets WHERE pipeline_id = :p AND dataset = :t")
                .bind("p", pipelineId)
                .bind("t", table)
                .execute());
  }

  boolean isReset(String pipelineId, String table) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                        "SELECT count(*) FROM pipeline_resets WHERE pipeline_id = :p AND dataset ="
                            + " :t")
                    .bind("p", pipelineId)
                    .bind("t", table)
                    .mapTo(Integer.class)
                    .one()
                > 0);
  }
}
