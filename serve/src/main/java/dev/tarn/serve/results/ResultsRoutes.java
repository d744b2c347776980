package dev.tarn.serve.results;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** Serves chunks to whoever holds a valid link. One byte range per request is honoured. */
public final class ResultsRoutes implements Capability {
  private final Results results;
  private final ResultLinks links;

  public ResultsRoutes(Results results, ResultLinks links) {
    this.results = results;
    this.links = links;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(ResultLinks.PATH + "{statement_id}/{chunk}", Access.PUBLIC, this::download));
  }

  private Response download(Request request) throws IOException {
    String statementId = request.path("statement_id");
    int chunk = chunkIndex(request.path("chunk"));
    links.verify(
        statementId,
        chunk,
        request.query("expires").orElse(""),
        request.query("signature").orElse(""));
    ChunkBytes file = results.chunk(statementId, chunk);
    long size = file.size();
    String range = request.header("range").orElse("");
    if (!range.startsWith("bytes=") || range.indexOf(',') >= 0) {
      return body(200, file, 0, size, Map.of("accept-ranges", "bytes"));
    }
    return ranged(file, size, range.substring("bytes=".length()).trim());
  }

  private static Response ranged(ChunkBytes file, long size, String range) {
    long first;
    long last;
    try {
      int dash = range.indexOf('-');
      String from = range.substring(0, dash);
      String to = range.substring(dash + 1);
      first = from.isEmpty() ? Math.max(0, size - Long.parseLong(to)) : Long.parseLong(from);
      last = from.isEmpty() || to.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(to));
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      return body(200, file, 0, size, Map.of("accept-ranges", "bytes"));
    }
    if (first > last) {
      return new Response(
          416, "application/json", Map.of("content-range", "bytes */" + size), out -> {});
    }
    return body(
        206,
        file,
        first,
        last - first + 1,
        Map.of(
            "accept-ranges", "bytes", "content-range", "bytes " + first + '-' + last + '/' + size));
  }

  private static Response body(
      int status, ChunkBytes file, long from, long length, Map<String, String> headers) {
    return new Response(
        status,
        "application/octet-stream",
        headers,
        out -> {
          try (InputStream in = file.from(from)) {
            copy(in, out, length);
          }
        });
  }

  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long left = length;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new IOException("The result's file is shorter than it was");
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }

  private static int chunkIndex(String text) {
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new TarnException(
          ErrorCode.INVALID_PARAMETER_VALUE, "'" + text + "' is not the number of a chunk.");
    }
  }
}
