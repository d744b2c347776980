package dev.tarn.store.volumes;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files in volumes over HTTP.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/files">Databricks REST: files</a>
 */
public final class FilesRoutes implements Capability {
  private static final String BYTES = "application/octet-stream";
  private static final int PAGE = 1_000;

  private final VolumeFiles files;

  public FilesRoutes(VolumeFiles files) {
    this.files = files;
  }

  record ListResponse(List<VolumeEntry> contents, Optional<String> nextPageToken) {}

  @Override
  public List<Route> routes() {
    String file = "/api/2.0/fs/files/{path...}";
    String directory = "/api/2.0/fs/directories/{path...}";
    return List.of(
        Route.get(file, Access.AUTHENTICATED, this::download),
        new Route(Method.HEAD, file, Access.AUTHENTICATED, this::head),
        Route.put(file, Access.AUTHENTICATED, this::upload),
        Route.delete(file, Access.AUTHENTICATED, this::delete),
        Route.get(directory, Access.AUTHENTICATED, this::list),
        new Route(Method.HEAD, directory, Access.AUTHENTICATED, this::headDirectory),
        Route.put(directory, Access.AUTHENTICATED, this::createDirectory),
        Route.delete(directory, Access.AUTHENTICATED, this::deleteDirectory));
  }

  private static String path(Request request) {
    String path = request.path("path");
    return path.startsWith("/") ? path : "/" + path;
  }

  private Response download(Request request) throws IOException {
    VolumeStorage.Content file = files.open(request.principal(), path(request));
    ByteRange range;
    try {
      range = ByteRange.of(request.header("range"), file.size());
    } catch (TarnException e) {
      file.close();
      return new Response(
          416,
          "application/json",
          Map.of("content-range", "bytes */" + file.size()),
          Response.json(Map.of("error_code", e.code().name(), "message", e.getMessage())).body());
    }
    Map<String, String> headers = headers(range.length(), file.modified());
    if (range.partial()) {
      headers.put(
          "content-range", "bytes " + range.first() + "-" + range.last() + "/" + file.size());
    }
    return new Response(
        range.partial() ? 206 : 200,
        BYTES,
        headers,
        out -> {
          try (file) {
            file.copy(range.first(), range.length(), out);
          }
        });
  }

  private static Map<String, String> headers(long length, long lastModified) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-length", Long.toString(length));
    headers.put("accept-ranges", "bytes");
    headers.put(
        "last-modified",
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.ofEpochMilli(lastModified).atOffset(ZoneOffset.UTC)));
    return headers;
  }

  private Response head(Request request) {
    VolumeEntry file = files.status(request.principal(), path(request), false);
    return new Response(200, BYTES, headers(file.fileSize(), file.lastModified()), out -> {});
  }

  private Response upload(Request request) {
    files.put(
        request.principal(),
        path(request),
        request.body(),
        request.query("overwrite").map(Boolean::parseBoolean).orElse(false));
    return Response.noContent();
  }

  private Response delete(Request request) {
    files.delete(request.principal(), path(request));
    return Response.noContent();
  }

  private Response list(Request request) {
    List<VolumeEntry> all = files.list(request.principal(), path(request));
    int asked = number(request, "page_size");
    int size = asked <= 0 ? PAGE : Math.min(asked, PAGE);
    int from = Math.min(Math.max(0, number(request, "page_token")), all.size());
    int to = Math.min(from + size, all.size());
    return Response.json(
        new ListResponse(
            all.subList(from, to),
            to < all.size() ? Optional.of(Integer.toString(to)) : Optional.empty()));
  }

  private static int number(Request request, String name) {
    try {
      return request.query(name).filter(t -> !t.isEmpty()).map(Integer::parseInt).orElse(0);
    } catch (NumberFormatException e) {
      throw TarnException.invalid("Query parameter '" + name + "' must be a whole number.");
    }
  }

  private Response headDirectory(Request request) {
    files.status(request.principal(), path(request), true);
    return new Response(200, BYTES, Map.of(), out -> {});
  }

  private Response createDirectory(Request request) {
    files.createDirectory(request.principal(), path(request));
    return Response.noContent();
  }

  private Response deleteDirectory(Request request) {
    files.deleteDirectory(request.principal(), path(request));
    return Response.noContent();
  }
}
