package dev.tarn.store.temporary;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.commits.Commits;
import dev.tarn.govern.commits.DeltaApi;
import dev.tarn.govern.commits.StagingTable;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.Map;

/** Temporary credentials as Unity Catalog's Delta API asks for them: by a table's name. */
public final class DeltaCredentialsRoutes implements Capability {
  private final TemporaryCredentials credentials;
  private final Commits commits;
  private final Tables tables;

  public DeltaCredentialsRoutes(TemporaryCredentials credentials, Commits commits, Tables tables) {
    this.credentials = credentials;
    this.commits = commits;
    this.tables = tables;
  }

  @JsonNaming(KebabCaseStrategy.class)
  record Credential(
      String prefix, String operation, Map<String, String> config, long expirationTimeMs) {}

  @JsonNaming(KebabCaseStrategy.class)
  record Credentials(List<Credential> storageCredentials) {}

  @Override
  public List<Route> routes() {
    return List.of(
        DeltaApi.route(Method.GET, DeltaApi.TABLE_CREDENTIALS, this::table),
        DeltaApi.route(Method.GET, DeltaApi.STAGING_CREDENTIALS, this::staging));
  }

  private Response table(Request request) {
    String operation = request.query("operation").orElse("");
    if (!operation.equals("READ") && !operation.equals("READ_WRITE")) {
      throw TarnException.invalid("Parameter 'operation' is READ or READ_WRITE.");
    }
    EntityName name =
        new EntityName(request.path("catalog"), request.path("schema"), request.path("table"));
    String id = tables.get(request.principal(), name).tableId();
    boolean write = operation.equals("READ_WRITE");
    return answer(credentials.ofTable(request.principal(), id, write), write);
  }

  private Response staging(Request request) {
    StagingTable staged = commits.staged(request.principal(), request.path("table_id"));
    return staged.location().startsWith("file:")
        ? Response.json(new Credentials(List.of()))
        : answer(credentials.ofTable(request.principal(), staged.tableId(), true), true);
  }

  /** Files on this machine need none. */
  private static Response answer(TemporaryCredential made, boolean write) {
    return Response.json(
        new Credentials(
            made.sas().stream()
                .map(
                    sas ->
                        new Credential(
                            made.url() + "/",
                            write ? "READ_WRITE" : "READ",
                            Map.of("azure.sas-token", sas),
                            made.until().toEpochMilli()))
                .toList()));
  }
}
