package dev.tarn.platform.workspace;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Workspace files over HTTP.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/workspace">Databricks REST: workspace</a>
 */
public final class WorkspaceRoutes implements Capability {
  private final WorkspaceFiles files;

  public WorkspaceRoutes(WorkspaceFiles files) {
    this.files = files;
  }

  record ImportRequest(
      String path, String format, String language, String content, Boolean overwrite) {}

  record PathRequest(String path, Boolean recursive) {}

  record ObjectStatus(
      String objectType, String path, long modifiedAt, long size, String resourceId) {
    static ObjectStatus of(WorkspaceObject object) {
      return new ObjectStatus(
          object.objectType(), object.path(), object.modifiedAt(), object.size(), object.path());
    }
  }

  record ListResponse(List<ObjectStatus> objects) {}

  record ExportResponse(String content, String fileType) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/api/2.0/workspace/import", Access.AUTHENTICATED, this::importFile),
        Route.get("/api/2.0/workspace/export", Access.AUTHENTICATED, this::export),
        Route.get("/api/2.0/workspace/list", Access.AUTHENTICATED, this::list),
        Route.get("/api/2.0/workspace/get-status", Access.AUTHENTICATED, this::status),
        Route.post("/api/2.0/workspace/mkdirs", Access.AUTHENTICATED, this::mkdirs),
        Route.post("/api/2.0/workspace/delete", Access.AUTHENTICATED, this::delete));
  }

  private Response importFile(Request request) {
    ImportRequest body = request.json(ImportRequest.class);
    String format = body.format() == null ? "AUTO" : body.format().toUpperCase(Locale.ROOT);
    if (!format.equals("AUTO") && !format.equals("RAW")) {
      throw TarnException.invalid(
          "Format '" + body.format() + "' is not supported for import. Use AUTO or RAW.");
    }
    byte[] content;
    try {
      content =
          Base64.getMimeDecoder()
              .decode(
                  (body.content() == null ? "" : body.content())
                      .getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw TarnException.invalid("Field 'content' must be base64.");
    }
    files.put(request.principal(), body.path(), content, Boolean.TRUE.equals(body.overwrite()));
    return Response.json(Map.of());
  }

  private Response export(Request request) {
    String path = path(request);
    byte[] content = files.read(request.principal(), path);
    if (request.query("direct_download").map(Boolean::parseBoolean).orElse(false)) {
      return Response.bytes(200, "application/octet-stream", content);
    }
    int dot = path.lastIndexOf('.');
    return Response.json(
        new ExportResponse(
            Base64.getEncoder().encodeToString(content),
            dot > path.lastIndexOf('/') ? path.substring(dot + 1) : ""));
  }

  private Response list(Request request) {
    return Response.json(
        new ListResponse(
            files
                .list(
                    request.principal(),
                    path(request),
                    request.query("recursive").map(Boolean::parseBoolean).orElse(false))
                .stream()
                .map(ObjectStatus::of)
                .toList()));
  }

  private Response status(Request request) {
    return Response.json(ObjectStatus.of(files.status(request.principal(), path(request))));
  }

  private Response mkdirs(Request request) {
    files.mkdirs(request.principal(), request.json(PathRequest.class).path());
    return Response.json(Map.of());
  }

  private Response delete(Request request) {
    PathRequest body = request.json(PathRequest.class);
    files.delete(request.principal(), body.path(), Boolean.TRUE.equals(body.recursive()));
    return Response.json(Map.of());
  }

  private static String path(Request request) {
    return request
        .query("path")
        .orElseThrow(() -> TarnException.invalid("Query parameter 'path' is missing."));
  }
}
