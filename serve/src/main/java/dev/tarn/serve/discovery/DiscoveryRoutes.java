package dev.tarn.serve.discovery;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.json.Json;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * What drivers ask before and beside their statements: which of their features to turn on, and
 * where to send telemetry, which is thrown away.
 */
public final class DiscoveryRoutes implements Capability {
  private static final int FLAGS_TTL_SECONDS = 900;
  private static final long MAX_TELEMETRY_BYTES = 4 << 20;

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(
            "/api/2.0/connector-service/feature-flags/{client}/{version}",
            Access.AUTHENTICATED,
            this::flags),
        Route.post("/telemetry-ext", Access.AUTHENTICATED, this::telemetry),
        Route.post("/telemetry-unauth", Access.PUBLIC, this::telemetry));
  }

  /** No flags: every driver's own defaults work here. */
  private Response flags(Request request) {
    return Response.json(Map.of("flags", List.of(), "ttl_seconds", FLAGS_TTL_SECONDS));
  }

  /** Counts events, as drivers want them acknowledged, without keeping a byte of them. */
  private Response telemetry(Request request) throws IOException {
    return Response.json(Map.of("errors", List.of(), "numProtoSuccess", events(request)));
  }

  private static int events(Request request) throws IOException {
    int events = 0;
    InputStream body = new BoundedBody(request.body(), MAX_TELEMETRY_BYTES);
    try (JsonParser json = Json.mapper().getFactory().createParser(body)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.START_ARRAY
            && "protoLogs".equals(json.currentName())) {
          for (JsonToken t = json.nextToken(); t != JsonToken.END_ARRAY; t = json.nextToken()) {
            if (t == null) {
              return events;
            }
            json.skipChildren();
            events++;
          }
        }
      }
    } catch (JsonProcessingException e) {
      return events; // Whatever it is, it is thrown away.
    }
    return events;
  }

  /** Ends early instead of reading without end. */
  private static final class BoundedBody extends FilterInputStream {
    private long left;

    BoundedBody(InputStream in, long limit) {
      super(in);
      this.left = limit;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left <= 0) {
        return -1;
      }
      int read = super.read(buffer, offset, (int) Math.min(length, left));
      left -= Math.max(0, read);
      return read;
    }
  }
}
