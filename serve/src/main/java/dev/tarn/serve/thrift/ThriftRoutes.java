package dev.tarn.serve.thrift;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.serve.address.PublicAddress;
import dev.tarn.serve.history.QueryClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Thrift over HTTP: each call is a request of its own. */
public final class ThriftRoutes implements Capability {
  private static final String CONTENT_TYPE = "application/x-thrift";
  private static final int MOST_BYTES = 32 << 20;

  private final Thrift thrift;
  private final PublicAddress address;

  public ThriftRoutes(Thrift thrift, PublicAddress address) {
    this.thrift = thrift;
    this.address = address;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/sql/1.0/warehouses/{warehouse_id}", Access.AUTHENTICATED, this::call),
        Route.post("/sql/1.0/endpoints/{warehouse_id}", Access.AUTHENTICATED, this::call));
  }

  private Response call(Request request) throws IOException {
    byte[] body = request.body().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      throw new TarnException(
          ErrorCode.MALFORMED_REQUEST,
          "The call has more than " + MOST_BYTES + " bytes. Send less at once.");
    }
    Thrift.Answer answer =
        thrift.answer(
            new Call(
                request.principal(),
                request.path("warehouse_id"),
                address.of(request),
                new QueryClient(request.header("user-agent").orElse("")),
                request.notes()),
            body);
    return Response.stream(CONTENT_TYPE, Map.of(), answer::writeTo);
  }
}
